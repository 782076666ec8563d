import { expect, test } from 'vitest';
import { localTimes } from '../../src/cli/local-times.ts';

const said = 'it opens 2026-07-27T17:00:00Z, and 2026-11-20T23:30:00Z; 2026-99-99T00:00:00Z.';

test.each([
  ['UTC', said],
  [
    'Europe/Berlin',
    'it opens 2026-07-27 19:00 GMT+2, and 2026-11-21 00:30 GMT+1; 2026-99-99T00:00:00Z.',
  ],
  [
    'Asia/Kolkata',
    'it opens 2026-07-27 22:30 GMT+5:30, and 2026-11-21 05:00 GMT+5:30; 2026-99-99T00:00:00Z.',
  ],
])('times are told in %s, and what is no time stays', (timeZone, text) => {
  expect(localTimes(said, timeZone)).toBe(text);
});
