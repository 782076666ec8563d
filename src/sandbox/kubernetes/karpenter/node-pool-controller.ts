import type { Instant } from '../../../shared/time.ts';
import { statusOf, withCondition, withReady } from '../conditions.ts';
import type { Condition, NodeClass, NodePool } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { claimsOf } from './claims.ts';
import { hashOf } from './hash.ts';

/** Writes what NodePools show: readiness of their class, their hash, how many nodes they have. */
export function stepNodePools({ store }: Simulation, now: Instant): void {
  for (const nodePool of store.list('nodepools')) {
    const { name, generation: observedGeneration = 1 } = nodePool.metadata;
    const ref = nodePool.spec.template.spec.nodeClassRef;
    const nodeClass = store.get('ec2nodeclasses', ref.name);
    let conditions: readonly Condition[] = nodePool.status?.conditions ?? [];
    conditions = withCondition(
      conditions,
      'ValidationSucceeded',
      { status: 'True', observedGeneration },
      now,
    );
    conditions = withCondition(
      conditions,
      'NodeClassReady',
      { ...classReadiness(nodeClass), observedGeneration },
      now,
    );
    conditions = withReady(
      conditions,
      ['ValidationSucceeded', 'NodeClassReady'],
      observedGeneration,
      now,
    );
    const nodes = claimsOf(store, name).filter(({ status }) => status?.nodeName !== undefined);
    const classGeneration = nodeClass?.metadata.generation;
    const hash = poolHash(nodePool);
    // by far the most steps change nothing, and comparing whole objects costs more than all the rest
    const isSame =
      conditions === nodePool.status?.conditions &&
      nodes.length === nodePool.status['nodes'] &&
      classGeneration === nodePool.status['nodeClassObservedGeneration'] &&
      hash === nodePool.metadata.annotations?.['karpenter.sh/nodepool-hash'];
    if (isSame) continue;
    store.put(
      'nodepools',
      {
        ...nodePool,
        metadata: {
          ...nodePool.metadata,
          annotations: {
            ...nodePool.metadata.annotations,
            'karpenter.sh/nodepool-hash': hash,
            'karpenter.sh/nodepool-hash-version': 'v3',
          },
        },
        status: {
          nodes: nodes.length,
          ...(classGeneration !== undefined && { nodeClassObservedGeneration: classGeneration }),
          resources: { cpu: String(nodes.length * 8), nodes: String(nodes.length) },
          conditions,
        },
      },
      now,
    );
  }
}

/** Objects never change in place, and controllers ask every second. */
const hashes = new WeakMap<NodePool['spec'], string>();

export function poolHash({ spec }: NodePool): string {
  const known = hashes.get(spec);
  if (known !== undefined) return known;
  const { requirements: _, ...hashed } = spec.template.spec;
  const hash = hashOf({ ...spec.template.metadata, ...hashed });
  hashes.set(spec, hash);
  return hash;
}

export function isPoolReady({ status }: NodePool): boolean {
  return statusOf(status?.conditions, 'Ready') === 'True';
}

function classReadiness(nodeClass: NodeClass | undefined) {
  if (nodeClass === undefined)
    return {
      status: 'False',
      reason: 'NodeClassNotFound',
      message: 'NodeClass not found on cluster',
    } as const;
  const ready = nodeClass.status?.conditions.find(({ type }) => type === 'Ready');
  const current = ready?.observedGeneration === nodeClass.metadata.generation;
  if (ready?.status === 'True' && current) return { status: 'True' } as const;
  if (ready?.status === 'False')
    return { status: 'False', reason: ready.reason, message: ready.message } as const;
  return {
    status: 'False',
    reason: 'NodeClassReadinessUnknown',
    message: 'Node Class Readiness Unknown',
  } as const;
}
