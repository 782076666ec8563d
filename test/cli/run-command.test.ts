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
    expect(out).toMatch(new RegExp(`\\n {2}amiable (?:[a-z]+\\|)*${command}[ |]`));
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
  expect({ code, err }).toEqual({
    code: 2,
    err: 'There is no option --jsn. Did you mean --json?',
  });
});

test.for([
  [['check', '--qqqqqqqq'], 'There is no option --qqqqqqqq. amiable --help lists them.'],
  [['check', '-x'], 'There is no option -x. amiable --help lists them.'],
  [['check', '--config'], '--config needs a value.'],
  [
    ['check', '--config', '--json'],
    '--config needs a value; one that begins with a dash is written with =.',
  ],
  [['check', '--json=yes'], '--json takes no value.'],
  [['sandbox', 'extra'], 'amiable sandbox takes options only, and extra is none.'],
  [['doctor', 'now'], 'amiable doctor takes options only, and now is none.'],
  [['rollback', 'ro_5a0', 'prod-eu-1'], 'amiable rollback does not read prod-eu-1.'],
  [['config', 'validate', 'a.yaml', 'b.yaml'], 'amiable config validate does not read b.yaml.'],
  [['audit', 'verify', 'ro_5a0'], 'amiable audit verify takes options only, and ro_5a0 is none.'],
  [['brake', 'ro_5a0', '--clusters', 'a'], 'amiable brake does not read --clusters.'],
  [['pins', 'set', 'a.yaml:1', 'v1', '--json'], 'amiable pins set does not read --json.'],
  [['sandbox', '--port', '99999'], '--port takes a whole number from 0 to 65535, not 99999.'],
  [['sandbox', '--port', '8.5'], '--port takes a whole number from 0 to 65535, not 8.5.'],
  [['sandbox', '--speed', 'fast'], '--speed takes a number from 0.1 to 10000, not fast.'],
  [
    ['sandbox', '--speed', '0', '--port', 'x'],
    '--port takes a whole number from 0 to 65535, not x.\n--speed takes a number from 0.1 to 10000, not 0.',
  ],
] as const)('%j exits 2 with one plain sentence', async ([argv, says]) => {
  expect(await amiable(argv)).toEqual({ code: 2, out: '', err: says });
});

test('a configuration that is not there exits 2, without a stack', async () => {
  for (const command of [
    ['serve'],
    ['check'],
    ['doctor'],
    ['table', 'create'],
    ['audit', 'export'],
    ['config', 'validate'],
  ]) {
    const { code, err } = await amiable([...command, '--config', '/nowhere/amiable.yaml']);
    expect({ command, code, err }).toEqual({
      command,
      code: 2,
      err: '/nowhere/amiable.yaml does not exist: copy amiable.example.yaml to amiable.yaml, or name your configuration with --config FILE.',
    });
  }
});

test('half a command exits 2 and says how it is used', async () => {
  for (const argv of [['table'], ['config'], ['pins'], ['pins', 'set', 'a.yaml']]) {
    const { code, err } = await amiable(argv);
    expect({ argv, code }).toEqual({ argv, code: 2 });
    expect(err).toContain('Use: amiable');
  }
});
