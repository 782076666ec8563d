import type { Instant } from '../shared/time.ts';
import { second } from '../shared/time.ts';
import type { Pace } from './pace.ts';
import { playOut } from './play-out.ts';
import type { DisruptionBudget } from './types.ts';

/** What the replacement of a NodePool's nodes is played with, at whatever time it begins. */
export type PoolPlan = {
  readonly nodePool: string;
  readonly nodeClass: string;
  /** Nodes to replace. */
  readonly nodes: number;
  /** Initialized nodes of the pool, which percentages are of. */
  readonly total: number;
  /** Absent: Karpenter's default. */
  readonly budgets?: readonly DisruptionBudget[];
  readonly pace: Pace;
  /** Karpenter knows already that they drift. */
  readonly noticed: boolean;
};

/** From a pin in the cluster until Karpenter has found out which nodes drift by it: seconds to a minute. */
const noticeMs = 30 * second;
/** From the end of a drain until the instance is gone, and its NodeClaim with it. */
const terminateMs = 30 * second;

export type PoolEnd = {
  /** When the first node may go; absent: no budget opens within 120 days. */
  readonly start?: Instant;
  readonly p50?: Instant;
  readonly p80?: Instant;
  /** New nodes at the same time beside the old ones. */
  readonly surge: number;
};

/** When a pool's last node is replaced if its pin gets into the cluster now. */
export function replayed(
  { budgets, nodes, total, pace, noticed }: PoolPlan,
  now: Instant,
): PoolEnd {
  const from = noticed ? now : now + noticeMs;
  const likely = playOut(budgets, { nodes, total, time: pace.p50, now: from });
  const late = playOut(budgets, { nodes, total, time: pace.p80, now: from });
  return {
    ...(likely === undefined ? {} : { start: likely.start, p50: likely.end + terminateMs }),
    ...(late === undefined ? {} : { p80: late.end + terminateMs }),
    surge: likely?.surge ?? 0,
  };
}

/** How long all of these take if they begin now, in ms; `undefined`: budgets of one never let it end. */
export function expectedMs(
  plans: readonly PoolPlan[],
  now: Instant,
): { readonly p50Ms: number; readonly p80Ms: number } | undefined {
  let [p50Ms, p80Ms] = [0, 0];
  for (const plan of plans) {
    const { p50, p80 } = replayed(plan, now);
    if (p50 === undefined || p80 === undefined) return undefined;
    p50Ms = Math.max(p50Ms, p50 - now);
    p80Ms = Math.max(p80Ms, p80 - now);
  }
  return { p50Ms, p80Ms };
}
