import { ownerLine } from '../../blocks/owner-line.ts';
import type { Blocker, BlockerCause } from '../../src/tracking/blocker.ts';
import { blockerText, groupedText } from '../../src/tracking/blocker-text.ts';
import { ownedBlockers } from '../../src/tracking/owned-blockers.ts';
import { tailSentences } from '../../src/tracking/tail-text.ts';
import { claim } from '../tracking/node-claims.ts';

const since = Date.parse('2026-11-20T10:00:00Z');
const opensAt = Date.parse('2026-11-20T22:00:00Z');
const pool = { object: 'NodePool/general', nodes: 4 };
const node = { node: 'ip-10-0-0-1', object: 'Node/ip-10-0-0-1', nodes: 1, since };
const claimOf = { ...node, object: 'NodeClaim/general-a' };
const ofPod = { ...node, owner: 'Deployment payments/ledger' };
const pod = { ...ofPod, object: 'Pod/payments/ledger-7d9f' };

/** One of each cause, with all that may be known of it. A new cause does not compile until it stands here. */
export const everyBlocker: Readonly<Record<BlockerCause, Omit<Blocker, 'cause'>>> = {
  'no-image': {
    object: 'EC2NodeClass/default',
    nodes: 4,
    since,
    words: 'no image found for al2023@v20991231',
  },
  'nodeclass-not-ready': {
    object: 'EC2NodeClass/default',
    nodes: 4,
    since,
    words: 'SubnetsNotFound: SubnetSelector did not match any Subnets',
  },
  'nodepool-missing': { ...node, object: 'NodePool/general' },
  budget: { ...pool, since, opensAt, words: 'nodes 0, reasons Drifted, 0 8 * * * (UTC) for 14h' },
  'budget-invalid': { ...pool, words: 'nodes 0, 0 8 * * 7 (UTC) for 14h' },
  'budget-used': { ...pool, words: '2 of 2' },
  'budget-draining': { ...pool, words: '1 of 2, and 1 not Ready' },
  'nodepool-limits': { ...pool, words: 'cpu 96 of 100' },
  pdb: {
    ...ofPod,
    object: 'PodDisruptionBudget/payments/ledger',
    opensAt,
    words: '2 healthy, 2 needed',
  },
  'several-pdbs': { ...pod, words: 'payments/ledger, payments/all' },
  'do-not-disrupt-pod': { ...pod, opensAt },
  'do-not-disrupt-node': { ...node, owner: 'kubectl-annotate' },
  'no-place': { ...node, words: 'Not all pods would schedule, payments/ledger-7d9f => no room' },
  unschedulable: { ...pod, words: '0/5 nodes are available: 5 Insufficient cpu.' },
  capacity: {
    ...pool,
    words: 'InsufficientInstanceCapacity: We currently do not have sufficient capacity',
  },
  'subnet-addresses': { ...pool, words: 'InsufficientFreeAddressesInSubnet' },
  launch: { ...claimOf, owner: 'NodePool general', words: 'UnauthorizedOperation' },
  'not-registering': { ...claimOf, owner: 'NodePool general', words: 'Node not registered' },
  'not-ready': { ...claimOf, owner: 'NodePool general', words: 'ResourceNotRegistered' },
  'grace-period': { ...claimOf, owner: 'Deployment payments/ledger', opensAt },
  volumes: { ...claimOf, opensAt, words: 'AwaitingVolumeDetachment' },
};

const all = Object.entries(everyBlocker).map(
  ([cause, of]): Blocker => ({ cause: cause as BlockerCause, ...of }),
);

/** With the least that is ever known. */
function bare({ cause, object, node: on, nodes, opensAt: ends }: Blocker): Blocker {
  return {
    cause,
    object,
    nodes,
    ...(on === undefined ? {} : { node: on }),
    // it is known from the very end that it speaks of
    ...(cause === 'grace-period' && ends !== undefined ? { opensAt: ends } : {}),
  };
}

export const blockerSentences: readonly string[] = all.flatMap((blocker) => [
  `${blocker.cause}: ${blockerText(blocker)}`,
  `${blocker.cause}, bare: ${blockerText(bare(blocker))}`,
]);

export const groupSentences: readonly string[] = groupedText(
  [
    ...['1', '2', '3'].map(
      (n): Blocker => ({ cause: 'pdb', ...everyBlocker.pdb, node: `ip-${n}` }),
    ),
    ...all,
  ],
  3,
);

export const tailRows: readonly string[] = all.flatMap((blocker) =>
  [blocker, bare(blocker)].flatMap((one) =>
    tailSentences([claim({ nodeName: 'ip-10-0-0-1', nodePool: 'general' })], [one]),
  ),
);

const owners = [{ namespaces: ['*'], nodePools: ['*'], channel: 'C0TEAM' }];
const told = { release: 'al2023@v20261118', cardUrl: 'https://acme.slack.com/archives/C1/p2' };

export const ownerSentences: readonly string[] = [
  ...all.flatMap((blocker) =>
    ownedBlockers([blocker], { owners, nodePoolOf: new Map([['ip-10-0-0-1', 'general']]) }).map(
      (held) => ownerLine({ cluster: 'stg', ...held }, told).text,
    ),
  ),
  ownerLine({ cluster: 'stg', what: 'Deployment payments/ledger', blockers: [] }, told).text,
];
