import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** Who the API server takes us for: the account of infra/kubernetes, and somebody who may do everything. */
const users = {
  amiable: 'system:serviceaccount:amiable:amiable',
  admin: 'admin',
} as const;

export type RealApiServer = Awaited<ReturnType<typeof startApiServer>>;

/**
 * A kube-apiserver with its etcd, from a folder that holds both (`KUBEBUILDER_ASSETS`, as `setup-envtest` fills it).
 * No controllers run: what is written stays as it is. @throws Error when it is not ready within a minute.
 */
export async function startApiServer(assets: string) {
  const folder = mkdtempSync(join(tmpdir(), 'api-server-'));
  const certificates = join(folder, 'certificates');
  mkdirSync(certificates);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = join(folder, 'service-account.key');
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(
    tokens,
    `amiable-token,${users.amiable},1,"system:serviceaccounts,system:serviceaccounts:amiable"\nadmin-token,${users.admin},2,"system:masters"\n`,
    { mode: 0o600 },
  );
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const said: string[] = [];
  const start = (name: string, ...args: readonly string[]) => {
    const child = spawn(join(assets, name), args, { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (chunk) => said.push(String(chunk)));
    child.on('error', (error) => said.push(String(error)));
    return child;
  };
  const etcd = start(
    'etcd',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
    `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    '--unsafe-no-fsync',
  );
  const server = start(
    'kube-apiserver',
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--cert-dir=${certificates}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--authorization-mode=RBAC',
    `--token-auth-file=${tokens}`,
    `--service-account-issuer=https://127.0.0.1:${port}/`,
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--disable-admission-plugins=ServiceAccount',
  );
  const url = `https://127.0.0.1:${port}`;
  const stop = async () => {
    for (const child of [server, etcd]) await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ca = await certificateIn(certificates);
    const agent = new Agent({ connect: { ca } });
    const send = async (method: string, path: string, body?: unknown, as = 'admin-token') => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const answer = await request(`${url}${path}`, {
        method: method as 'GET',
        dispatcher: agent,
        headers: { authorization: `Bearer ${as}`, 'content-type': type },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text };
    };
    await ready(() => send('GET', '/readyz'), said);
    return {
      url,
      ca,
      token: 'amiable-token',
      /** As somebody who may do everything, unless said otherwise. @throws Error for an answer that is no 2xx. */
      async ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) {
        const answer = await send(method, path, body);
        if (answer.status >= 300)
          throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
        return answer.body as unknown;
      },
      /** As Amiable, whatever the answer. */
      asAmiable: (method: 'GET' | 'PATCH', path: string, body?: unknown) =>
        send(method, path, body, 'amiable-token'),
      async close() {
        await agent.destroy();
        await stop();
      },
    };
  } catch (cause) {
    await stop();
    throw new Error(`kube-apiserver did not start: ${said.join('').slice(-2_000)}`, { cause });
  }
}

/** It signs one for itself, together with who vouches for it. */
async function certificateIn(folder: string): Promise<string> {
  const path = join(folder, 'apiserver.crt');
  for (let turn = 0; turn < 300; turn += 1) {
    if (existsSync(path)) return readFileSync(path, 'utf8');
    await wait(200);
  }
  throw new Error('no certificate appeared');
}

async function ready(
  look: () => Promise<{ readonly status: number }>,
  said: readonly string[],
): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) {
    const status = await look().then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    await wait(200);
  }
  throw new Error(`not ready: ${said.join('').slice(-2_000)}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(hard);
}
