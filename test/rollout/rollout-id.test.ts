import { expect, test } from 'vitest';
import { rolloutIdOf } from '../../src/rollout/rollout-id.ts';

const named = { family: 'al2023', release: 'al2023@v20251120', scope: 'acme', attempt: 1 };

test('a rollout is named by its family, release, scope and attempt, whatever else is at hand', () => {
  expect(rolloutIdOf({ ...named, ...{ skips: 3 } })).toBe(rolloutIdOf(named));
});

test.each([
  { family: 'al2' },
  { release: 'al2023@v20251121' },
  { scope: 'acme/gitops#7' },
  { attempt: 2 },
])('another %o is another rollout', (other) => {
  expect(rolloutIdOf({ ...named, ...other })).not.toBe(rolloutIdOf(named));
});
