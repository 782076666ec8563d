import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changed, minimal, variables } from '../config/minimal-config.ts';
import { amiable } from './captured.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

removeFoldersAfterAll();

function file(text: string): string {
  return join(temporaryFolder({ 'amiable.yaml': text }), 'amiable.yaml');
}

test('a valid file exits 0', async () => {
  const path = file(minimal);
  expect(await amiable(['config', 'validate', path], variables)).toEqual({
    code: 0,
    out: `${path} is valid.`,
    err: '',
  });
});

test('the example file is valid once its variables are set', async () => {
  const { code, err } = await amiable(['config', 'validate', 'amiable.example.yaml'], variables);
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

test('--config names the file as well, as for every other command', async () => {
  const path = file(minimal);
  const { code, out } = await amiable(['config', 'validate', '--config', path], variables);
  expect({ code, out }).toEqual({ code: 0, out: `${path} is valid.` });
});

test('all errors are told at once, each with its place in the file, and it exits 2', async () => {
  const path = file(
    changed(
      ['mode: socket', 'mode: telepathy'],
      ["kubernetes: '1.34'", 'kubernetes: soon'],
      ['after: [staging]', 'after: [stagin]'],
    ),
  );
  const { code, out, err } = await amiable(['config', 'validate', path], variables);
  expect(code).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(`${path}:3:3 slack.mode: `);
  for (const word of ['telepathy', 'clusters[2].kubernetes', 'stagin']) expect(err).toContain(word);
  const lines = err.split('\n');
  expect(lines.at(-1)).toBe(`${path}: ${lines.length - 1} errors.`);
});

test('variables that are not set are errors by name', async () => {
  const { code, err } = await amiable(['config', 'validate', file(minimal)], {});
  expect(code).toBe(2);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'GITHUB_PRIVATE_KEY'])
    expect(err).toContain(name);
});

test('broken YAML is told once a line, with the place, and not for ever', async () => {
  const one = file(minimal.replace('version: 1', 'version: "1'));
  const broken = await amiable(['config', 'validate', one], variables);
  expect(broken.code).toBe(2);
  const told = broken.err.split('\n').slice(0, -1);
  expect(told[0]).toMatch(/amiable\.yaml:\d+:\d+: is not valid YAML: /);
  const many = file(`a: [\n${'  }: "x" "y" @\n'.repeat(40)}`);
  const { err } = await amiable(['config', 'validate', many], variables);
  const lines = err.split('\n').slice(0, -1);
  expect(lines).toHaveLength(10);
  const places = lines.slice(0, 9).map((line) => /:(\d+):\d+: is not valid YAML/.exec(line)?.[1]);
  expect(new Set(places).size).toBe(9);
  expect(lines.at(-1)).toMatch(/: is not valid YAML in \d+ more lines, maybe because of these\.$/);
});

test('a file that is not there exits 2 and says what to do', async () => {
  const { code, err } = await amiable(['config', 'validate', '/nowhere.yaml']);
  expect({ code, err }).toEqual({
    code: 2,
    err: '/nowhere.yaml does not exist: copy amiable.example.yaml to amiable.yaml, or name your configuration with --config FILE.',
  });
});

test('the schema is JSON Schema, and nothing else is printed', async () => {
  const { code, out, err } = await amiable(['config', 'schema']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const schema = JSON.parse(out) as { properties: Record<string, unknown> };
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['version', 'slack', 'clusters', 'environments']),
  );
});
