import type { Instant } from '../../shared/time.ts';
import { capacity, readyNode } from './karpenter/new-node.ts';
import type { Node } from './objects.ts';
import type { Simulation } from './simulation.ts';

/** Nodes that no EC2NodeClass provides. */
export type OtherNodes = {
  readonly kind: 'managed-node-group' | 'auto-mode' | 'fargate' | 'self-managed';
  readonly count: number;
};

const labels: Readonly<Record<OtherNodes['kind'], Readonly<Record<string, string>>>> = {
  'managed-node-group': { 'eks.amazonaws.com/nodegroup': 'system' },
  'auto-mode': {
    'eks.amazonaws.com/compute-type': 'auto',
    'eks.amazonaws.com/nodeclass': 'default',
    'karpenter.sh/nodepool': 'general-purpose',
  },
  fargate: { 'eks.amazonaws.com/compute-type': 'fargate' },
  'self-managed': {},
};

export function addOtherNodes(
  { store, region }: Simulation,
  groups: readonly OtherNodes[],
  now: Instant,
): void {
  for (const { kind, count } of groups)
    for (let made = 0; made < count; made += 1) {
      const name = `${kind}-${made}.${region}.compute.internal`;
      const node: Node = {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels[kind] } },
        spec: {
          providerID: `aws:///${region}a/i-0${kind.length}${String(made).padStart(15, '0')}`,
        },
        status: { conditions: [], nodeInfo: {}, ...capacity },
      };
      store.put('nodes', readyNode(node, now), now);
    }
}
