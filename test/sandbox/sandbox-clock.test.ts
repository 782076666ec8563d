import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandboxClock } from '../../src/sandbox/sandbox-clock.ts';
import { SandboxDataError } from '../../src/sandbox/sandbox-data-error.ts';
import { day, hour } from '../../src/shared/time.ts';
import { removeFoldersAfterAll, temporaryFolder } from '../cli/temporary-folder.ts';

removeFoldersAfterAll();

test('a sandbox goes on where the last one ended', () => {
  const folder = temporaryFolder();
  const later = Date.now() + day;
  writeFileSync(join(folder, 'clock.json'), JSON.stringify({ virtual: later }));
  const time = sandboxClock(60, folder);
  expect(time.clock.now()).toBeGreaterThanOrEqual(later);
});

test('one that was killed has not been later than the next one begins', () => {
  const folder = temporaryFolder();
  const killed = sandboxClock(10_000, folder);
  killed.keep(4_000);
  expect(sandboxClock(60, folder).setting.virtualStart).toBeGreaterThanOrEqual(
    killed.clock.now() + 10_000 * 3_000,
  );
});

test('the time is written whole or not at all', () => {
  const folder = temporaryFolder();
  const time = sandboxClock(60, folder);
  time.keep();
  const before = readFileSync(join(folder, 'clock.json'), 'utf8');
  const opened = openSync(join(folder, 'clock.json'), 'r');
  time.keep(hour);
  // A file that is written over, not replaced, would read anew here.
  expect(readFileSync(opened, 'utf8')).toBe(before);
  closeSync(opened);
  expect(readFileSync(join(folder, 'clock.json'), 'utf8')).not.toBe(before);
});

test.each(['', '{"virt', '{}'])(
  'where the time reads %j, it is after all that is recorded',
  (text) => {
    const posted = Date.now() + day;
    const stepped = posted + hour;
    const folder = temporaryFolder({
      'clock.json': text,
      'slack/slack.json': JSON.stringify({ newest: posted * 1_000 }),
      'kubernetes/kubernetes.json': JSON.stringify({
        clusters: { one: { memory: { steppedAt: stepped } }, two: { memory: { steppedAt: 0 } } },
      }),
    });
    expect(sandboxClock(60, folder).clock.now()).toBeGreaterThan(stepped);
  },
);

test('where nothing is recorded at all, it is said how to start anew', () => {
  const folder = temporaryFolder({ 'clock.json': '', 'slack/slack.json': '{"newest":0}' });
  expect(() => sandboxClock(60, folder)).toThrow(SandboxDataError);
  expect(() => sandboxClock(60, folder)).toThrow('--fresh');
});
