import { currentSpan, nextStart, startOfDay } from '../shared/recurrence.ts';
import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import type { EnvironmentPolicy, Freeze, MergeWindow } from './policy.ts';
import { windowsOf } from './policy.ts';

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

type Rules = Pick<EnvironmentPolicy, 'window' | 'alsoWithin' | 'freezes'>;

/**
 * @param forecastMs how long the wave is expected to take from its merge to its last node; `undefined`: not known, and
 * then nothing is held back on a guess.
 * @param bypass the window was lifted by people; freezes never are.
 */
export function mergeHours(
  rules: Rules,
  now: Instant,
  { forecastMs, bypass = false }: { readonly forecastMs?: number; readonly bypass?: boolean } = {},
): MergeHours {
  const { freezes = [] } = rules;
  const windows = bypass ? [] : windowsOf(rules);
  const frozen = frozenBy(freezes, now);
  const opens = () => opening(windows, freezes, now, forecastMs);
  if (frozen !== undefined) {
    return { open: false, because: 'freeze', reason: frozen.reason, ...opens() };
  }
  const last = lastMoment(windows, now);
  if (typeof last !== 'number') return { open: false, because: 'window', ...opens() };
  if (!mustFinish(windows)) return { open: true };
  if (forecastMs === undefined) return { open: true, forecastUnknown: true };
  return now + forecastMs <= last
    ? { open: true }
    : { open: false, because: 'forecast', ...opens() };
}

/** When a merge that may be made now may not be made any more, by the clock alone; `undefined`: not within a year. */
export function closesAt(
  rules: Rules,
  now: Instant,
  { bypass = false }: { readonly bypass?: boolean } = {},
): Instant | undefined {
  const windows = bypass ? [] : windowsOf(rules);
  const ends = windows.flatMap((window) => currentSpan(window, now)?.until ?? []);
  const starts = (rules.freezes ?? []).flatMap((freeze) => startOf(freeze, now) ?? []);
  const first = Math.min(...ends, ...starts);
  return first < now + 366 * day ? first : undefined;
}

/** When a freeze begins next. */
function startOf(freeze: Freeze, now: Instant): Instant | undefined {
  if ('cron' in freeze) return nextStart(freeze, now);
  const { from, timeZone } = freeze;
  const year = new Date(now).getUTCFullYear();
  const years = from.length > 5 ? [0] : [year - 1, year, year + 1];
  return years.map((one) => startOfDay(dayOf(from, one), timeZone)).find((at) => at > now);
}

/** When the first of the open windows ends (infinity: there are none), or the window that is closed now. */
function lastMoment(windows: readonly MergeWindow[], now: Instant): Instant | MergeWindow {
  let last = Number.POSITIVE_INFINITY;
  for (const window of windows) {
    const span = currentSpan(window, now);
    if (span === undefined) return window;
    last = Math.min(last, span.until);
  }
  return last;
}

/** What one policy wants to end inside its window has to end before any of them does. */
function mustFinish(windows: readonly MergeWindow[]): boolean {
  return windows.some(({ finishBefore }) => finishBefore === true);
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
  windows: readonly MergeWindow[],
  freezes: readonly Freeze[],
  now: Instant,
  forecastMs = 0,
): { readonly opensAt?: Instant } {
  const needed = mustFinish(windows) ? forecastMs : 0;
  if (windows.some(({ durationMs }) => needed > durationMs)) return {};
  for (let at = now, tries = 0; at < now + 366 * day && tries < 1000; tries += 1) {
    const frozen = frozenBy(freezes, at);
    if (frozen !== undefined) {
      at = frozen.until;
      continue;
    }
    const last = lastMoment(windows, at);
    if (typeof last === 'number' && at + needed <= last) return { opensAt: at };
    // It is closed, or the first of them to end leaves too little time: not before that one begins anew.
    const late =
      typeof last === 'number'
        ? windows.find((window) => currentSpan(window, at)?.until === last)
        : last;
    const next = late === undefined ? undefined : nextStart(late, at);
    if (next === undefined) return {};
    at = next;
  }
  return {};
}
