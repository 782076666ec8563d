import { describe, expect, test } from 'vitest';
import { currentSpan, nextStart, startOfDay } from '../../src/shared/recurrence.ts';
import { hour, isoOf } from '../../src/shared/time.ts';

const at = (text: string) => Date.parse(text);

/** Starts of a daily window on the days around a change of the clocks, in UTC. */
function starts(cron: string, timeZone: string, from: string, count: number): string[] {
  const found: string[] = [];
  for (let next = nextStart({ cron, timeZone }, at(from)); next !== undefined; ) {
    found.push(isoOf(next).slice(5, 16));
    if (found.length === count) break;
    next = nextStart({ cron, timeZone }, next);
  }
  return found;
}

describe('a time of day in the days around a change of the clocks', () => {
  test.each([
    // Berlin: 02:00 → 03:00 on 29 March, 03:00 → 02:00 on 25 October 2026.
    [
      'Europe/Berlin',
      '0 9 * * *',
      '2026-03-27T12:00Z',
      ['03-28T08:00', '03-29T07:00', '03-30T07:00'],
    ],
    [
      'Europe/Berlin',
      '30 2 * * *',
      '2026-03-27T12:00Z',
      ['03-28T01:30', '03-29T01:00', '03-30T00:30'],
    ],
    [
      'Europe/Berlin',
      '0 9 * * *',
      '2026-10-23T12:00Z',
      ['10-24T07:00', '10-25T08:00', '10-26T08:00'],
    ],
    [
      'Europe/Berlin',
      '30 2 * * *',
      '2026-10-23T12:00Z',
      ['10-24T00:30', '10-25T00:30', '10-26T01:30'],
    ],
    // New York: 02:00 → 03:00 on 8 March, 02:00 → 01:00 on 1 November 2026.
    [
      'America/New_York',
      '0 22 * * *',
      '2026-03-06T12:00Z',
      ['03-07T03:00', '03-08T03:00', '03-09T02:00'],
    ],
    [
      'America/New_York',
      '30 2 * * *',
      '2026-03-06T12:00Z',
      ['03-07T07:30', '03-08T07:00', '03-09T06:30'],
    ],
    [
      'America/New_York',
      '30 1 * * *',
      '2026-10-30T12:00Z',
      ['10-31T05:30', '11-01T05:30', '11-02T06:30'],
    ],
    // Kolkata never changes, and is half an hour off.
    [
      'Asia/Kolkata',
      '0 9 * * *',
      '2026-03-27T12:00Z',
      ['03-28T03:30', '03-29T03:30', '03-30T03:30'],
    ],
    [
      'Asia/Kolkata',
      '0 9 * * *',
      '2026-10-23T12:00Z',
      ['10-24T03:30', '10-25T03:30', '10-26T03:30'],
    ],
    // Lord Howe changes by half an hour: 02:00 → 01:30 on 5 April, 02:00 → 02:30 on 4 October 2026.
    [
      'Australia/Lord_Howe',
      '45 1 * * *',
      '2026-04-03T00:00Z',
      ['04-03T14:45', '04-04T14:45', '04-05T15:15'],
    ],
    [
      'Australia/Lord_Howe',
      '0 9 * * *',
      '2026-04-03T12:00Z',
      ['04-03T22:00', '04-04T22:30', '04-05T22:30'],
    ],
    [
      'Australia/Lord_Howe',
      '15 2 * * *',
      '2026-10-02T00:00Z',
      ['10-02T15:45', '10-03T15:30', '10-04T15:15'],
    ],
    [
      'Australia/Lord_Howe',
      '0 9 * * *',
      '2026-10-02T12:00Z',
      ['10-02T22:30', '10-03T22:00', '10-04T22:00'],
    ],
  ])('%s, %s from %s', (timeZone, cron, from, expected) => {
    expect(starts(cron, timeZone, from, 3)).toEqual(expected);
  });
});

describe('a window over the change of the clocks lasts the hours it says', () => {
  test.each([
    // A night of 23 hours, and one of 25: from 22:00, eight hours end at 07:00 and at 05:00.
    ['Europe/Berlin', '0 22 * * *', '2026-03-28T23:00Z', '2026-03-28T21:00Z', '2026-03-29T05:00Z'],
    ['Europe/Berlin', '0 22 * * *', '2026-10-24T23:00Z', '2026-10-24T20:00Z', '2026-10-25T04:00Z'],
    [
      'America/New_York',
      '0 22 * * *',
      '2026-11-01T05:00Z',
      '2026-11-01T02:00Z',
      '2026-11-01T10:00Z',
    ],
    ['Asia/Kolkata', '0 22 * * *', '2026-03-28T17:00Z', '2026-03-28T16:30Z', '2026-03-29T00:30Z'],
    [
      'Australia/Lord_Howe',
      '0 22 * * *',
      '2026-04-04T14:00Z',
      '2026-04-04T11:00Z',
      '2026-04-04T19:00Z',
    ],
  ])('%s', (timeZone, cron, now, from, until) => {
    const span = currentSpan({ cron, timeZone, durationMs: 8 * hour }, at(now));
    expect(span).toEqual({ from: at(from), until: at(until) });
  });
});

test('a span begins with its first instant and ends before its last', () => {
  const nine = { cron: '0 9 * * *', timeZone: 'Europe/Berlin', durationMs: 2 * hour };
  expect(currentSpan(nine, at('2026-11-20T08:00:00Z'))).toBeDefined();
  expect(currentSpan(nine, at('2026-11-20T07:59:59.999Z'))).toBeUndefined();
  expect(currentSpan(nine, at('2026-11-20T09:59:59.999Z'))).toBeDefined();
  expect(currentSpan(nine, at('2026-11-20T10:00:00Z'))).toBeUndefined();
});

test('of spans that overlap the last to begin counts', () => {
  const often = { cron: '0 * * * *', timeZone: 'UTC', durationMs: 3 * hour };
  expect(currentSpan(often, at('2026-11-20T09:30Z'))).toEqual({
    from: at('2026-11-20T09:00Z'),
    until: at('2026-11-20T12:00Z'),
  });
});

test('a day begins when the clocks of the place say so', () => {
  const day = { year: 2026, month: 3, day: 29 };
  expect(isoOf(startOfDay(day, 'Europe/Berlin'))).toBe('2026-03-28T23:00:00Z');
  expect(isoOf(startOfDay({ ...day, day: 30 }, 'Europe/Berlin'))).toBe('2026-03-29T22:00:00Z');
  expect(isoOf(startOfDay(day, 'Asia/Kolkata'))).toBe('2026-03-28T18:30:00Z');
  // The 32nd of December is the first of January.
  expect(isoOf(startOfDay({ year: 2026, month: 12, day: 32 }, 'America/New_York'))).toBe(
    '2027-01-01T05:00:00Z',
  );
  // Cairo's clocks skip midnight on 24 April 2026: that day begins at one.
  expect(isoOf(startOfDay({ year: 2026, month: 4, day: 24 }, 'Africa/Cairo'))).toBe(
    '2026-04-23T22:00:00Z',
  );
});
