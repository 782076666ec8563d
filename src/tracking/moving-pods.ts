import { budgetsOver, keeps } from './node-blockers.ts';
import type { NodeClaimView, PodView, Surroundings } from './types.ts';

/** What moves with the nodes. */
export type MovingPods = {
  /** Pods that would move, and whose; absent: pods were not read. */
  readonly pods?: number;
  readonly workloads?: number;
  /** Workloads with one pod in the cluster: it is away while it moves; absent: not all pods were read. */
  readonly singleReplica?: readonly string[];
  /** Pods with volumes, which may be bound to a zone. */
  readonly withVolume?: number;
  /** Of these, the ones that come up in one zone alone, by zone; absent: volumes were not read. */
  readonly boundTo?: ReadonlyMap<string, number>;
  /** Pods that nobody may evict. */
  readonly doNotDisrupt?: readonly string[];
  /** PodDisruptionBudgets that allow nothing now; absent: not read. */
  readonly blockingBudgets?: readonly string[];
};

/**
 * What the pods on these nodes tell, as far as they were read.
 * @param zonesOfClaims by PersistentVolumeClaim; one that is not there is of every zone. Absent: not read.
 */
export function movingPods(
  old: readonly NodeClaimView[],
  { pods, allPods, budgets }: Surroundings,
  zonesOfClaims?: ReadonlyMap<string, readonly string[]>,
): MovingPods {
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
    withVolume: moving.filter(({ claims }) => claims !== undefined).length,
    ...(zonesOfClaims === undefined ? {} : { boundTo: boundTo(moving, zonesOfClaims) }),
    doNotDisrupt: moving.filter(({ doNotDisrupt }) => doNotDisrupt !== undefined).map(nameOf),
    ...(budgets === undefined
      ? {}
      : {
          blockingBudgets: [
            ...new Set(
              moving
                .flatMap((pod) => budgetsOver(pod, budgets).filter((budget) => keeps(budget, pod)))
                .map(nameOf),
            ),
          ],
        }),
  };
}

function boundTo(
  pods: readonly PodView[],
  zonesOfClaims: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const bound = new Map<string, number>();
  for (const { claims = [] } of pods) {
    const zone = claims
      .map((claim) => zonesOfClaims.get(claim) ?? [])
      .find(({ length }) => length === 1)?.[0];
    if (zone !== undefined) bound.set(zone, (bound.get(zone) ?? 0) + 1);
  }
  return bound;
}

function nameOf({ namespace, name }: Pick<PodView, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
