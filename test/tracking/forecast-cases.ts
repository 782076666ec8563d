import { randomFrom } from '../../src/sandbox/kubernetes/random.ts';
import { hour } from '../../src/shared/time.ts';
import type { ForecastCase } from './forecast-runs.ts';

/** Drift is allowed from 22:00 to 06:00 UTC. */
export const byNight = { nodes: '0', reasons: ['Drifted'], schedule: '0 6 * * *', duration: '16h' };
/** From Friday evening until Monday morning. */
export const atWeekends = { nodes: '0', schedule: '0 6 * * mon', duration: '108h' };
/** The last 20 minutes of each hour. */
export const eachHour = { nodes: '0', schedule: '@hourly', duration: '40m' };

const monday = Date.parse('2026-07-27T12:00:00Z');

/** Budgets, schedules, pools, counts and times as they come. */
export function anyCase(seed: number): ForecastCase {
  const random = randomFrom(seed);
  const one = <T>(first: T, ...others: readonly T[]): T =>
    others[random.between(0, others.length) - 1] ?? first;
  const pools = Array.from({ length: random.between(1, 2) }, () => ({
    nodes: random.between(4, 24),
    podsPerNode: random.between(1, 4),
    budgets: [
      { nodes: one('1', '2', '3', '5%', '10%', '20%') },
      ...one([], [], [byNight], [atWeekends], [eachHour]),
    ],
  }));
  const at = new Date(monday + random.between(0, 7 * 24 * 4) * (hour / 4));
  return { pools, at: at.toISOString() };
}
