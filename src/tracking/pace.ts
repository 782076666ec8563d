import type { Instant } from '../shared/time.ts';
import { day, minute } from '../shared/time.ts';
import { allowanceOf, defaultBudgets, nextChange } from './budget.ts';
import type { DisruptionBudget } from './types.ts';

/** How long one node takes from being chosen to being gone, its replacement included, in ms. */
export type Pace = { readonly p50Ms: number; readonly p80Ms: number };

/**
 * Before anything was seen: an instance joins in a minute or two, a drain takes some minutes. Deliberately wide; what a
 * rollout itself shows replaces it.
 */
export const usualPace: Pace = { p50Ms: 5 * minute, p80Ms: 12 * minute };

/** So many nodes tell more than any guess. */
const enoughNodes = 3;
/** How far single nodes are from their middle, as rollouts go. */
const spread = 1.4;

/**
 * The pace a rollout itself shows: the time its budgets left open, over the nodes that were replaced in it.
 * @param of.slotMs node-milliseconds, as `slotTime` counts them.
 */
export function seenPace(of: { readonly slotMs: number; readonly replaced: number }): Pace {
  if (of.replaced < enoughNodes || of.slotMs <= 0) return usualPace;
  const p50Ms = of.slotMs / of.replaced;
  return { p50Ms, p80Ms: p50Ms * spread };
}

/** Past this nobody plans; budgets that stay shut so long are named instead. */
const horizonMs = 120 * day;

/**
 * When the last of `nodes` of one pool is replaced, by its budgets alone: so many at a time as they allow, window after
 * window.
 * @param of.total nodes that percentages are of.
 * @returns `undefined` when the budgets do not let it happen within 120 days.
 */
export function endOf(
  budgets: readonly DisruptionBudget[] | undefined,
  of: {
    readonly nodes: number;
    readonly total: number;
    readonly nodeMs: number;
    readonly now: Instant;
  },
): { readonly start: Instant; readonly end: Instant } | undefined {
  const { total, nodeMs, nodes } = of;
  if (nodes === 0) return { start: of.now, end: of.now };
  const said = budgets === undefined || budgets.length === 0 ? defaultBudgets : budgets;
  let left = nodes;
  let at = of.now;
  let start: Instant | undefined;
  while (at - of.now < horizonMs) {
    const asked = { total, reason: 'Drifted', now: at };
    const { allowed } = allowanceOf(said, asked);
    const closes = nextChange(said, asked);
    if (allowed > 0) {
      start ??= at;
      const together = Math.min(allowed, left);
      const rounds = Math.ceil(left / together);
      // what was chosen goes on after the window closes
      const fit = closes === undefined ? rounds : Math.ceil((closes - at) / nodeMs);
      if (rounds <= fit) return { start, end: at + rounds * nodeMs };
      left -= fit * together;
    }
    if (closes === undefined) return undefined;
    at = closes;
  }
  return undefined;
}

/** How many node-milliseconds the budgets left open in a time that has passed; Infinity counts as `total`. */
export function slotTime(
  budgets: readonly DisruptionBudget[] | undefined,
  of: { readonly total: number; readonly from: Instant; readonly to: Instant },
): number {
  const said = budgets === undefined || budgets.length === 0 ? defaultBudgets : budgets;
  let at = of.from;
  let sum = 0;
  while (at < of.to) {
    const asked = { total: of.total, reason: 'Drifted', now: at };
    const until = Math.min(nextChange(said, asked) ?? of.to, of.to);
    sum += Math.min(allowanceOf(said, asked).allowed, of.total) * (until - at);
    at = until;
  }
  return sum;
}
