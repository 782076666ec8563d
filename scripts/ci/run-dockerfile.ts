// Runs a Dockerfile's own commands in order, in a folder for each stage, where no container engine is at hand. The base
// image is this machine with the Node.js that PATH finds first; USER and EXPOSE have no meaning here, and it says so.
//   tsx scripts/ci/run-dockerfile.ts FOLDER
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { execForm, type Instruction, parseDockerfile, parseDockerignore } from './dockerfile.ts';

type Stage = {
  readonly root: string;
  workdir: string;
  readonly env: Record<string, string>;
  entrypoint: readonly string[];
  healthcheck: readonly string[];
};

const temp = process.argv[2];
if (temp === undefined) throw new Error('Use: tsx scripts/ci/run-dockerfile.ts FOLDER');
const context = process.cwd();
const ignored = parseDockerignore(readFileSync('.dockerignore', 'utf8'));
const stages = new Map<string, Stage>();

/** A path of the image, on this machine. */
const inside = ({ root, workdir }: Stage, path: string): string =>
  join(root, path.startsWith('/') ? path : join(workdir, path));

function run(stage: Stage, command: readonly string[], quiet = false): number | null {
  const [file = '', ...args] = command;
  const { status } = spawnSync(file, args, {
    cwd: inside(stage, '.'),
    // the home folder is the machine's own: npm keeps its settings and its cache there
    env: { ...process.env, ...stage.env },
    stdio: quiet ? 'ignore' : 'inherit',
  });
  return status;
}

function copy(stage: Stage, { flags, rest }: Instruction): void {
  const from = flags.get('from');
  const source = from === undefined ? undefined : stages.get(from);
  if (from !== undefined && source === undefined) throw new Error(`There is no stage ${from}`);
  const paths = rest.split(/\s+/);
  const target = paths.pop() ?? '';
  const intoFolder = paths.length > 1 || target.endsWith('/');
  for (const path of paths) {
    const one = source === undefined ? join(context, path) : inside(source, path);
    if (!existsSync(one)) throw new Error(`COPY: there is no ${path}`);
    const isFolder = statSync(one).isDirectory();
    const destination = inside(stage, target);
    const to = !isFolder && intoFolder ? join(destination, basename(one)) : destination;
    cpSync(one, to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) =>
        source !== undefined || !ignored.some((entry) => file === join(context, entry)),
    });
  }
}

function carryOut(stage: Stage, instruction: Instruction): void {
  const { word, rest } = instruction;
  switch (word) {
    case 'WORKDIR':
      stage.workdir = rest;
      mkdirSync(inside(stage, '.'), { recursive: true });
      return;
    case 'ENV':
      for (const pair of rest.split(/\s+/)) {
        const [name = '', value = ''] = pair.split('=', 2);
        stage.env[name] = value;
      }
      return;
    case 'COPY':
      copy(stage, instruction);
      return;
    case 'RUN':
      if (run(stage, ['sh', '-c', rest]) !== 0) throw new Error(`RUN ${rest} failed`);
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = execForm(rest);
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = execForm(rest.replace(/^CMD\s+/, ''));
      return;
    case 'CMD':
      execForm(rest);
      return;
    case 'USER':
    case 'EXPOSE':
      console.log(`(not carried out without an engine: ${word} ${rest})`);
      return;
    default:
      throw new Error(`${word} is not known here`);
  }
}

/** The image's own words as they are found on this machine: what begins with / lies in the stage's folder. */
const onThisMachine = (stage: Stage, words: readonly string[]): readonly string[] =>
  words.map((word) => (word.startsWith('/') ? inside(stage, word) : word));

async function checkHealthcheck(stage: Stage): Promise<void> {
  for (const [answer, expected] of [
    [200, 0],
    [503, 1],
    [undefined, 1],
  ] as const) {
    const server = createServer((_, response) => response.writeHead(answer ?? 500).end());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    if (answer === undefined) await new Promise((closed) => server.close(closed));
    const words = stage.healthcheck.map((word) => word.replace(':8080/', `:${port}/`));
    const status = await statusOf(words, stage);
    server.close();
    const what = `HEALTHCHECK, when ${answer ?? 'nothing'} answers, ends with ${status}`;
    if (status !== expected) throw new Error(`${what} instead of ${expected}`);
    console.log(what);
  }
}

/** Asynchronous, because the server it asks runs in this very process. */
async function statusOf([file = '', ...args]: readonly string[], stage: Stage) {
  const { spawn } = await import('node:child_process');
  const child = spawn(file, args, { env: { ...process.env, ...stage.env }, stdio: 'inherit' });
  return new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

let stage: Stage | undefined;
for (const instruction of parseDockerfile(readFileSync('Dockerfile', 'utf8'))) {
  const { word, rest, flags } = instruction;
  console.log(
    `\n${word} ${[...flags].map(([name, value]) => `--${name}=${value} `).join('')}${rest}`,
  );
  if (word !== 'FROM') {
    if (stage === undefined) throw new Error(`${word} before FROM`);
    carryOut(stage, instruction);
    continue;
  }
  const [, image = '', major = '', name = 'final'] =
    /^(node:(\d+)\S*)(?: AS (\S+))?$/.exec(rest) ?? [];
  const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8' });
  if (!stdout.startsWith(`v${major}.`)) throw new Error(`${image} is not Node.js ${stdout.trim()}`);
  console.log(`(stands in for ${image}: Node.js ${stdout.trim()})`);
  stage = { root: join(temp, name), workdir: '/', env: {}, entrypoint: [], healthcheck: [] };
  mkdirSync(stage.root, { recursive: true });
  stages.set(name, stage);
}
if (stage === undefined) throw new Error('The Dockerfile is empty');

for (const absent of ['node_modules/typescript', 'node_modules/vitest', 'src', 'test', '.git']) {
  if (existsSync(inside(stage, absent))) throw new Error(`The image must not hold ${absent}`);
}
const entrypoint = onThisMachine(stage, stage.entrypoint);
if (run(stage, [...entrypoint, '--version']) !== 0) throw new Error('--version failed');
// A part of the bundle of its own, as most commands are.
if (run(stage, [...entrypoint, 'config', 'schema'], true) !== 0)
  throw new Error('config schema failed');
// The embedded store's emulator is not bundled: it must be found beside the bundle.
const emulator = ['node', '-e', "require('dynalite')"];
if (run(stage, emulator) !== 0) throw new Error('dynalite is not there');
// Nor is the renderer of pictures, whose fonts lie beside the bundle: without them text vanishes in silence.
const picture = [
  'const { Resvg } = require("@resvg/resvg-js");',
  'const fontFiles = ["dist/fonts/DejaVuSans.ttf", "dist/fonts/DejaVuSans-Bold.ttf"];',
  'const svg = \'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><text y="50">nodes</text></svg>\';',
  'const drawn = new Resvg(svg, { font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" } });',
  'process.exit(drawn.render().pixels.some((value) => value > 0) ? 0 : 1);',
].join('\n');
if (run(stage, ['node', '-e', picture]) !== 0) throw new Error('pictures have no text');
await checkHealthcheck(stage);
