import { currentSpan, nextStart, startOfDay } from '../shared/recurrence.ts';
import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import type { EnvironmentPolicy, Freeze, MergeWindow } from './policy.ts';

/** Why nothing is merged now although everything else is ready. */
export type Closed = {
  readonly because: 'freeze' | 'window' | 'forecast';
  /** Of a freeze. */
  readonly reason?: string;
  /** The next time that fits; absent: none within a year. */
  readonly opensAt?: Instant;
};

/** Whether a merge may be made, by the clock alone. `forecastUnknown`: it was to end inside, and nobody can say. */
export type MergeHours =
  | { readonly open: true; readonly forecastUnknown?: true }
  | ({ readonly open: false } & Closed);

type Rules = Pick<EnvironmentPolicy, 'window' | 'freezes'>;

/**
 * @param forecastMs how long the wave is expected to take from its merge to its last node; `undefined`: not known, and
 * then nothing is held back on a guess.
 * @param bypass the window was lifted by people; freezes never are.
 */
export function mergeHours(
  { window, freezes = [] }: Rules,
  now: Instant,
  { forecastMs, bypass = false }: { readonly forecastMs?: number; readonly bypass?: boolean } = {},
): MergeHours {
  const frozen = frozenBy(freezes, now);
  const within = bypass ? undefined : window;
  if (frozen !== undefined) {
    return {
      open: false,
      because: 'freeze',
      reason: frozen.reason,
      ...opening(within, freezes, now, forecastMs),
    };
  }
  if (within === undefined) return { open: true };
  const span = currentSpan(within, now);
  if (span === undefined) {
    return { open: false, because: 'window', ...opening(within, freezes, now, forecastMs) };
  }
  if (within.finishBefore !== true) return { open: true };
  if (forecastMs === undefined) return { open: true, forecastUnknown: true };
  return now + forecastMs <= span.until
    ? { open: true }
    : { open: false, because: 'forecast', ...opening(within, freezes, now, forecastMs) };
}

/** The freeze that holds now; of several, the one that holds longest. */
export function frozenBy(
  freezes: readonly Freeze[],
  now: Instant,
): { readonly reason: string; readonly until: Instant } | undefined {
  let longest: { reason: string; until: Instant } | undefined;
  for (const freeze of freezes) {
    const until = endOf(freeze, now);
    if (until === undefined || until <= (longest?.until ?? 0)) continue;
    longest = { reason: freeze.reason, until };
  }
  return longest;
}

/** When a freeze that holds now ends. */
function endOf(freeze: Freeze, now: Instant): Instant | undefined {
  if ('cron' in freeze) return currentSpan(freeze, now)?.until;
  const { from, to, timeZone } = freeze;
  const year = new Date(now).getUTCFullYear();
  // A yearly one that runs over New Year began last year; the first hours of a year may be the last of another place's.
  const years = from.length > 5 ? [0] : [year - 1, year, year + 1];
  for (const one of years) {
    const start = dayOf(from, one);
    const turn = from.length <= 5 && to < from ? 1 : 0;
    const end = dayOf(to, one + turn);
    const until = startOfDay({ ...end, day: end.day + 1 }, timeZone);
    if (startOfDay(start, timeZone) <= now && now < until) return until;
  }
  return undefined;
}

/** `2026-12-18`, or `12-18` of a year. */
function dayOf(text: string, year: number): { year: number; month: number; day: number } {
  const numbers = text.split('-').map(Number);
  const [month = 1, date = 1] = numbers.slice(-2);
  return { year: numbers.length === 3 ? (numbers[0] ?? year) : year, month, day: date };
}

/** The first time after now at which all of it would let a merge through. */
function opening(
  window: MergeWindow | undefined,
  freezes: readonly Freeze[],
  now: Instant,
  forecastMs: number | undefined,
): { readonly opensAt?: Instant } {
  const fits = window?.finishBefore !== true || (forecastMs ?? 0) <= window.durationMs;
  if (!fits) return {};
  for (let at = now, tries = 0; at < now + 366 * day && tries < 1000; tries += 1) {
    const frozen = frozenBy(freezes, at);
    if (frozen !== undefined) {
      at = frozen.until;
      continue;
    }
    const span = window === undefined ? undefined : currentSpan(window, at);
    const late = span !== undefined && window?.finishBefore === true;
    if (
      window === undefined ||
      (span !== undefined && !(late && at + (forecastMs ?? 0) > span.until))
    )
      return { opensAt: at };
    const next = nextStart(window, at);
    if (next === undefined) return {};
    at = next;
  }
  return {};
}
