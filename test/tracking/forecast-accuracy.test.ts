import { expect, test } from 'vitest';
import { anyCase, atWeekends, byNight, eachHour } from './forecast-cases.ts';
import { type ForecastCase, forecastRun } from './forecast-runs.ts';

const emptyOnly = { nodes: '0', reasons: ['Empty', 'Underutilized'] };

const cases: readonly (ForecastCase & { readonly name: string })[] = [
  { name: 'one node at a time', pools: [{ nodes: 8, budgets: [{ nodes: '1' }] }] },
  { name: 'two at a time', pools: [{ nodes: 24, budgets: [{ nodes: '2' }] }] },
  { name: 'a tenth', pools: [{ nodes: 40, budgets: [{ nodes: '10%' }] }] },
  { name: 'a fifth', pools: [{ nodes: 18, budgets: [{ nodes: '20%' }] }] },
  { name: 'a quarter', pools: [{ nodes: 30, budgets: [{ nodes: '25%' }] }] },
  { name: 'ten pods a node', pools: [{ nodes: 12, podsPerNode: 10, budgets: [{ nodes: '2' }] }] },
  { name: 'by night', pools: [{ nodes: 24, budgets: [{ nodes: '2' }, byNight] }] },
  {
    name: 'more than one night holds',
    pools: [{ nodes: 50, budgets: [{ nodes: '1' }, { ...byNight, duration: '23h30m' }] }],
  },
  { name: 'at weekends', pools: [{ nodes: 20, budgets: [{ nodes: '3' }, atWeekends] }] },
  { name: '20 minutes an hour', pools: [{ nodes: 30, budgets: [{ nodes: '1' }, eachHour] }] },
  {
    name: 'a budget for other reasons beside it',
    pools: [{ nodes: 16, budgets: [emptyOnly, { nodes: '2' }] }],
  },
  {
    name: 'the slowest of three pools',
    pools: [
      { nodes: 20, budgets: [{ nodes: '50%' }] },
      { nodes: 12, budgets: [{ nodes: '1' }] },
      { nodes: 6, budgets: [{ nodes: '2' }, byNight] },
    ],
  },
  {
    name: 'begun in the middle of its window',
    pools: [{ nodes: 30, budgets: [{ nodes: '1' }, byNight] }],
    at: '2026-07-27T05:30:00Z',
  },
];

// simulated days take seconds; beside others they take more
const timeout = 120_000;

test.each(cases)(
  'p50 is within a quarter of the simulated end: $name',
  (of) => {
    for (const seed of [1, 2]) {
      const { error } = forecastRun(of, seed);
      expect({ seed, error, holds: Math.abs(error) <= 0.25 }).toMatchObject({ holds: true });
    }
  },
  timeout,
);

// `npm run bench -- forecast` plays 100 of them
test(
  'over seeded rollouts p50 is within a quarter, and p80 is late enough for four in five',
  () => {
    const runs = Array.from({ length: 16 }, (_, i) => forecastRun(anyCase(i + 1), i + 1));
    // one that just misses its window waits for the next: no middle is close to both
    const close = runs.filter(({ error }) => Math.abs(error) <= 0.25).length;
    expect(close).toBeGreaterThanOrEqual(15);
    const inTime = runs.filter(
      ({ at, tookMs, forecast }) => (forecast.endsAt?.p80 ?? 0) >= at + tookMs,
    );
    expect(inTime.length / runs.length).toBeGreaterThanOrEqual(0.8);
  },
  timeout,
);
