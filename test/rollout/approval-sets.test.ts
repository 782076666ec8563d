import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSets, shortOf, type Vote } from '../../src/rollout/approval-sets.ts';
import type { ApprovalRule } from '../../src/rollout/policy.ts';
import { SlackUserId } from '../../src/shared/ids.ts';

const rule = (...counts: readonly number[]): ApprovalRule => ({
  users: [],
  groups: [],
  count: counts.reduce((a, b) => a + b, 0),
  sets: counts.map((count, i) => ({ name: `s${i}`, users: [], groups: [], count })),
});
const vote = (name: string, ...sets: readonly number[]): Vote => ({
  by: SlackUserId.parse(`U0${name}`),
  sets,
});

test.each<[string, ApprovalRule, Vote[], number, string[]]>([
  ['nobody yet', rule(1, 1), [], 2, ['s0', 's1']],
  ['one of one set', rule(1, 1), [vote('A', 0)], 1, ['s1']],
  ['two of the same set', rule(1, 1), [vote('A', 0), vote('B', 0)], 1, ['s1']],
  ['one of each', rule(1, 1), [vote('A', 0), vote('B', 1)], 0, []],
  ['somebody in both is one person', rule(1, 1), [vote('A', 0, 1)], 1, ['s0', 's1']],
  [
    'in both, and counts for the one still missing',
    rule(1, 1),
    [vote('A', 0, 1), vote('B', 0)],
    0,
    [],
  ],
  ['whoever came first', rule(1, 1), [vote('B', 0), vote('A', 0, 1)], 0, []],
  ['two in both', rule(1, 1), [vote('A', 0, 1), vote('B', 0, 1)], 0, []],
  ['in none', rule(1, 1), [vote('A')], 2, ['s0', 's1']],
  ['the same person twice', rule(1, 1), [vote('A', 0, 1), vote('A', 0, 1)], 1, ['s0', 's1']],
  ['a chain of three sets', rule(1, 1, 1), [vote('A', 0, 1), vote('B', 1, 2), vote('C', 0)], 0, []],
  ['two of one, one of another', rule(2, 1), [vote('A', 0, 1), vote('B', 0)], 1, ['s0', 's1']],
])('%s', (_, of, votes, missing, open) => {
  expect(shortOf(of, votes)).toBe(missing);
  expect(openSets(of, votes)).toEqual(open);
});

test('a rule without sets counts different people', () => {
  const plain: ApprovalRule = { users: [], groups: [], count: 2 };
  expect(shortOf(plain, [vote('A'), vote('A')])).toBe(1);
  expect(shortOf(plain, [vote('A'), vote('B'), vote('C')])).toBe(0);
});

/** Every way to give each person one of their sets, or none: slow, and surely right. */
function best(counts: readonly number[], votes: readonly Vote[]): number {
  const [first, ...rest] = votes;
  if (first === undefined) return 0;
  const choices = (first.sets ?? [])
    .filter((set) => (counts[set] ?? 0) > 0)
    .map(
      (set) =>
        1 +
        best(
          counts.map((count, i) => (i === set ? count - 1 : count)),
          rest,
        ),
    );
  return Math.max(best(counts, rest), ...choices);
}

test('no assignment of people to sets fills more', () => {
  const counts = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 });
  const people = fc.array(fc.uniqueArray(fc.nat({ max: 2 }), { maxLength: 3 }), { maxLength: 6 });
  fc.assert(
    fc.property(counts, people, (needed, in_) => {
      const votes = in_.map((sets, i) => vote(`P${i}`, ...sets));
      const total = needed.reduce((a, b) => a + b, 0);
      expect(shortOf(rule(...needed), votes)).toBe(total - best(needed, votes));
    }),
  );
});
