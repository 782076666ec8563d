import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { amiable } from './captured.ts';

test('--version is the version of the package', async () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(await amiable(['--version'])).toEqual({ code: 0, out: manifest.version, err: '' });
});

test.for([[], ['help'], ['--help'], ['-h'], ['check', '--help']])(
  '%j shows the usage and does nothing else',
  async (argv) => {
    const { code, out, err } = await amiable(argv);
    expect(code).toBe(0);
    expect(out).toContain('amiable doctor --config FILE');
    expect(err).toBe('');
  },
);

test('the usage names every command there is', async () => {
  const { out } = await amiable([]);
  const source = readFileSync('src/cli/run-command.ts', 'utf8');
  const commands = [...source.matchAll(/^ {4}case '([a-z-]+)':/gm)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(6);
  for (const command of commands.filter((name) => name !== 'sandbox-service'))
    expect(out).toContain(`\n  amiable ${command} `);
});

test('an unknown command exits 2 and shows the usage where errors go', async () => {
  const { code, out, err } = await amiable(['frobnicate']);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toMatch(/^There is no command frobnicate\./);
  expect(err).toContain('amiable serve');
});

test('an unknown option exits 2, before anything is done', async () => {
  const { code, err } = await amiable(['pins', 'list', '--jsn', '.']);
  expect(code).toBe(2);
  expect(err).toContain('--jsn');
});

test('an option without its value exits 2', async () => {
  expect((await amiable(['check', '--config'])).code).toBe(2);
});

test('a configuration that is not there exits 2, without a stack', async () => {
  for (const command of [['serve'], ['check'], ['doctor'], ['table', 'create']]) {
    const { code, err } = await amiable([...command, '--config', '/nowhere/amiable.yaml']);
    expect({ command, code }).toEqual({ command, code: 2 });
    expect(err).toContain('/nowhere/amiable.yaml');
    expect(err).not.toMatch(/^\s+at /m);
  }
});

test('half a command exits 2 and says how it is used', async () => {
  for (const argv of [['table'], ['config'], ['pins'], ['pins', 'set', 'a.yaml']]) {
    const { code, err } = await amiable(argv);
    expect({ argv, code }).toEqual({ argv, code: 2 });
    expect(err).toContain('Use: amiable');
  }
});
