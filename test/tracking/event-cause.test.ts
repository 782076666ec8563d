import { expect, test } from 'vitest';
import { eventCause } from '../../src/tracking/event-cause.ts';

test.each([
  [
    'Cannot disrupt Node: pdb "shop/web" prevents pod evictions',
    { kind: 'pdb', names: ['shop/web'] },
  ],
  [
    'Cannot disrupt NodeClaim: pdb "shop/web" prevents pod evictions',
    { kind: 'pdb', names: ['shop/web'] },
  ],
  ['Pdb "shop/web" prevents pod evictions', { kind: 'pdb', names: ['shop/web'] }],
  [
    'Pdb prevents pod evictions (PodDisruptionBudget=shop/web)',
    { kind: 'pdb', names: ['shop/web'] },
  ],
  [
    'Pdb prevents pod evictions (PodDisruptionBudget=[shop/web])',
    { kind: 'pdb', names: ['shop/web'] },
  ],
  [
    'Pdb prevents pod evictions (PodDisruptionBudget=[shop/web shop/api])',
    { kind: 'pdb', names: ['shop/web', 'shop/api'] },
  ],
  [
    'Eviction does not support multiple PDBs (PodDisruptionBudget(s)=[a/x a/y])',
    { kind: 'several-pdbs', names: ['a/x', 'a/y'] },
  ],
  [
    'Cannot disrupt Node: pod "batch/job-1" has "karpenter.sh/do-not-disrupt" annotation',
    { kind: 'do-not-disrupt-pod', pod: 'batch/job-1' },
  ],
  [
    'Pod "batch/job-1" has "karpenter.sh/do-not-disrupt" annotation',
    { kind: 'do-not-disrupt-pod', pod: 'batch/job-1' },
  ],
  [
    'Pod has "karpenter.sh/do-not-disrupt" annotation (Pod=batch/job-1)',
    { kind: 'do-not-disrupt-pod', pod: 'batch/job-1' },
  ],
  [
    'Disruption is blocked through the "karpenter.sh/do-not-disrupt" annotation',
    { kind: 'do-not-disrupt-node' },
  ],
  ['NodePool not found (NodePool=general)', { kind: 'nodepool-missing', nodePool: 'general' }],
  ["Node isn't initialized", { kind: 'passing' }],
  ['Node is deleting or marked for deletion', { kind: 'passing' }],
  ['Node is nominated for a pending pod', { kind: 'passing' }],
  ['Nodeclaim does not have an associated node', { kind: 'passing' }],
  ['0 nodes can take pod shop/web-1: incompatible requirements', { kind: 'no-place' }],
])('%s', (message, cause) => {
  expect(eventCause(message)).toEqual(cause);
});
