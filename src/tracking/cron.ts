import type { Instant } from '../shared/time.ts';
import { day, minute } from '../shared/time.ts';

/** A schedule as robfig/cron's standard parser reads it, always in UTC. */
export type Schedule = {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Day of month and day of week both have to fit when one of them is a star; else either suffices. */
  readonly anyDay: boolean;
};

/** robfig/cron looks five years ahead and then says never. */
const horizonDays = 5 * 366;

/** @returns `undefined` for what Karpenter's parser refuses, such as Sunday as 7. */
export function scheduleOf(text: string): Schedule | undefined {
  const fields = (nicknames[text] ?? text).trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minuteField, hourField, dayField, monthField, weekdayField] = fields as Five;
  const minutes = valuesOf(minuteField, 0, 59);
  const hours = valuesOf(hourField, 0, 23);
  const days = valuesOf(dayField, 1, 31);
  const months = valuesOf(monthField, 1, 12, monthNames);
  const weekdays = valuesOf(weekdayField, 0, 6, weekdayNames);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  const anyDay = !isStar(dayField) && !isStar(weekdayField);
  return { minutes, hours, days, months, weekdays, anyDay };
}

/** The first hit later than `after`; `undefined` when there is none within five years. */
export function nextHit(schedule: Schedule, after: Instant): Instant | undefined {
  const from = Math.floor(after / minute) * minute + minute;
  const firstDay = Math.floor(from / day) * day;
  const hours = [...schedule.hours].sort((a, b) => a - b);
  const minutes = [...schedule.minutes].sort((a, b) => a - b);
  for (let step = 0; step < horizonDays; step += 1) {
    const midnight = firstDay + step * day;
    if (!isOnDay(schedule, new Date(midnight))) continue;
    for (const hourOfDay of hours)
      for (const minuteOfHour of minutes) {
        const hit = midnight + (hourOfDay * 60 + minuteOfHour) * minute;
        if (hit >= from) return hit;
      }
  }
  return undefined;
}

type Five = [string, string, string, string, string];

function isOnDay({ days, months, weekdays, anyDay }: Schedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [onDay, onWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return anyDay ? onDay || onWeekday : onDay && onWeekday;
}

/** With a step above 1 it is no longer a star to robfig/cron. */
function isStar(field: string): boolean {
  return field.split(',').some((part) => /^[*?](?:\/1)?$/.test(part));
}

function valuesOf(
  field: string,
  lowest: number,
  highest: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  const numberOf = (text: string) => {
    const named = names.indexOf(text.toLowerCase());
    if (named >= 0) return named + lowest;
    return /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  for (const part of field.split(',')) {
    const [range = '', stepText, ...rest] = part.split('/');
    const [startText = '', endText, ...more] = range.split('-');
    const star = startText === '*' || startText === '?';
    if (rest.length > 0 || more.length > 0 || (star && endText !== undefined)) return undefined;
    const step = stepText === undefined ? 1 : numberOf(stepText);
    const start = star ? lowest : numberOf(startText);
    // `5/15` means from 5 to the end
    const alone = stepText === undefined ? start : highest;
    const end = star ? highest : endText === undefined ? alone : numberOf(endText);
    if (!(start >= lowest && end <= highest && start <= end && step > 0)) return undefined;
    for (let value = start; value <= end; value += step) values.add(value);
  }
  return values;
}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdayNames = 'sun mon tue wed thu fri sat'.split(' ');

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
