import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextHit, scheduleOf } from '../../src/tracking/cron.ts';

const iso = (at: number | undefined) => (at === undefined ? 'never' : new Date(at).toISOString());
const next = (text: string, after: string) => {
  const schedule = scheduleOf(text);
  return schedule === undefined ? 'refused' : iso(nextHit(schedule, Date.parse(after)));
};

test.each([
  ['0 8 * * mon-fri', '2026-07-25T12:00:00Z', '2026-07-27T08:00:00.000Z'],
  ['@daily', '2026-07-25T00:00:00Z', '2026-07-26T00:00:00.000Z'],
  ['@hourly', '2026-07-25T00:30:10Z', '2026-07-25T01:00:00.000Z'],
  ['5/15 * * * *', '2026-07-25T00:21:00Z', '2026-07-25T00:35:00.000Z'],
  ['0 12 1 * mon', '2026-07-25T00:00:00Z', '2026-07-27T12:00:00.000Z'],
  ['0 12 */2 * mon', '2026-07-25T12:00:00Z', '2026-07-27T12:00:00.000Z'],
  ['0 0 29 feb *', '2026-07-25T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['0 0 31 4 *', '2026-07-25T00:00:00Z', 'never'],
  ['0 9 * * 7', '2026-07-25T00:00:00Z', 'refused'],
  ['0 9 * *', '2026-07-25T00:00:00Z', 'refused'],
  ['0 9 * * mon-', '2026-07-25T00:00:00Z', 'refused'],
  ['60 9 * * *', '2026-07-25T00:00:00Z', 'refused'],
  ['*/0 9 * * *', '2026-07-25T00:00:00Z', 'refused'],
  ['@every 5m', '2026-07-25T00:00:00Z', 'refused'],
])('%s hits after %s at %s', (text, after, hit) => {
  expect(next(text, after)).toBe(hit);
});

test('hits as another implementation does, for any schedule of the usual forms', () => {
  const field = (lowest: number, highest: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: lowest, max: highest }).map(String),
      fc
        .tuple(fc.integer({ min: lowest, max: highest }), fc.integer({ min: lowest, max: highest }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.integer({ min: 2, max: 7 }).map((step) => `${lowest}-${highest}/${step}`),
    );
  const schedules = fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
    .map((fields) => fields.join(' '));
  const moments = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') });
  fc.assert(
    fc.property(schedules, moments, (text, after) => {
      const other = new Cron(text, { timezone: 'UTC', paused: true, mode: '5-part' });
      const schedule = scheduleOf(text);
      expect(schedule).toBeDefined();
      if (schedule === undefined) return;
      expect(iso(nextHit(schedule, after))).toBe(iso(other.nextRun(new Date(after))?.getTime()));
    }),
    { numRuns: 200 },
  );
});
