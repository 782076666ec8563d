import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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
