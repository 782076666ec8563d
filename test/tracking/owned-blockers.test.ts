import { expect, test } from 'vitest';
import type { Blocker, BlockerCause } from '../../src/tracking/blocker.ts';
import { ownedBlockers } from '../../src/tracking/owned-blockers.ts';

const owners = [
  { namespaces: ['payments', 'ledger-*'], nodePools: [], channel: 'C0PAYMENTS' },
  { namespaces: [], nodePools: ['gpu'], channel: 'C0ML' },
];
const nodePoolOf = new Map([
  ['node-1', 'gpu'],
  ['node-2', 'general'],
]);
const by = (cause: BlockerCause, object: string, more: Partial<Blocker> = {}): Blocker => ({
  cause,
  object,
  nodes: 1,
  ...more,
});
const told = (...blockers: Blocker[]) =>
  ownedBlockers(blockers, { owners, nodePoolOf }).map(({ what, channel, blockers: of }) => [
    what,
    channel,
    of.length,
  ]);

test.each([
  {
    of: 'a PodDisruptionBudget and the workload it protects',
    blocker: by('pdb', 'PodDisruptionBudget/payments/api', { owner: 'Deployment payments/api' }),
    what: 'Deployment payments/api',
    channel: 'C0PAYMENTS',
  },
  {
    of: 'a PodDisruptionBudget nobody knows the pods of',
    blocker: by('pdb', 'PodDisruptionBudget/ledger-eu/db'),
    what: 'PodDisruptionBudget ledger-eu/db',
    channel: 'C0PAYMENTS',
  },
  {
    of: 'a node that drains',
    blocker: by('grace-period', 'NodeClaim/x', { owner: 'StatefulSet payments/db' }),
    what: 'StatefulSet payments/db',
    channel: 'C0PAYMENTS',
  },
  {
    of: 'a disruption budget',
    blocker: by('budget', 'NodePool/gpu'),
    what: 'NodePool gpu',
    channel: 'C0ML',
  },
  {
    of: 'a node that somebody keeps',
    blocker: by('do-not-disrupt-node', 'Node/node-1', { node: 'node-1', owner: 'kubectl-edit' }),
    what: 'NodePool gpu',
    channel: 'C0ML',
  },
])('$of belongs to who owns it', ({ blocker, what, channel }) => {
  expect(told(blocker)).toEqual([[what, channel, 1]]);
});

test('a workload that holds several nodes is told of once', () => {
  const owner = { owner: 'Deployment payments/api' };
  const of = (node: string) => by('do-not-disrupt-pod', `Pod/payments/${node}`, { node, ...owner });
  expect(told(of('node-1'), of('node-2'))).toEqual([['Deployment payments/api', 'C0PAYMENTS', 2]]);
});

test('what nobody is named for, and what no owner can end, is told nowhere', () => {
  expect(
    told(
      by('pdb', 'PodDisruptionBudget/pay/api'),
      by('pdb', 'PodDisruptionBudget/ledger/api'),
      by('budget', 'NodePool/gpu-2'),
      by('do-not-disrupt-node', 'Node/node-2', { node: 'node-2' }),
      by('capacity', 'NodePool/gpu'),
      by('no-image', 'EC2NodeClass/default'),
    ),
  ).toEqual([]);
});
