import { budgetsOver } from './node-blockers.ts';
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
  /** Pods that nobody may evict. */
  readonly doNotDisrupt?: readonly string[];
  /** PodDisruptionBudgets that allow nothing now; absent: not read. */
  readonly blockingBudgets?: readonly string[];
};

/** What the pods on these nodes tell, as far as they were read. */
export function movingPods(
  old: readonly NodeClaimView[],
  { pods, allPods, budgets }: Surroundings,
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
