import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import { nextHit, type Schedule, scheduleOf } from './cron.ts';
import { goDurationMs } from './go-duration.ts';
import type { DisruptionBudget } from './types.ts';

/** What the API server fills in where a NodePool names no budget. */
export const defaultBudgets: readonly DisruptionBudget[] = [{ nodes: '10%' }];

/** How many nodes of a pool may be disrupted for a reason, those already being disrupted not yet subtracted. */
export type Allowance = {
  /** Infinity when no budget is active for the reason. */
  readonly allowed: number;
  /** The budget that sets it; absent when none is active. */
  readonly by?: DisruptionBudget;
  /** A schedule nobody can read: Karpenter then allows 0 for every reason, with no word but a controller log. */
  readonly invalid?: DisruptionBudget;
};

/** @param of.total managed and initialized nodes of the pool whose instance is not terminating. */
export function allowanceOf(
  budgets: readonly DisruptionBudget[],
  of: { readonly total: number; readonly reason: string; readonly now: Instant },
): Allowance {
  let least: Allowance = { allowed: Number.POSITIVE_INFINITY };
  for (const budget of budgets) {
    const window = windowOf(budget);
    if (window === 'invalid') return { allowed: 0, invalid: budget };
    if (budget.reasons !== undefined && !budget.reasons.includes(of.reason)) continue;
    if (window !== 'always' && !isActive(window, of.now)) continue;
    const allowed = countOf(budget, of.total);
    if (allowed < least.allowed) least = { allowed, by: budget };
  }
  return least;
}

/** How far ahead a change of the allowance is looked for: past any yearly freeze. */
const horizonMs = 400 * day;
const mostChanges = 5_000;

/** When the allowance next becomes another, at the start or end of a window; `undefined`: not within 400 days. */
export function nextChange(
  budgets: readonly DisruptionBudget[],
  of: { readonly total: number; readonly reason: string; readonly now: Instant },
): Instant | undefined {
  const { allowed, invalid } = allowanceOf(budgets, of);
  if (invalid !== undefined) return undefined;
  const windows = budgets.map(windowOf).filter((window) => typeof window === 'object');
  let at = of.now;
  for (let looked = 0; looked < mostChanges && at - of.now < horizonMs; looked += 1) {
    const edges = windows.flatMap((window) => edgesAfter(window, at));
    if (edges.length === 0) return undefined;
    at = Math.min(...edges);
    if (allowanceOf(budgets, { ...of, now: at }).allowed !== allowed) return at;
  }
  return undefined;
}

/** When nodes may be disrupted again by schedule alone; `now` when they may; `undefined`: not within 400 days. */
export function opensAt(
  budgets: readonly DisruptionBudget[],
  of: { readonly total: number; readonly reason: string; readonly now: Instant },
): Instant | undefined {
  let now = of.now;
  for (let looked = 0; looked < mostChanges; looked += 1) {
    if (allowanceOf(budgets, { ...of, now }).allowed > 0) return now;
    const next = nextChange(budgets, { ...of, now });
    if (next === undefined || next - of.now > horizonMs) return undefined;
    now = next;
  }
  return undefined;
}

type Window = { readonly schedule: Schedule; readonly durationMs: number };

const windows = new WeakMap<DisruptionBudget, Window | 'always' | 'invalid'>();

function windowOf(budget: DisruptionBudget): Window | 'always' | 'invalid' {
  const known = windows.get(budget);
  if (known !== undefined) return known;
  const read = readWindow(budget);
  windows.set(budget, read);
  return read;
}

function readWindow({ schedule: text, duration }: DisruptionBudget): Window | 'always' | 'invalid' {
  if (text === undefined && duration === undefined) return 'always';
  const schedule = text === undefined ? undefined : scheduleOf(text);
  const durationMs = goDurationMs(duration);
  return schedule === undefined || durationMs === undefined ? 'invalid' : { schedule, durationMs };
}

/** Karpenter asks for the next hit after the start of the window that would end now: [hit, hit + duration). */
function isActive({ schedule, durationMs }: Window, now: Instant): boolean {
  const hit = nextHit(schedule, now - durationMs);
  return hit !== undefined && hit <= now;
}

function edgesAfter({ schedule, durationMs }: Window, at: Instant): readonly Instant[] {
  const running = nextHit(schedule, at - durationMs);
  const coming = nextHit(schedule, at);
  return [
    ...(running === undefined ? [] : [running + durationMs]),
    ...(coming === undefined ? [] : [coming]),
  ].filter((edge) => edge > at);
}

function countOf({ nodes }: DisruptionBudget, total: number): number {
  return nodes.endsWith('%')
    ? Math.ceil((Number(nodes.slice(0, -1)) * total) / 100)
    : Number(nodes);
}
