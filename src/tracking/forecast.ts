import type { Instant } from '../shared/time.ts';
import { second } from '../shared/time.ts';
import { budgetsOver } from './node-blockers.ts';
import { launchPace, type Pace } from './pace.ts';
import { phaseOf } from './phase.ts';
import { playOut } from './play-out.ts';
import type { ClusterView, NodeClaimView, PodView, Surroundings } from './types.ts';

/** What replacing the nodes of one cluster would mean, before it begins or while it runs. */
export type Forecast = {
  /** Nodes still to be replaced. */
  readonly nodes: number;
  /** Pods that would move, and whose; absent: pods were not read. */
  readonly pods?: number;
  readonly workloads?: number;
  /** Workloads with one pod in the cluster: it is away while it moves; absent: not all pods were read. */
  readonly singleReplica?: readonly string[];
  /** Pods with volumes, which may be bound to a zone. */
  readonly withVolume?: number;
  /** Pods that nobody may evict. */
  readonly doNotDisrupt?: readonly string[];
  /** PodDisruptionBudgets that allow nothing now; absent: not read. */
  readonly blockingBudgets?: readonly string[];
  /** New nodes at the same time beside the old ones, by NodePool. */
  readonly surge: readonly {
    readonly nodePool: string;
    readonly nodes: number;
    /** Resources of the NodePool's limits that would not be enough. */
    readonly beyondLimits: readonly string[];
  }[];
  /** When the first node may be replaced; absent: no budget opens within 120 days. */
  readonly startsAt?: Instant;
  /** When the last one is, by the budgets: as likely earlier as later, and four times in five. */
  readonly endsAt?: { readonly p50: Instant; readonly p80: Instant };
  /** NodePools whose budgets never let it end. */
  readonly shutPools: readonly string[];
};

/** From a pin in the cluster until Karpenter has found out which nodes drift by it: seconds to a minute. */
const noticeMs = 30 * second;
/** From the end of a drain until the instance is gone, and its NodeClaim with it. */
const terminateMs = 30 * second;

/**
 * @param of.wanted by EC2NodeClass: the images its nodes are to run. Nodes that run one already need nothing.
 * @param of.pace absent: what the nodes that stand now tell of their coming up.
 */
export function forecastOf(
  view: ClusterView,
  of: {
    readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
    readonly surroundings: Surroundings;
    readonly now: Instant;
    readonly pace?: Pace;
  },
): Forecast {
  const { wanted, surroundings } = of;
  const asked = view.nodeClaims.filter(({ nodeClass }) => wanted.has(nodeClass));
  const old = asked.filter((claim) => isOld(claim, wanted.get(claim.nodeClass) ?? new Set()));
  const told = podsForecast(old, surroundings);
  const { pods } = told;
  const podsPerNode = pods === undefined || old.length === 0 ? undefined : pods / old.length;
  const pools = [...new Set(old.map(({ nodePool }) => nodePool))].map((name) =>
    poolForecast(name, view, old, { ...of, podsPerNode }),
  );
  const shutPools = pools.filter(({ p80 }) => p80 === undefined).map(({ name }) => name);
  const starts = pools.flatMap(({ start }) => start ?? []);
  const endsAt =
    shutPools.length > 0 || pools.length === 0
      ? undefined
      : {
          p50: Math.max(...pools.flatMap(({ p50 }) => p50 ?? [])),
          p80: Math.max(...pools.flatMap(({ p80 }) => p80 ?? [])),
        };
  return {
    nodes: old.length,
    ...told,
    surge: pools.map(({ name, surge, beyondLimits }) => ({
      nodePool: name,
      nodes: surge,
      beyondLimits,
    })),
    ...(starts.length === 0 ? {} : { startsAt: Math.min(...starts) }),
    ...(endsAt === undefined ? {} : { endsAt }),
    shutPools,
  };
}

function isOld(claim: NodeClaimView, wanted: ReadonlySet<string>): boolean {
  return ['drifted', 'unseen', 'replacing', 'draining'].includes(phaseOf(claim, wanted));
}

function poolForecast(
  name: string,
  view: ClusterView,
  old: readonly NodeClaimView[],
  of: { readonly now: Instant; readonly pace?: Pace; readonly podsPerNode: number | undefined },
) {
  const pool = view.nodePools.find((one) => one.name === name);
  const standing = view.nodeClaims.filter((claim) => claim.nodePool === name && claim.initialized);
  const mine = old.filter((claim) => claim.nodePool === name);
  const [total, nodes] = [standing.length, mine.length];
  const isNoticed = mine.some(({ drifted }) => drifted);
  const from = isNoticed ? of.now : of.now + noticeMs;
  const { p50, p80 } = of.pace ?? launchPace(standing, of.podsPerNode);
  const [likely, late] = [p50, p80].map((time) =>
    playOut(pool?.budgets, { nodes, total, time, now: from }),
  );
  const surge = likely?.surge ?? 0;
  const beyondLimits = Object.entries(pool?.limits ?? {}).flatMap(([resource, limit]) => {
    const taken = pool?.used?.[resource];
    if (taken === undefined || total === 0) return [];
    return taken + (surge * taken) / total > limit ? [resource] : [];
  });
  return {
    name,
    start: likely?.start,
    p50: likely && likely.end + terminateMs,
    p80: late && late.end + terminateMs,
    surge,
    beyondLimits,
  };
}

function podsForecast(
  old: readonly NodeClaimView[],
  { pods, allPods, budgets }: Surroundings,
): Partial<Forecast> {
  if (pods === undefined) return {};
  const nodes = new Set(old.flatMap(({ nodeName }) => nodeName ?? []));
  const moving = pods.filter(
    ({ nodeName, stays }) => !stays && nodeName !== undefined && nodes.has(nodeName),
  );
  const owners = new Set(moving.flatMap(({ owner }) => owner ?? []));
  const replicas = new Map<string, number>();
  for (const { owner } of pods)
    if (owner !== undefined) replicas.set(owner, (replicas.get(owner) ?? 0) + 1);
  // a Job's only pod is no service that would be away
  const single = [...owners].filter(
    (owner) => replicas.get(owner) === 1 && !owner.startsWith('Job '),
  );
  return {
    pods: moving.length,
    workloads: owners.size,
    ...(allPods === true ? { singleReplica: single } : {}),
    withVolume: moving.filter(({ hasVolume }) => hasVolume).length,
    doNotDisrupt: moving.filter(({ doNotDisrupt }) => doNotDisrupt !== undefined).map(nameOf),
    ...(budgets === undefined
      ? {}
      : {
          blockingBudgets: [
            ...new Set(
              moving
                .flatMap((pod) => budgetsOver(pod, budgets))
                .filter(({ allowed }) => allowed === 0)
                .map(nameOf),
            ),
          ],
        }),
  };
}

function nameOf({ namespace, name }: Pick<PodView, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
