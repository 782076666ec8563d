import { expect, test } from 'vitest';
import { effectNames } from '../../src/workflow/effect.ts';
import { caughtIn, readText } from '../infra/read-infra.ts';

const api = readText('docs/sandbox-api.md');

test('docs/sandbox-api.md names everything that can be done to a cluster', () => {
  const acts = caughtIn(['src/sandbox/kubernetes/act.ts'], /case '([a-z-]+)':/g);
  expect(acts.length).toBeGreaterThan(5);
  for (const act of acts) expect(api).toContain(`\`${act}\``);
});

test('it names every fault and every service', () => {
  const words = caughtIn(['src/sandbox/faults.ts'], /\| '([a-z0-9-]+)'/g);
  expect(words).toContain('lost-reply');
  for (const word of words) expect(api).toContain(`\`${word}\``);
});

test('it names every option of the command', () => {
  const options = caughtIn(['src/cli/sandbox.ts'], /^ {2}([a-z]+): (?:z|typed)\./gm);
  expect(options).toContain('speed');
  for (const option of options) expect(api).toMatch(new RegExp(`\`--${option}\\b`));
});

test('it names every button', () => {
  const actions = caughtIn(['handlers/actions/register-actions.ts'], /const \w+ing = \[([^\]]*)\]/g)
    .flatMap((list) => [...list.matchAll(/'([a-z-]+)'/g)])
    .map(([, verb]) => verb);
  expect(actions).toContain('approve');
  for (const action of actions) expect(api).toContain(`\`${action}\``);
});

test('docs/architecture.md names every effect', () => {
  const architecture = readText('docs/architecture.md');
  const short = (name: string) => name.replace(/^(update|close)-pull-request$/, '$1-');
  for (const name of effectNames) expect(architecture).toContain(`\`${short(name)}\``);
});
