import { z } from 'zod';
import { currentSpan, nextStart } from '../shared/recurrence.ts';
import { day } from '../shared/time.ts';
import { duration, relation, section, text } from './fields.ts';
import { parseSchedule, scheduleForm } from './schedule.ts';
import { timeZone } from './time-zone.ts';

// When merges may be made, and when not.

const schedule = z
  .string({ error: () => scheduleForm })
  .refine((value) => parseSchedule(value) !== undefined, { error: () => scheduleForm })
  .transform((value) => parseSchedule(value) ?? value);

export const Window = section({
  cron: schedule.describe("When it opens: 'Mon-Thu 09:00', or five cron fields."),
  duration: duration('15m', '31d').describe('How long it stays open, in hours that pass.'),
  timeZone: timeZone().prefault('UTC').describe('IANA time zone of cron.'),
})
  .check(
    relation<{ cron?: unknown; duration?: unknown; timeZone?: unknown }>(
      ({ cron, duration: lasts, timeZone: zone }) => closes(cron, lasts, zone),
      ['duration'],
      'is as long as the time from one opening to the next: the window would never close.',
    ),
  )
  .describe('When merges may be made; left out: always.');

/** Whether the window is ever closed, in the year from an arbitrary day on. */
function closes(cron: unknown, lasts: unknown, zone: unknown): boolean {
  if (typeof cron !== 'string' || typeof lasts !== 'number' || typeof zone !== 'string')
    return true;
  try {
    const recurrence = { cron, durationMs: lasts, timeZone: zone };
    let at = Date.UTC(2026, 0, 1);
    for (let count = 0; count < 1000 && at < Date.UTC(2027, 0, 1); count += 1) {
      const next = nextStart(recurrence, at);
      if (next === undefined) return true;
      const end = next + lasts;
      if (currentSpan(recurrence, end) === undefined) return true;
      at = next;
    }
    return false;
  } catch {
    // What is wrong with the zone or the schedule is told at its own key.
    return true;
  }
}

const days = 'a day as 2026-12-18, or as 12-18 for every year';
const dayOf = () => text(/^(\d{4}-)?\d{2}-\d{2}$/, days).refine(isDay, { error: () => days });

type FreezeKeys = {
  readonly from?: unknown;
  readonly to?: unknown;
  readonly cron?: unknown;
  readonly duration?: unknown;
};

export const Freeze = section({
  from: dayOf().optional().describe('First day without merges: 2026-12-18, or 12-18 every year.'),
  to: dayOf().optional().describe('Last day without merges, included.'),
  cron: schedule.optional().describe('Instead of from and to: when a recurring one begins.'),
  duration: duration('15m', '92d').optional().describe('How long a recurring one lasts.'),
  timeZone: timeZone().prefault('UTC').describe('IANA time zone of the days or the schedule.'),
  reason: text(/\S/, 'a reason, which everybody reads').describe('Why; it stands on the card.'),
})
  .check(
    relation<FreezeKeys>(
      ({ from, to, cron, duration: lasts }) =>
        (from !== undefined && to !== undefined && cron === undefined && lasts === undefined) ||
        (from === undefined && to === undefined && cron !== undefined && lasts !== undefined),
      [],
      'needs from and to, or cron and duration.',
    ),
    relation<FreezeKeys>(
      ({ from, to }) =>
        typeof from !== 'string' || typeof to !== 'string' || from.length === to.length,
      ['to'],
      'must be written as from is: both with a year, or both without.',
    ),
    relation<FreezeKeys>(
      ({ from, to }) =>
        typeof from !== 'string' ||
        typeof to !== 'string' ||
        from.length !== to.length ||
        from.length === 5 ||
        from <= to,
      ['to'],
      'is before from.',
    ),
    relation<FreezeKeys>(
      ({ from, to }) =>
        typeof from !== 'string' ||
        typeof to !== 'string' ||
        from.length !== 10 ||
        to.length !== 10 ||
        Date.parse(to) - Date.parse(from) <= 366 * day,
      ['to'],
      'is more than a year after from.',
    ),
  )
  .transform(({ from, to, cron, duration: durationMs, timeZone: zone, reason }) =>
    cron !== undefined && durationMs !== undefined
      ? { cron, durationMs, timeZone: zone, reason }
      : { from: from ?? '', to: to ?? '', timeZone: zone, reason },
  )
  .describe('A time without merges.');

/** Whether a calendar has that day; without a year, in a leap year. */
function isDay(text: string): boolean {
  const whole = text.length === 5 ? `2024-${text}` : text;
  const date = new Date(`${whole}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(whole);
}
