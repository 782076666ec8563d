import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach } from 'vitest';
import { Faults } from '../../../src/sandbox/faults.ts';
import type { RepositorySeed } from '../../../src/sandbox/github/seed-repository.ts';
import {
  type GitHubStandIn,
  type GitHubStandInOptions,
  startGitHubStandIn,
} from '../../../src/sandbox/github/start-github-stand-in.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const running: GitHubStandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()));
});

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT as an app makes it; `claims` spoils it. Times in seconds, of real time. */
export function jwt(claims: object = {}, key = privateKeyPem): string {
  const now = Math.floor(Date.now() / 1000);
  const body = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url({ iat: now - 30, exp: now + 570, iss: 4711, ...claims })}`;
  const signature = sign('RSA-SHA256', Buffer.from(body), createPrivateKey(key));
  return `${body}.${signature.toString('base64url')}`;
}

export type Asked = {
  readonly status: number;
  readonly headers: Headers;
  // Whatever JSON came: tests look into it.
  readonly body: Readonly<Record<string, unknown>>;
};

/** A stand-in and a bare HTTP client with an installation's token. */
export async function start({
  seed = {},
  options = {},
}: {
  readonly seed?: Partial<RepositorySeed>;
  readonly options?: Partial<GitHubStandInOptions>;
} = {}) {
  const clock = manualClock(Date.parse('2026-07-15T18:30:00Z'));
  const faults = new Faults('github');
  const standIn = await startGitHubStandIn({
    clock,
    faults,
    app: { id: 4711, privateKeyPem },
    ...options,
  });
  running.push(standIn);
  const repository = standIn.seedRepository({
    name: 'acme/gitops',
    files: { 'a.yaml': 'a: 1\n' },
    ...seed,
  });

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Asked> {
    const response = await fetch(`${standIn.url}${path}`, {
      method,
      headers: { 'user-agent': 'test', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  }
  const asApp = (method: string, path: string, body?: unknown) =>
    ask(method, path, body, { authorization: `Bearer ${jwt()}` });
  const { body: installation } = await asApp('GET', '/repos/acme/gitops/installation');
  const minted = await asApp(
    'POST',
    `/app/installations/${String(installation['id'])}/access_tokens`,
  );
  const authorization = `token ${String(minted.body['token'])}`;
  return {
    clock,
    faults,
    standIn,
    repository,
    installation,
    minted,
    ask,
    asApp,
    asBot: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      ask(method, path, body, { authorization, ...headers }),
    base: repository.headOf('main') ?? '',
  };
}
