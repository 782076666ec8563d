import { describe, expect, test } from 'vitest';
import { encodeAskBlock } from '../../blocks/card-key.ts';
import { readClick } from '../../handlers/click.ts';
import { parseTyped } from '../../handlers/commands/grammar.ts';
import { nextWorkingMorning, untilOf } from '../../handlers/commands/when.ts';
import { day, hour, minute } from '../../src/shared/time.ts';
import { id } from '../rollout/story.ts';

describe('what is typed is read', () => {
  test.each([
    ['', { verb: 'status', rest: '' }],
    ['   ', { verb: 'status', rest: '' }],
    ['STATUS', { verb: 'status', rest: '' }],
    ['show 7f3', { verb: 'show', id: '7f3', rest: '' }],
    ['show ro_7F3', { verb: 'show', id: '7f3', rest: '' }],
    ['approve 7f3 “looks good”', { verb: 'approve', id: '7f3', rest: 'looks good' }],
    ['reject 7f3 it’s broken', { verb: 'reject', id: '7f3', rest: "it's broken" }],
    ['reject a &lt; b &amp;&amp; c', { verb: 'reject', rest: 'a < b && c' }],
    ['reject &amp;lt;', { verb: 'reject', rest: '&lt;' }],
    ['approve looks good', { verb: 'approve', rest: 'looks good' }],
    ['reject bad kernel', { verb: 'reject', maybeId: 'bad', rest: 'kernel' }],
    ['reject ro_bad kernel', { verb: 'reject', id: 'bad', rest: 'kernel' }],
    ['approve ro_7f', { verb: 'approve', id: '7f', rest: '' }],
    ['approve ro_5a0c1d2e3g fine', { verb: 'approve', id: '5a0c1d2e3g', rest: 'fine' }],
    ['pause ro_5a0c1d2e3f0', { verb: 'pause', id: '5a0c1d2e3f0', rest: '' }],
    ['pause ro_', { verb: 'pause', rest: 'ro_' }],
    ['snooze 2d', { verb: 'snooze', rest: '2d' }],
    ['snooze 14d', { verb: 'snooze', maybeId: '14d', rest: '' }],
    ['snooze 7f3 14d', { verb: 'snooze', id: '7f3', rest: '14d' }],
    ['snooze 2026-11-24', { verb: 'snooze', rest: '2026-11-24' }],
    ['freeze 7f3 is bad', { verb: 'freeze', rest: '7f3 is bad' }],
    ['freeze\nblack friday', { verb: 'freeze', rest: 'black friday' }],
  ] as const)('%s', (text, typed) => {
    expect(parseTyped(text)).toEqual({ kind: 'typed', typed });
  });

  test.each([
    ['stat', 'status'],
    ['roll-back', 'rollback'],
    ['unfreze now', 'unfreeze'],
    ['x'.repeat(5_000), undefined],
    ['🦆', undefined],
  ])('%s is unknown, with the nearest', (text, nearest) => {
    const parsed = parseTyped(text);
    expect(parsed.kind).toBe('unknown');
    if (nearest !== undefined) expect(parsed).toMatchObject({ nearest });
  });
});

/** Friday noon, UTC. */
const friday = Date.UTC(2026, 10, 20, 12);
const berlin = hour;

describe('until when', () => {
  test.each([
    ['5m', friday + 5 * minute],
    ['4h', friday + 4 * hour],
    ['2d', friday + 2 * day],
    ['1W', friday + 7 * day],
    ['mon', Date.UTC(2026, 10, 23, 8)],
    ['Friday', Date.UTC(2026, 10, 27, 8)],
    ['2026-11-24', Date.UTC(2026, 10, 24, 8)],
  ])('%s', (text, at) => {
    expect(untilOf(text, friday, berlin)).toBe(at);
  });

  test.each([
    '',
    '0d',
    '-1d',
    '2',
    '2y',
    'monk3y',
    'm',
    '2026-11-19',
    '2026-13-01',
    '2026-02-31',
    '9999d x',
  ])('%s is no time to come', (text) => {
    expect(untilOf(text, friday, berlin)).toBeUndefined();
  });

  test('the next working morning skips the weekend, by the calendar of the reader', () => {
    expect(nextWorkingMorning(friday, berlin)).toBe(Date.UTC(2026, 10, 23, 8));
    // 23:30 UTC on Sunday is Monday in Berlin already.
    expect(nextWorkingMorning(Date.UTC(2026, 10, 22, 23, 30), berlin)).toBe(
      Date.UTC(2026, 10, 24, 8),
    );
  });
});

describe('a choice from the menu of an ask', () => {
  const key = { rolloutId: id, environment: 'e'.repeat(63), ask: 12 };
  const body = (action: object) => ({
    trigger_id: '1.2',
    user: { id: 'U0ANN' },
    actions: [{ action_id: 'rollout:more', ...action }],
  });

  test('finds its ask in the name of the row, also for the longest name of an environment', () => {
    const block = encodeAskBlock(key);
    expect(block.length).toBeLessThanOrEqual(255);
    expect(
      readClick(body({ block_id: block, selected_option: { value: 'withdraw' } })),
    ).toMatchObject({ key, choice: 'withdraw' });
  });

  test.each([
    { block_id: 'ask {}', selected_option: { value: 'withdraw' } },
    { block_id: 'other', selected_option: { value: 'withdraw' } },
    { selected_option: { value: JSON.stringify({ r: id }) } },
    { value: 'not a key' },
    { value: '{"r":"ro_x"}' },
    {},
  ])('of another making is refused: %j', (action) => {
    expect(() => readClick(body(action))).toThrow('carried no key of ours');
  });
});
