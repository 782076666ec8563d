import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allowedDisruptions } from '../../../src/sandbox/kubernetes/karpenter/budgets.ts';
import type { Budget } from '../../../src/sandbox/kubernetes/objects.ts';

const path = '../shared/reference/data/karpenter/budget-vectors.json';

type Vector = {
  readonly name: string;
  readonly budgets: readonly Budget[];
  readonly total: number;
  readonly disrupting: number;
  readonly nowUTC: string;
  readonly reason: string;
  readonly allowed: number | null;
  readonly remaining: number | null;
};

// needs the reference data that only a development machine has
test.skipIf(!existsSync(path))('agrees with every vector taken from Karpenter', () => {
  const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: readonly Vector[] };
  expect(vectors.length).toBeGreaterThan(15);
  for (const { name, budgets, total, disrupting, nowUTC, reason, ...expected } of vectors) {
    const allowed = allowedDisruptions(budgets, { total, reason, now: Date.parse(nowUTC) });
    const unlimited = allowed === Number.POSITIVE_INFINITY;
    const remaining = unlimited ? null : Math.max(0, allowed - disrupting);
    expect({ name, allowed: unlimited ? null : allowed, remaining }).toEqual({ name, ...expected });
  }
});

const at = (iso: string, budgets: readonly Budget[], total = 20) =>
  allowedDisruptions(budgets, { total, reason: 'Drifted', now: Date.parse(iso) });

test('percentages round up and the least of the budgets counts', () => {
  expect(at('2026-07-27T12:00:00Z', [{ nodes: '1%' }, { nodes: '5' }], 3)).toBe(1);
});

test('a window is closed at its start and open again at its very end', () => {
  const office = [{ nodes: '0', schedule: '0 8 * * mon-fri', duration: '9h' }];
  expect(at('2026-07-27T07:59:59Z', office)).toBe(Number.POSITIVE_INFINITY);
  expect(at('2026-07-27T08:00:00Z', office)).toBe(0);
  expect(at('2026-07-27T16:59:59Z', office)).toBe(0);
  expect(at('2026-07-27T17:00:00Z', office)).toBe(Number.POSITIVE_INFINITY);
});

test.each(['0 9 * * 7', '0 9 * *', '@every 1h', '0 9 L * *', 'nonsense'])(
  'a schedule robfig/cron refuses (%s) stops the pool whatever its budgets say',
  (schedule) => {
    const broken = { nodes: '0', reasons: ['Empty'], schedule, duration: '1h' };
    expect(at('2026-07-27T12:00:00Z', [broken, { nodes: '9' }])).toBe(0);
  },
);

test.each(['@midnight', '@daily', '@hourly', '@weekly', '@monthly', '@yearly', '@annually'])(
  'knows %s',
  (schedule) => {
    const budget = { nodes: '3', schedule, duration: '9000h' };
    expect(at('2026-07-27T12:00:00Z', [budget])).toBe(3);
  },
);
