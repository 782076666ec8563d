import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allowanceOf, opensAt } from '../../src/tracking/budget.ts';
import type { DisruptionBudget } from '../../src/tracking/types.ts';

const at = Date.parse;
const drifted = (total: number, now: string) => ({ total, reason: 'Drifted', now: at(now) });
const workingHours: DisruptionBudget = {
  nodes: '0',
  reasons: ['Drifted'],
  schedule: '0 8 * * mon-fri',
  duration: '9h0m0s',
};

type Vector = {
  name: string;
  budgets: DisruptionBudget[];
  total: number;
  nowUTC: string;
  reason: string;
  allowed: number | null;
};
const file = '../shared/reference/data/karpenter/budget-vectors.json';
const vectors = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }).vectors
  : [];

test.skipIf(vectors.length === 0)('allows what the recorded vectors of Karpenter allow', () => {
  for (const { name, budgets, total, nowUTC, reason, allowed } of vectors) {
    const told = allowanceOf(budgets, { total, reason, now: at(nowUTC) }).allowed;
    expect({ name, allowed: told }).toEqual({ name, allowed: allowed ?? Number.POSITIVE_INFINITY });
  }
});

test.each<[string, DisruptionBudget[], number, string, number]>([
  ['a percentage rounds up', [{ nodes: '10%' }], 8, '2026-07-27T18:00:00Z', 1],
  ['0 % is none', [{ nodes: '0%' }], 50, '2026-07-27T18:00:00Z', 0],
  [
    'the least of the active ones counts',
    [{ nodes: '20%' }, { nodes: '5' }],
    40,
    '2026-07-27T12:00:00Z',
    5,
  ],
  [
    'a window holds from its first moment',
    [{ nodes: '10%' }, workingHours],
    30,
    '2026-07-27T08:00:00Z',
    0,
  ],
  ['a window is open at its end', [{ nodes: '10%' }, workingHours], 30, '2026-07-27T17:00:00Z', 3],
  [
    'no active budget is no limit',
    [workingHours],
    30,
    '2026-07-27T20:00:00Z',
    Number.POSITIVE_INFINITY,
  ],
  [
    'no reasons at all is for none',
    [{ nodes: '0', reasons: [] }, { nodes: '4' }],
    20,
    '2026-07-27T12:00:00Z',
    4,
  ],
  [
    'another reason does not count',
    [{ nodes: '0', reasons: ['Empty'] }, { nodes: '2' }],
    20,
    '2026-07-27T12:00:00Z',
    2,
  ],
  [
    'a schedule that cannot be read closes the pool',
    [{ nodes: '0', schedule: '0 9 * * 7', duration: '1h' }, { nodes: '50%' }],
    20,
    '2026-07-27T12:00:00Z',
    0,
  ],
  [
    'a duration in days cannot be read',
    [{ nodes: '1', schedule: '@daily', duration: '2d' }],
    20,
    '2026-07-27T12:00:00Z',
    0,
  ],
])('%s', (_, budgets, total, now, allowed) => {
  expect(allowanceOf(budgets, drifted(total, now)).allowed).toBe(allowed);
});

test.each<[string, DisruptionBudget[], string, string | undefined]>([
  [
    'during working hours, at their end',
    [{ nodes: '10%' }, workingHours],
    '2026-07-27T10:00:00Z',
    '2026-07-27T17:00:00Z',
  ],
  [
    'when it is open, now',
    [{ nodes: '10%' }, workingHours],
    '2026-07-27T18:30:00Z',
    '2026-07-27T18:30:00Z',
  ],
  ['in a pool that is always closed, never', [{ nodes: '0' }], '2026-07-27T10:00:00Z', undefined],
  [
    'with an invalid schedule, never',
    [{ nodes: '1', schedule: 'x', duration: '1h' }],
    '2026-07-27T10:00:00Z',
    undefined,
  ],
  [
    'between windows that overlap, after the last of them',
    [
      { nodes: '0', schedule: '0 */4 * * *', duration: '5h' },
      { nodes: '0', schedule: '0 0 1 8 *', duration: '48h' },
    ],
    '2026-07-31T23:00:00Z',
    undefined,
  ],
  [
    'of a yearly freeze, after it',
    [{ nodes: '0', schedule: '0 0 15 12 *', duration: '500h' }, { nodes: '1' }],
    '2026-12-24T00:00:00Z',
    '2027-01-04T20:00:00Z',
  ],
])('the pool opens %s', (_, budgets, now, expected) => {
  expect(opensAt(budgets, drifted(30, now))).toBe(
    expected === undefined ? undefined : at(expected),
  );
});
