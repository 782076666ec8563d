import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { atMost, type Benchmark } from './benchmark.ts';
import type { ClientFigures } from './claims-client.ts';

const run = promisify(execFile);
const flags = ['--expose-gc', '--import', 'tsx'];

/** What following NodeClaims costs, beside @kubernetes/client-node's informer in the same run. */
export async function benchTracking(): Promise<readonly Benchmark[]> {
  const rest = await withServer(10_000, 0, async (url) => ({
    informer: await client('informer', url),
    ours: await client('ours', url),
  }));
  const moving = await withServer(10_000, 500, (url) => client('ours', url));
  const fleet = await withServer(5_000, 0, (url) => client('ours', url, 50));
  const { ours, informer } = rest;
  const beside = (word: string, theirs: number, digits: number) =>
    `${word} (informer: ${theirs.toFixed(digits)})`;
  const sizes = { unit: 'MB', digits: 1 };
  const most = 'of 10,000 NodeClaims at rest';
  return [
    atMost(beside(`memory ${most}`, informer.kept, 0), ours.kept, 5, sizes),
    atMost(beside(`answers read ${most}`, informer.answered, 0), ours.answered, 2.5, sizes),
    atMost(beside(`CPU ${most}`, informer.cpu, 1), ours.cpu, 0.4, { unit: 's', digits: 2 }),
    atMost('memory with 5 % of 10,000 in motion', moving.kept, 10, sizes),
    atMost('answers read with 5 % of 10,000 in motion', moving.answered, 6, sizes),
    atMost(`process memory of 50 × 5,000 (${fleet.claims})`, fleet.rss, 300, sizes),
    atMost('one change of 10,000 → new progress', ours.changeMs, 5, { unit: 'ms', digits: 1 }),
  ];
}

async function client(how: 'ours' | 'informer', url: string, clusters = 1): Promise<ClientFigures> {
  const { stdout } = await run(process.execPath, [
    '--expose-gc',
    await builtClient(),
    how,
    url,
    String(clusters),
  ]);
  return JSON.parse(stdout) as ClientFigures;
}

let built: Promise<string> | undefined;

/** The client as JavaScript: what compiles TypeScript on the way would be measured with it. */
function builtClient(): Promise<string> {
  const outfile = 'artefacts/bench-claims-client.mjs';
  built ??= build({
    entryPoints: ['test/bench/claims-client.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
  }).then(() => outfile);
  return built;
}

async function withServer<T>(
  count: number,
  moving: number,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const file = 'test/bench/claims-server.ts';
  const server: ChildProcess = spawn(
    process.execPath,
    [...flags, file, String(count), String(moving)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [port] = (await once(server.stdout ?? server, 'data')) as [Buffer];
    return await use(`http://127.0.0.1:${port.toString().trim()}`);
  } finally {
    server.kill();
  }
}
