import { describe, expect, test } from 'vitest';
import { closesAt, frozenBy, mergeHours } from '../../src/rollout/merge-hours.ts';
import type { Freeze, MergeWindow } from '../../src/rollout/policy.ts';
import { hour, isoOf } from '../../src/shared/time.ts';

const at = (text: string) => Date.parse(text);
const window: MergeWindow = {
  cron: '0 9 * * 1-4',
  durationMs: 6 * hour,
  timeZone: 'Europe/Berlin',
};
const yearEnd: Freeze = {
  from: '12-18',
  to: '01-03',
  timeZone: 'Europe/Berlin',
  reason: 'year-end',
};

// 23 November 2026 is a Monday; the window is open from 08:00Z to 14:00Z.
const monday = at('2026-11-23T10:00Z');

test('without rules merges may be made at any time', () => {
  expect(mergeHours({}, monday)).toEqual({ open: true });
});

describe('a window', () => {
  test.each([
    ['open', '2026-11-23T08:00Z', { open: true }],
    ['just closed', '2026-11-23T14:00Z', '2026-11-24T08:00Z'],
    ['closed until after the weekend', '2026-11-26T15:00Z', '2026-11-30T08:00Z'],
  ])('%s', (_, now, expected) => {
    const hours = mergeHours({ window }, at(now));
    if (typeof expected !== 'string') expect(hours).toEqual(expected);
    else expect(hours).toEqual({ open: false, because: 'window', opensAt: at(expected) });
  });

  test('is lifted by people, and a freeze is not', () => {
    const sunday = at('2026-11-22T10:00Z');
    expect(mergeHours({ window }, sunday, { bypass: true })).toEqual({ open: true });
    const frozen = mergeHours({ window, freezes: [yearEnd] }, at('2026-12-20T10:00Z'), {
      bypass: true,
    });
    expect(frozen).toMatchObject({ open: false, because: 'freeze', reason: 'year-end' });
    // Without the window, it opens with the end of the freeze.
    expect(frozen).toMatchObject({ opensAt: at('2027-01-03T23:00Z') });
  });
});

test.each<readonly [string, Parameters<typeof closesAt>[0], string, string | undefined]>([
  ['nothing closes what is always open', {}, '2026-11-23T10:00Z', undefined],
  ['a window', { window }, '2026-11-23T10:00Z', '2026-11-23T14:00Z'],
  ['a yearly freeze', { freezes: [yearEnd] }, '2026-11-23T10:00Z', '2026-12-17T23:00Z'],
  ['its next year', { freezes: [yearEnd] }, '2026-12-20T10:00Z', '2027-12-17T23:00Z'],
  ['whatever is first', { window, freezes: [yearEnd] }, '2026-12-17T10:00Z', '2026-12-17T14:00Z'],
  [
    'a recurring freeze',
    { freezes: [{ cron: '0 11 * * *', durationMs: hour, timeZone: 'UTC', reason: 'noon' }] },
    '2026-11-23T10:00Z',
    '2026-11-23T11:00Z',
  ],
])('closes at: %s', (_, rules, now, expected) => {
  const closing = closesAt(rules, at(now));
  expect(closing === undefined ? undefined : isoOf(closing)).toBe(
    expected === undefined ? undefined : isoOf(at(expected)),
  );
});

describe('where a merge has to end inside the window', () => {
  const finishing = { window: { ...window, finishBefore: true } };

  test('it is made while the forecast fits', () => {
    expect(mergeHours(finishing, monday, { forecastMs: 4 * hour })).toEqual({ open: true });
  });
  test('else the next start is named', () => {
    expect(mergeHours(finishing, monday, { forecastMs: 5 * hour })).toEqual({
      open: false,
      because: 'forecast',
      opensAt: at('2026-11-24T08:00Z'),
    });
  });
  test('what never fits has no next start', () => {
    expect(mergeHours(finishing, monday, { forecastMs: 7 * hour })).toEqual({
      open: false,
      because: 'forecast',
    });
  });
  test('a forecast nobody has is named, and holds nothing back', () => {
    expect(mergeHours(finishing, monday)).toEqual({ open: true, forecastUnknown: true });
  });
});

describe('a freeze', () => {
  test.each([
    ['the evening before', '2026-12-17T22:59Z', undefined],
    ['from midnight by the clocks of the place', '2026-12-17T23:00Z', '2027-01-03T23:00Z'],
    ['over New Year', '2027-01-01T12:00Z', '2027-01-03T23:00Z'],
    ['on its last day', '2027-01-03T22:59Z', '2027-01-03T23:00Z'],
    ['no longer', '2027-01-03T23:00Z', undefined],
  ])('every year: %s', (_, now, until) => {
    const found = frozenBy([yearEnd], at(now))?.until;
    expect(found === undefined ? undefined : isoOf(found)).toBe(
      until === undefined ? undefined : isoOf(at(until)),
    );
  });

  test('of one day with a year comes once', () => {
    const once: Freeze = {
      from: '2026-03-29',
      to: '2026-03-29',
      timeZone: 'Europe/Berlin',
      reason: 'x',
    };
    // A day of 23 hours.
    expect(frozenBy([once], at('2026-03-28T23:00Z'))?.until).toBe(at('2026-03-29T22:00Z'));
    expect(frozenBy([once], at('2026-03-29T22:00Z'))).toBeUndefined();
    expect(frozenBy([once], at('2027-03-29T10:00Z'))).toBeUndefined();
  });

  test('that recurs holds as long as it says', () => {
    const closing: Freeze = {
      cron: '0 0 28 * *',
      durationMs: 48 * hour,
      timeZone: 'UTC',
      reason: 'closing',
    };
    expect(frozenBy([closing], at('2026-11-29T12:00Z'))).toEqual({
      reason: 'closing',
      until: at('2026-11-30T00:00Z'),
    });
    expect(frozenBy([closing], at('2026-11-27T12:00Z'))).toBeUndefined();
  });

  test('that holds longest is the one that is named', () => {
    const short: Freeze = {
      from: '2026-12-20',
      to: '2026-12-20',
      timeZone: 'UTC',
      reason: 'short',
    };
    expect(frozenBy([short, yearEnd], at('2026-12-20T10:00Z'))?.reason).toBe('year-end');
    expect(frozenBy([yearEnd, short], at('2026-12-20T10:00Z'))?.reason).toBe('year-end');
  });

  test('ends before the next window that fits', () => {
    // The first Monday of the year, as the freeze ends on Sunday night.
    expect(mergeHours({ window, freezes: [yearEnd] }, at('2026-12-21T10:00Z'))).toMatchObject({
      because: 'freeze',
      opensAt: at('2027-01-04T08:00Z'),
    });
  });

  test('that never ends has no next start', () => {
    const always: Freeze = {
      cron: '0 0 * * *',
      durationMs: 24 * hour,
      timeZone: 'UTC',
      reason: 'x',
    };
    expect(mergeHours({ freezes: [always] }, monday)).toEqual({
      open: false,
      because: 'freeze',
      reason: 'x',
    });
  });
});
