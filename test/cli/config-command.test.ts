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

test('all errors are told at once, each with its place, and it exits 1', async () => {
  const path = file(
    changed(
      ['mode: socket', 'mode: telepathy'],
      ["kubernetes: '1.34'", 'kubernetes: soon'],
      ['after: [staging]', 'after: [stagin]'],
    ),
  );
  const { code, out, err } = await amiable(['config', 'validate', path], variables);
  expect(code).toBe(1);
  expect(out).toBe('');
  for (const word of ['telepathy', 'clusters[2].kubernetes', 'stagin']) expect(err).toContain(word);
  const lines = err.split('\n');
  expect(lines.at(-1)).toBe(`${path}: ${lines.length - 1} errors.`);
});

test('variables that are not set are errors by name', async () => {
  const { code, err } = await amiable(['config', 'validate', file(minimal)], {});
  expect(code).toBe(1);
  for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'GITHUB_PRIVATE_KEY'])
    expect(err).toContain(name);
});

test('a file that cannot be read exits 2', async () => {
  const { code, err } = await amiable(['config', 'validate', '/nowhere.yaml']);
  expect({ code, err }).toEqual({ code: 2, err: '/nowhere.yaml cannot be read.' });
});

test('the schema is JSON Schema, and nothing else is printed', async () => {
  const { code, out, err } = await amiable(['config', 'schema']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const schema = JSON.parse(out) as { properties: Record<string, unknown> };
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['version', 'slack', 'clusters', 'environments']),
  );
});
