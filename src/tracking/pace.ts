import type { Instant } from '../shared/time.ts';
import { hour, minute, second } from '../shared/time.ts';
import { allowanceOf, defaultBudgets, nextChange } from './budget.ts';
import type { DisruptionBudget, NodeClaimView } from './types.ts';

/** How long the replacement of one node takes, in ms. */
export type NodeTime = {
  /** From being chosen until its replacement is initialized. */
  readonly launchMs: number;
  /** From then until its pods and volumes are away, which gives its place in the budget back. */
  readonly drainMs: number;
};

/** As likely more as less, and four times in five less. */
export type Pace = { readonly p50: NodeTime; readonly p80: NodeTime };

/** Pods get so long to stop unless they say otherwise: the default of `terminationGracePeriodSeconds`. */
const graceMs = 30 * second;
/** Evictions begin within seconds, and volumes take some to detach. */
const aroundDrainMs = 10 * second;

/**
 * Before anything was seen. An instance joins in a minute or two. Each pod stops at some time within its grace, so the
 * last of many takes nearly all of it, and a single one half. PodDisruptionBudgets make it minutes, which only a rollout
 * itself shows.
 * @param podsPerNode pods that have to leave a node, on average; absent: not known, hence many.
 */
export function usualPace(podsPerNode = 10): Pace {
  const lastMs = graceMs * (podsPerNode / (podsPerNode + 1));
  return {
    p50: { launchMs: 90 * second, drainMs: aroundDrainMs + lastMs },
    p80: { launchMs: 3 * minute, drainMs: 5 * minute },
  };
}

/** So many nodes tell more than any guess. */
const enoughNodes = 3;
/** How far single nodes are from their middle, as rollouts go. */
const spread = 1.4;
/** What took longer tells of an outage, or of a condition that was written anew. */
const longestLaunchMs = 30 * minute;

/** The usual pace, with what nodes that stand now took to come up; those that were not read whole tell nothing. */
export function launchPace(nodeClaims: readonly NodeClaimView[], podsPerNode?: number): Pace {
  const usual = usualPace(podsPerNode);
  const times = nodeClaims
    .flatMap(({ initialized, detail }) => {
      const up = detail?.conditions.find(({ type }) => type === 'Initialized')?.since;
      if (!initialized || up === undefined || detail?.createdAt === undefined) return [];
      const took = up - detail.createdAt;
      return took > 0 && took <= longestLaunchMs ? [took] : [];
    })
    .toSorted((a, b) => a - b);
  if (times.length < enoughNodes) return usual;
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? 0;
  return {
    p50: { ...usual.p50, launchMs: at(0.5) },
    p80: { ...usual.p80, launchMs: Math.max(at(0.8), at(0.5) * spread) },
  };
}

/**
 * The pace a rollout itself shows: the time its budgets left open, over the nodes that were replaced in it.
 * @param of.slotMs node-milliseconds, as `slotTime` counts them.
 * @param before what was thought until it shows enough.
 */
export function seenPace(
  of: { readonly slotMs: number; readonly replaced: number },
  before: Pace = usualPace(),
): Pace {
  if (of.replaced < enoughNodes || of.slotMs <= 0) return before;
  const nodeMs = of.slotMs / of.replaced;
  const { launchMs, drainMs } = before.p50;
  const share = launchMs / (launchMs + drainMs);
  const time = (ms: number) => ({ launchMs: ms * share, drainMs: ms * (1 - share) });
  return { p50: time(nodeMs), p80: time(nodeMs * spread) };
}

/** Nodes an hour, as a rollout has gone so far; `undefined` until it shows enough. */
export function seenRate(of: {
  readonly replaced: number;
  readonly tookMs: number;
}): number | undefined {
  if (of.replaced < enoughNodes || of.tookMs <= 0) return undefined;
  return (of.replaced * hour) / of.tookMs;
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
