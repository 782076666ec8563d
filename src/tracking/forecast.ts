import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import { type MovingPods, movingPods } from './moving-pods.ts';
import { launchPace, type Pace } from './pace.ts';
import { phaseOf } from './phase.ts';
import { type PoolPlan, replayed } from './replay.ts';
import type { ClusterView, NodeClaimView, Surroundings } from './types.ts';
import type { VcpuCharge } from './vcpu-kind.ts';

/** What replacing the nodes of one cluster would mean, before it begins or while it runs. */
export type Forecast = MovingPods & {
  /** Nodes still to be replaced. */
  readonly nodes: number;
  /** New nodes at the same time beside the old ones, by NodePool. */
  readonly surge: readonly {
    readonly nodePool: string;
    readonly nodes: number;
    /** vCPU of these together; absent: the NodePool does not say what its nodes have. */
    readonly cpu?: number;
    /** What these may count against, by the nodes that stand. */
    readonly vcpu: readonly VcpuCharge[];
    /** Resources of the NodePool's limits that would not be enough. */
    readonly beyondLimits: readonly string[];
  }[];
  /** When the first node may be replaced; absent: no budget opens within 120 days. */
  readonly startsAt?: Instant;
  /** When the last one is, by the budgets: as likely earlier as later, and four times in five. */
  readonly endsAt?: { readonly p50: Instant; readonly p80: Instant };
  /**
   * Nodes that came up within the last day, and yet on the image of before: by scale-up, expiry, spot or consolidation,
   * which no budget for drift holds back. Those that came and went within it are not seen. Absent where most came up
   * within it: another rollout replaced them, or the cluster is new, and neither is a pace.
   */
  readonly changeADay?: number;
  /** NodePools whose budgets never let it end. */
  readonly shutPools: readonly string[];
  /** What the times were computed with, so that they can be computed for another start. */
  readonly plans: readonly PoolPlan[];
};

/**
 * @param of.wanted by EC2NodeClass: the images its nodes are to run. Nodes that run one already need nothing.
 * @param of.pace absent: what the nodes that stand now tell of their coming up.
 * @param of.zonesOfClaims by PersistentVolumeClaim; absent: volumes were not read.
 */
export function forecastOf(
  view: ClusterView,
  of: {
    readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
    readonly surroundings: Surroundings;
    readonly now: Instant;
    readonly pace?: Pace;
    readonly zonesOfClaims?: ReadonlyMap<string, readonly string[]> | undefined;
  },
): Forecast {
  const { wanted, surroundings, now, zonesOfClaims } = of;
  const asked = view.nodeClaims.filter(({ nodeClass }) => wanted.has(nodeClass));
  const old = asked.filter((claim) => isOld(claim, wanted.get(claim.nodeClass) ?? new Set()));
  const told = movingPods(old, surroundings, zonesOfClaims);
  const { pods } = told;
  const podsPerNode = pods === undefined || old.length === 0 ? undefined : pods / old.length;
  const plans = [...new Set(old.map(({ nodePool }) => nodePool))].map((name) =>
    planOf(name, view, old, { pace: of.pace, podsPerNode }),
  );
  const ends = plans.map((plan) => ({ plan, ...replayed(plan, now) }));
  const shutPools = ends.filter(({ p80 }) => p80 === undefined).map(({ plan }) => plan.nodePool);
  const young = old.filter((claim) => isYoung(claim, now)).length;
  const starts = ends.flatMap(({ start }) => start ?? []);
  const endsAt =
    shutPools.length > 0 || ends.length === 0
      ? undefined
      : {
          p50: Math.max(...ends.flatMap(({ p50 }) => p50 ?? [])),
          p80: Math.max(...ends.flatMap(({ p80 }) => p80 ?? [])),
        };
  return {
    nodes: old.length,
    ...told,
    surge: ends.map(({ plan, surge }) => surgeOf(plan, surge, view)),
    ...(starts.length === 0 ? {} : { startsAt: Math.min(...starts) }),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(young > old.length / 2 ? {} : { changeADay: young }),
    shutPools,
    plans,
  };
}

function isOld(claim: NodeClaimView, wanted: ReadonlySet<string>): boolean {
  return ['drifted', 'unseen', 'replacing', 'draining'].includes(phaseOf(claim, wanted));
}

function isYoung({ young, detail }: NodeClaimView, now: Instant): boolean {
  return young ?? now - (detail?.createdAt ?? 0) < day;
}

function planOf(
  name: string,
  view: ClusterView,
  old: readonly NodeClaimView[],
  of: { readonly pace: Pace | undefined; readonly podsPerNode: number | undefined },
): PoolPlan {
  const budgets = view.nodePools.find((one) => one.name === name)?.budgets;
  const standing = view.nodeClaims.filter((claim) => claim.nodePool === name && claim.initialized);
  const mine = old.filter((claim) => claim.nodePool === name);
  return {
    nodePool: name,
    nodeClass: mine[0]?.nodeClass ?? '',
    nodes: mine.length,
    total: standing.length,
    ...(budgets === undefined ? {} : { budgets }),
    pace: of.pace ?? launchPace(standing, of.podsPerNode),
    noticed: mine.some(({ drifted }) => drifted),
  };
}

/** What the new nodes beside the old ones take, at the pool's own average. */
function surgeOf(
  { nodePool: name, total }: PoolPlan,
  nodes: number,
  { nodePools, nodeClaims }: ClusterView,
): Forecast['surge'][number] {
  const { limits = {}, used = {} } = nodePools.find((one) => one.name === name) ?? {};
  const more = (resource: string): number | undefined => {
    const taken = used[resource];
    return taken === undefined || total === 0 ? undefined : (nodes * taken) / total;
  };
  const cpu = more('cpu');
  return {
    nodePool: name,
    nodes,
    ...(cpu === undefined ? {} : { cpu: Math.ceil(cpu) }),
    vcpu: [
      ...new Set(
        nodeClaims.flatMap((one) => (one.nodePool === name ? (one.vcpu ?? 'unknown') : [])),
      ),
    ].sort(),
    beyondLimits: Object.entries(limits).flatMap(([resource, limit]) => {
      const extra = more(resource);
      return extra !== undefined && (used[resource] ?? 0) + extra > limit ? [resource] : [];
    }),
  };
}
