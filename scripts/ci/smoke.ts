// Runs the bundle with another Node.js: says its version, checks the example, starts the sandbox and sees a card.
//   tsx scripts/ci/smoke.ts NODE FOLDER
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const [node, folder] = process.argv.slice(2);
if (node === undefined || folder === undefined)
  throw new Error('Use: tsx scripts/ci/smoke.ts NODE FOLDER');
const bundle = 'bin/amiable.mjs';
const cardWithinMs = 90_000;
const stopWithinMs = 20_000;

const Package = z.object({ version: z.string() });
const { version } = Package.parse(JSON.parse(readFileSync('package.json', 'utf8')));
const said = spawnSync(node, [bundle, '--version'], { encoding: 'utf8' });
if (said.status !== 0 || said.stdout.trim() !== version)
  throw new Error(`--version said ${JSON.stringify(said.stdout)}: ${said.stderr}`);
console.log(`${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}: ${version}`);

const State = z.object({
  slack: z.object({
    messages: z.array(z.object({ text: z.string(), blocks: z.array(z.unknown()).optional() })),
  }),
});

/** The address that the sandbox prints. @throws Error when it ends before. */
function addressOf(sandbox: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (sandbox.stdout === null) throw new Error('The sandbox has no standard output');
    createInterface({ input: sandbox.stdout }).on('line', (line) => {
      const [, address] = /^Sandbox: (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    });
    sandbox.once('error', reject);
    sandbox.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}`)));
    setTimeout(() => reject(new Error('The sandbox printed no address')), cardWithinMs).unref();
  });
}

async function cardAt(address: string): Promise<string> {
  const end = Date.now() + cardWithinMs;
  while (Date.now() < end) {
    const state = State.parse(await (await fetch(`${address}/sandbox/state`)).json());
    const card = state.slack.messages.find(({ blocks = [] }) => blocks.length > 0);
    if (card !== undefined) return card.text;
    await sleep(500);
  }
  throw new Error(`No card within ${cardWithinMs / 1_000} s`);
}

const sandbox = spawn(
  node,
  [bundle, 'sandbox', '--port', '0', '--fresh', '--data', join(folder, 'sandbox')],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  const address = await addressOf(sandbox);
  console.log(`The sandbox is at ${address}`);
  console.log(`The card says: ${await cardAt(address)}`);
  const page = await fetch(address);
  if (!page.ok || !(await page.text()).includes('<html')) throw new Error('There is no page');
  const ended = new Promise<number | null>((resolve) => {
    sandbox.once('exit', resolve);
  });
  sandbox.kill('SIGTERM');
  const late = sleep(stopWithinMs, 'late' as const, { ref: false });
  const code = await Promise.race([ended, late]);
  if (code !== 0) throw new Error(`Stopping the sandbox: ${code}`);
  console.log('The sandbox ended when it was told to.');
} finally {
  if (sandbox.exitCode === null && sandbox.signalCode === null) sandbox.kill('SIGKILL');
}
