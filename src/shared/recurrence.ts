import { Cron } from 'croner';
import { z } from 'zod';
import type { Instant } from './time.ts';

/** Spans of time that come again and again, told by the clocks of one place. */
export const Recurrence = z.object({
  /** Five cron fields: when each span begins. */
  cron: z.string(),
  /** Hours that really pass, in ms: on the day the clocks change, a span still lasts this long. */
  durationMs: z.number(),
  /** IANA time zone of `cron`. */
  timeZone: z.string(),
});
export type Recurrence = z.infer<typeof Recurrence>;

/** From `from`, inclusive, to `until`, exclusive. */
export type Span = { readonly from: Instant; readonly until: Instant };

// Reading a pattern costs more than asking it, and there are only as many as a configuration has.
const patterns = new Map<string, Cron>();

function patternOf(cron: string, timezone: string): Cron {
  const key = `${timezone} ${cron}`;
  const pattern = patterns.get(key) ?? new Cron(cron, { timezone, paused: true });
  patterns.set(key, pattern);
  return pattern;
}

/**
 * When the next span begins, strictly after `after`; `undefined`: never. A time that the clocks skip stands for the
 * moment after the gap, and one they show twice for the first of the two, except where the pattern is hourly.
 */
export function nextStart(
  { cron, timeZone }: Pick<Recurrence, 'cron' | 'timeZone'>,
  after: Instant,
): Instant | undefined {
  const known = gapsOf(`${timeZone} ${cron}`);
  const gap = known.find(({ from, until }) => from <= after && after < until);
  if (gap !== undefined) return gap.until;
  const next = patternOf(cron, timeZone).nextRun(new Date(after))?.getTime();
  if (next !== undefined)
    known.splice(0, known.length, { from: after, until: next }, ...known.slice(0, 7));
  return next;
}

// A look asks for the same few gaps between starts again and again, and the arithmetic of zones is slow.
const gaps = new Map<string, Span[]>();

function gapsOf(key: string): Span[] {
  const known = gaps.get(key) ?? [];
  gaps.set(key, known);
  return known;
}

/** The span that `now` is in; of several that overlap, the last to begin. */
export function currentSpan(recurrence: Recurrence, now: Instant): Span | undefined {
  const { durationMs } = recurrence;
  let from: Instant | undefined;
  for (let next = nextStart(recurrence, now - durationMs); next !== undefined && next <= now; ) {
    from = next;
    next = nextStart(recurrence, next);
  }
  return from === undefined ? undefined : { from, until: from + durationMs };
}

const midnights = new Map<string, Instant>();

/** Midnight of a day by the clocks of a place; a day without midnight begins when its clocks begin. `month` from 1. */
export function startOfDay(
  { year, month, day }: { readonly year: number; readonly month: number; readonly day: number },
  timeZone: string,
): Instant {
  // Through UTC, so that the 32nd of a month is the first of the next, and 29 February of most years 1 March.
  const date = new Date(Date.UTC(year, month - 1, day));
  const key = `${date.getTime()} ${timeZone}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  const cron = `0 0 ${date.getUTCDate()} ${date.getUTCMonth() + 1} *`;
  const twoDaysBefore = date.getTime() - 2 * 24 * 3_600_000;
  const start = nextStart({ cron, timeZone }, twoDaysBefore);
  if (start === undefined) throw new Error(`${date.toISOString()} never comes in ${timeZone}`);
  midnights.set(key, start);
  return start;
}
