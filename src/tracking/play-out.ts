import type { Instant } from '../shared/time.ts';
import { day, second } from '../shared/time.ts';
import { allowanceOf, defaultBudgets, nextChange } from './budget.ts';
import type { NodeTime } from './pace.ts';
import type { DisruptionBudget } from './types.ts';

/** Past this nobody plans; budgets that stay shut so long are named instead. */
const horizonMs = 120 * day;
/** Karpenter looks every 10 s for the next node to disrupt: a free place in the budget waits half of it. */
const pollMs = 5 * second;

export type PlayedOut = {
  /** When the first node is chosen. */
  readonly start: Instant;
  /** When the last one has given its place back. */
  readonly end: Instant;
  /** New nodes at the same time beside the old ones, at most. */
  readonly surge: number;
};

/**
 * Plays the replacement of one pool's nodes as Karpenter's disruption loop does it: so many at a time as the budgets
 * allow, window after window. A node holds its place in the budget until its pods are away. Percentages are of the nodes
 * that stand at that moment, replacements included, so 10 % of 40 lets a fifth node go as soon as one replacement is up.
 * What was chosen goes on after a window closes.
 * @param of.total nodes of the pool now.
 * @returns `undefined` when the budgets do not let it happen within 120 days.
 */
export function playOut(
  budgets: readonly DisruptionBudget[] | undefined,
  of: {
    readonly nodes: number;
    readonly total: number;
    readonly time: NodeTime;
    readonly now: Instant;
  },
): PlayedOut | undefined {
  const { nodes, total, time, now } = of;
  if (nodes === 0) return { start: now, end: now, surge: 0 };
  const said = budgets === undefined || budgets.length === 0 ? defaultBudgets : budgets;
  // each takes the same time, so they come up and leave in the order in which they were chosen
  const chosenAt: Instant[] = [];
  let [up, gone, surge] = [0, 0, 0];
  const upAt = (i: number) => (chosenAt[i] ?? Number.POSITIVE_INFINITY) + time.launchMs;
  const goneAt = (i: number) => upAt(i) + time.drainMs + pollMs;
  let at = now;
  let changesAt: Instant | undefined = now;
  while (at - now < horizonMs) {
    while (up < chosenAt.length && upAt(up) <= at) up += 1;
    while (gone < chosenAt.length && goneAt(gone) <= at) gone += 1;
    const asked = { total: total + up - gone, reason: 'Drifted', now: at };
    if (changesAt !== undefined && changesAt <= at) changesAt = nextChange(said, asked);
    const free = allowanceOf(said, asked).allowed - (chosenAt.length - gone);
    for (let left = Math.min(free, nodes - chosenAt.length); left > 0; left -= 1) chosenAt.push(at);
    surge = Math.max(surge, chosenAt.length - gone);
    if (chosenAt.length === nodes)
      return { start: chosenAt[0] ?? now, end: goneAt(nodes - 1), surge };
    const next = Math.min(upAt(up), goneAt(gone), changesAt ?? Number.POSITIVE_INFINITY);
    if (next === Number.POSITIVE_INFINITY) return undefined;
    at = next;
  }
  return undefined;
}
