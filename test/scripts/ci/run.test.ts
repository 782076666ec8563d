import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caughtIn, readJson, readText, root } from '../../infra/read-infra.ts';

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(readJson('package.json'));

test('.ci/run runs every kind of test there is', () => {
  const own = readdirSync(join(root, 'test')).filter((folder) =>
    existsSync(join(root, 'test', folder, 'vitest.config.ts')),
  );
  expect(own).toContain('crash');
  const run = caughtIn(['.ci/run'], /^suite '[^']+' \d+ npm (?:run )?(\S+)/gm);
  const commands = run.map((script) => scripts[script] ?? `no script ${script}`);
  expect(commands).toContain('vitest run');
  for (const folder of own)
    expect(commands).toContain(`vitest run --config test/${folder}/vitest.config.ts`);
});

test('what has a configuration of its own is left out of npm test', () => {
  const config = readText('vitest.config.ts');
  for (const folder of ['e2e', 'crash', 'replicas'])
    expect(config).toContain(`'test/${folder}/**'`);
});

test("it runs the README's own test command", () => {
  expect(readText('README.md')).toContain('npm ci && npm test');
  expect(caughtIn(['.ci/run'], /^must 'npm ci' \d+ (npm ci)$/gm)).toEqual(['npm ci']);
});

/** Runs it where no command does its work. @param npm what `npm` does with its arguments */
function runWith(npm: string) {
  const commands = mkdtempSync(join(tmpdir(), 'amiable-run-'));
  try {
    for (const [name, script] of Object.entries({
      npm,
      npx: 'exit 1',
      chromium: 'exit 0',
      'apt-get': 'exit 1',
    })) {
      writeFileSync(join(commands, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(commands, name), 0o755);
    }
    const { status, stdout } = spawnSync('bash', [join(root, '.ci/run')], {
      env: { PATH: `${commands}${delimiter}${process.env['PATH'] ?? ''}` },
      encoding: 'utf8',
    });
    return { status, last: stdout.trim().split('\n').at(-1) };
  } finally {
    rmSync(commands, { recursive: true });
  }
}

test.each([
  ['nothing can be installed', 'exit 1', /^0 passed, 1 failed$/],
  [
    'it installs and builds, and all else fails',
    'case "$*" in ci|"run build") exit 0; esac; exit 1',
    /^0 passed, (?:[5-9]|1\d) failed$/,
  ],
])('it ends with an error when %s', (_, npm, last) => {
  const ended = runWith(npm);
  expect(ended.last).toMatch(last);
  expect(ended.status).toBe(1);
});
