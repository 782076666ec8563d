import type { Instant } from '../../src/shared/time.ts';
import { day, hour, minute } from '../../src/shared/time.ts';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Reads `2d`, `4h`, `mon`, `2026-11-24`: from now, the next such day at 09:00, or that day at 09:00, in the reader's
 * zone as an offset from UTC. `undefined` for anything else, and for the past.
 * @param offsetMs the reader's offset, positive east of UTC.
 */
export function untilOf(text: string, now: Instant, offsetMs = 0): Instant | undefined {
  const word = text.trim().toLowerCase();
  const span = /^(\d{1,3})(m|h|d|w)$/.exec(word);
  if (span !== null) {
    const unit = { m: minute, h: hour, d: day, w: 7 * day }[span[2] as 'm' | 'h' | 'd' | 'w'];
    const ms = Number(span[1]) * unit;
    return ms > 0 ? now + ms : undefined;
  }
  const midnight = Math.floor((now + offsetMs) / day) * day;
  const index = weekdays.indexOf(word.slice(0, 3));
  if (index !== -1 && /^[a-z]{3,9}$/.test(word)) {
    const today = new Date(midnight).getUTCDay();
    const ahead = (index - today + 7) % 7 || 7;
    return midnight + ahead * day + 9 * hour - offsetMs;
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(word)) {
    const date = Date.parse(`${word}T09:00:00Z`);
    const at = date - offsetMs;
    return Number.isNaN(date) || at <= now ? undefined : at;
  }
  return undefined;
}

/** The next working day, 09:00 in the reader's zone. */
export function nextWorkingMorning(now: Instant, offsetMs = 0): Instant {
  let at = Math.floor((now + offsetMs) / day) * day + day;
  while ([0, 6].includes(new Date(at).getUTCDay())) at += day;
  return at + 9 * hour - offsetMs;
}
