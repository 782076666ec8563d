import type { Instant } from '../shared/time.ts';
import { allowanceOf, defaultBudgets } from './budget.ts';
import { budgetsOver } from './node-blockers.ts';
import { endOf, type Pace, usualPace } from './pace.ts';
import { phaseOf } from './phase.ts';
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

/** @param of.wanted by EC2NodeClass: the images its nodes are to run. Nodes that run one already need nothing. */
export function forecastOf(
  view: ClusterView,
  of: {
    readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
    readonly surroundings: Surroundings;
    readonly now: Instant;
    readonly pace?: Pace;
  },
): Forecast {
  const { wanted, surroundings, now, pace = usualPace } = of;
  const asked = view.nodeClaims.filter(({ nodeClass }) => wanted.has(nodeClass));
  const old = asked.filter((claim) => isOld(claim, wanted.get(claim.nodeClass) ?? new Set()));
  const pools = [...new Set(old.map(({ nodePool }) => nodePool))].map((name) =>
    poolForecast(name, view, old, { now, pace }),
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
    ...podsForecast(old, surroundings),
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
  { now, pace }: { readonly now: Instant; readonly pace: Pace },
) {
  const pool = view.nodePools.find((one) => one.name === name);
  const total = view.nodeClaims.filter(
    (claim) => claim.nodePool === name && claim.initialized,
  ).length;
  const nodes = old.filter((claim) => claim.nodePool === name).length;
  const when = (nodeMs: number) => endOf(pool?.budgets, { nodes, total, nodeMs, now });
  const [likely, late] = [when(pace.p50Ms), when(pace.p80Ms)];
  const budgets =
    pool?.budgets === undefined || pool.budgets.length === 0 ? defaultBudgets : pool.budgets;
  const at = likely?.start ?? now;
  const { allowed } = allowanceOf(budgets, { total, reason: 'Drifted', now: at });
  const surge = Math.min(allowed, nodes);
  const beyondLimits = Object.entries(pool?.limits ?? {}).flatMap(([resource, limit]) => {
    const taken = pool?.used?.[resource];
    if (taken === undefined || total === 0) return [];
    return taken + (surge * taken) / total > limit ? [resource] : [];
  });
  return { name, start: likely?.start, p50: likely?.end, p80: late?.end, surge, beyondLimits };
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
