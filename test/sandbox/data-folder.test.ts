import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareDataFolder } from '../../src/sandbox/data-folder.ts';
import { SandboxDataError } from '../../src/sandbox/sandbox-data-error.ts';
import { removeFoldersAfterAll, temporaryFolder } from '../cli/temporary-folder.ts';

removeFoldersAfterAll();

test.each([true, false])('files of others are left alone (fresh: %s)', (fresh) => {
  const folder = temporaryFolder({ 'github/thesis.txt': 'three years', 'notes.md': 'mine' });
  expect(() => prepareDataFolder(folder, { fresh })).toThrow(SandboxDataError);
  expect(() => prepareDataFolder(folder, { fresh })).toThrow('Nothing was touched');
  expect(readdirSync(folder).sort()).toEqual(['github', 'notes.md']);
  expect(readFileSync(join(folder, 'github/thesis.txt'), 'utf8')).toBe('three years');
});

test('an empty folder and an absent one are taken, and are known again', () => {
  for (const folder of [temporaryFolder(), join(temporaryFolder(), 'not', 'there')]) {
    prepareDataFolder(folder, { fresh: true });
    prepareDataFolder(folder, { fresh: false });
    prepareDataFolder(folder, { fresh: true });
    expect(existsSync(folder)).toBe(true);
  }
});

test('a folder of an earlier version is known by all that is in it', () => {
  const folder = temporaryFolder({ 'clock.json': '{}', 'slack/slack.json': '{}' });
  prepareDataFolder(folder, { fresh: true });
  expect(existsSync(join(folder, 'slack'))).toBe(false);
});

test('fresh removes what the sandbox made, and nothing that was put beside it', () => {
  const folder = temporaryFolder();
  prepareDataFolder(folder, { fresh: true });
  const filled = temporaryFolder({
    '.amiable-sandbox': '',
    'aws/aws.json': '{}',
    'clock.json': '',
    'screenshot.txt': 'mine',
  });
  prepareDataFolder(filled, { fresh: true });
  expect(readdirSync(filled).sort()).toEqual(['.amiable-sandbox', 'screenshot.txt']);
});

test('what an earlier run left is gone on from, unless it is to be fresh', () => {
  const folder = temporaryFolder();
  expect(prepareDataFolder(folder, { fresh: false })).toBe(false);
  writeFileSync(join(folder, 'clock.json'), '{}');
  expect(prepareDataFolder(folder, { fresh: false })).toBe(true);
  expect(prepareDataFolder(folder, { fresh: true })).toBe(false);
});

test('a file is no folder', () => {
  const folder = temporaryFolder({ file: 'text' });
  expect(() => prepareDataFolder(join(folder, 'file'), { fresh: true })).toThrow(SandboxDataError);
});
