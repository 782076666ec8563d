import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';
import { day, hour, minute, second } from '../../src/shared/time.ts';

test.each([
  ['90s', 90 * second],
  ['15m', 15 * minute],
  ['2h', 2 * hour],
  ['7d', 7 * day],
  ['1h30m', 90 * minute],
  ['1d2h3m4s5ms', day + 2 * hour + 3 * minute + 4 * second + 5],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '5', '-5m', '1.5h', '5 m', '30m1h', '1h1h', '1w', 'h', '5M', '9999999d', 'never'])(
  '%j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test('a duration is the sum of its parts', () => {
  const count = fc.integer({ min: 0, max: 999_999 });
  fc.assert(
    fc.property(count, count, count, count, (d, h, m, s) => {
      expect(parseDuration(`${d}d${h}h${m}m${s}s`)).toBe(
        d * day + h * hour + m * minute + s * second,
      );
    }),
  );
});
