import type { Instant } from '../shared/time.ts';
import { minute } from '../shared/time.ts';
import { type Allowance, allowanceOf, defaultBudgets, opensAt } from './budget.ts';
import type { NodeClaimView, NodePoolView } from './types.ts';

/** What a NodePool's disruption budgets leave for drift at one moment. */
export type PoolBudget = Allowance & {
  readonly total: number;
  /** Nodes that use it up: not Ready for whatever cause, chosen, or deleted. */
  readonly disrupting: number;
  /** Of these, the ones that are merely not Ready. */
  readonly notReady: number;
  /** Of these, the ones that have drained for so long that they do not end by themselves soon. */
  readonly drainingLong: number;
  readonly remaining: number;
  /** When it opens by schedule; absent while it is open, and when it never does. */
  readonly opensAt?: Instant;
};

/** A drain takes a minute or two, and some more where pods have to come up elsewhere first. */
const longDrainMs = 15 * minute;

export function poolBudgetOf(
  { budgets = [] }: NodePoolView,
  claims: readonly NodeClaimView[],
  now: Instant,
): PoolBudget {
  const counted = claims.filter(({ initialized, terminating }) => initialized && !terminating);
  const moving = counted.filter(({ deleting, disrupting }) => deleting || disrupting);
  const notReady = counted.filter((claim) => !claim.ready && !moving.includes(claim));
  const total = counted.length;
  const of = { total, reason: 'Drifted', now };
  const said = budgets.length === 0 ? defaultBudgets : budgets;
  const allowance = allowanceOf(said, of);
  const disrupting = moving.length + notReady.length;
  const opens = allowance.allowed === 0 && total > 0 ? opensAt(said, of) : undefined;
  return {
    ...allowance,
    total,
    disrupting,
    notReady: notReady.length,
    drainingLong: moving.filter(
      ({ detail }) => detail?.deletedAt !== undefined && now - detail.deletedAt >= longDrainMs,
    ).length,
    remaining: Math.max(0, allowance.allowed - disrupting),
    ...(opens === undefined ? {} : { opensAt: opens }),
  };
}
