import { expect, test } from 'vitest';
import { hour, minute } from '../../src/shared/time.ts';
import type { Blocker } from '../../src/tracking/blocker.ts';
import { blockerText, groupedText } from '../../src/tracking/blocker-text.ts';
import { blockersOf } from '../../src/tracking/blockers-of.ts';
import type {
  ClusterView,
  ConditionView,
  EventView,
  NodeClaimView,
  NodeClassView,
  NodePoolView,
  PodBudgetView,
  PodView,
  Surroundings,
} from '../../src/tracking/types.ts';
import { claim, wanted } from './node-claims.ts';

const now = Date.parse('2026-07-27T10:00:00Z');
const iso = (at: number) => new Date(at).toISOString().replace('.000', '');

const nodeClass: NodeClassView = {
  name: 'default',
  generation: 2,
  terms: [{ alias: 'al2023@v20260714', other: false }],
  amis: [...wanted],
  conditions: ['AMIsReady', 'SubnetsReady', 'Ready'].map((type) => is(type, 'True')),
};
const nodePool: NodePoolView = {
  name: 'general',
  nodeClass: 'default',
  managedHere: true,
  architectures: ['x86_64'],
  budgets: [{ nodes: '2' }],
};
const old = claim({ name: 'general-old', imageId: 'ami-old', nodeName: 'ip-1', drifted: true });
const pod: PodView = {
  namespace: 'payments',
  name: 'ledger-1',
  labels: { app: 'ledger' },
  nodeName: 'ip-1',
  owner: 'Deployment payments/ledger',
  stays: false,
  deleting: false,
  ready: true,
  crashing: false,
};
const pdb: PodBudgetView = {
  namespace: 'payments',
  name: 'ledger-pdb',
  selector: { matchLabels: { app: 'ledger' }, matchExpressions: [] },
  allowed: 0,
  healthy: 3,
  desired: 3,
  expected: 3,
  since: now - hour,
};

function is(type: string, status: 'True' | 'False' | 'Unknown', said: Partial<ConditionView> = {}) {
  return { type, status, reason: type, message: '', observedGeneration: 2, ...said };
}

function told(message: string, more: Partial<EventView> = {}): EventView {
  const times = { firstAt: now - 20 * minute, lastAt: now - minute };
  return {
    kind: 'NodeClaim',
    name: 'general-old',
    reason: 'DisruptionBlocked',
    message,
    ...times,
    ...more,
  };
}

function blockers(
  view: Partial<ClusterView>,
  surroundings: Surroundings = {},
  at = now,
): readonly Blocker[] {
  const whole = {
    nodeClasses: [nodeClass],
    nodePools: [nodePool],
    nodeClaims: [old],
    observedAt: at,
  };
  return blockersOf(
    { ...whole, ...view },
    { wanted: new Map([['default', wanted]]), surroundings, now: at },
  );
}

function sentences(...given: Parameters<typeof blockers>): readonly string[] {
  return blockers(...given).map(blockerText);
}

const coming = (changes: Partial<NodeClaimView>, conditions: readonly ConditionView[]) =>
  claim({
    name: 'general-new',
    nodeName: 'ip-2',
    ready: false,
    initialized: false,
    detail: { createdAt: now - 10 * minute, conditions, doNotDisrupt: false },
    ...changes,
  });

test('nothing known blocks a node that waits for its turn', () => {
  expect(blockers({}, { pods: [pod], budgets: [{ ...pdb, allowed: 1 }], events: [] })).toEqual([]);
});

test.each<[string, Parameters<typeof blockers>, string]>([
  [
    'a scheduled budget, with when it opens',
    [
      {
        nodePools: [
          {
            ...nodePool,
            budgets: [
              { nodes: '0', reasons: ['Drifted'], schedule: '0 8 * * mon-fri', duration: '9h0m0s' },
            ],
          },
        ],
      },
    ],
    'The disruption budget of NodePool general (nodes 0, reasons Drifted, 0 8 * * mon-fri (UTC) for 9h0m0s) allows no replacement now; it opens 2026-07-27T17:00:00Z. 1 node waits.',
  ],
  [
    'a budget of 0',
    [{ nodePools: [{ ...nodePool, budgets: [{ nodes: '0' }] }] }],
    'The disruption budget of NodePool general (nodes 0) allows no replacement now; nothing in its schedule opens it. 1 node waits.',
  ],
  [
    'a budget nobody can read',
    [
      {
        nodePools: [
          { ...nodePool, budgets: [{ nodes: '5', schedule: '0 9 * * 7', duration: '1h' }] },
        ],
      },
    ],
    'NodePool general replaces no node: a disruption budget (nodes 5, 0 9 * * 7 (UTC) for 1h) has a schedule that Karpenter cannot read, which counts as 0 nodes. 1 node waits.',
  ],
  [
    'limits of the pool',
    [
      {
        nodePools: [{ ...nodePool, limits: { cpu: 16 }, used: { cpu: 16 } }],
        nodeClaims: [old, claim({ name: 'a' })],
      },
    ],
    'NodePool general has no room for a replacement within its limits: cpu 16 of 16. 1 node waits.',
  ],
  [
    'a PodDisruptionBudget',
    [{}, { pods: [pod], budgets: [pdb] }],
    'ip-1 keeps pods of Deployment payments/ledger: PodDisruptionBudget payments/ledger-pdb allows no disruption (3 healthy, 3 needed).',
  ],
  [
    'a PodDisruptionBudget over a Ready pod that lets others go',
    [{}, { pods: [pod], budgets: [{ ...pdb, letsUnreadyGo: true }] }],
    'ip-1 keeps pods of Deployment payments/ledger: PodDisruptionBudget payments/ledger-pdb allows no disruption (3 healthy, 3 needed).',
  ],
  [
    'two PodDisruptionBudgets over one pod',
    [{}, { pods: [pod], budgets: [pdb, { ...pdb, name: 'all', allowed: 9 }] }],
    'ip-1 keeps pod payments/ledger-1 of Deployment payments/ledger: more than one PodDisruptionBudget covers it (payments/ledger-pdb, payments/all), and such a pod cannot be evicted.',
  ],
  [
    'a PodDisruptionBudget that only an event names',
    [
      {},
      { events: [told('Pdb prevents pod evictions (PodDisruptionBudget=[payments/ledger-pdb])')] },
    ],
    'ip-1 keeps pods: PodDisruptionBudget payments/ledger-pdb allows no disruption.',
  ],
  [
    'do-not-disrupt on a pod',
    [{}, { pods: [{ ...pod, doNotDisrupt: true }] }],
    'ip-1 keeps pod payments/ledger-1 of Deployment payments/ledger, which has karpenter.sh/do-not-disrupt.',
  ],
  [
    'do-not-disrupt for a time',
    [{}, { pods: [{ ...pod, doNotDisrupt: 30 * minute, startedAt: now - 10 * minute }] }],
    `ip-1 keeps pod payments/ledger-1 of Deployment payments/ledger, which has karpenter.sh/do-not-disrupt, until ${iso(now + 20 * minute)}.`,
  ],
  [
    'do-not-disrupt on a node',
    [{}, { heldNodes: new Map([['ip-1', '']]) }],
    'ip-1 has karpenter.sh/do-not-disrupt.',
  ],
  [
    'do-not-disrupt on a node, by somebody',
    [{}, { heldNodes: new Map([['ip-1', 'Amiable rollout ro_1']]) }],
    'ip-1 has karpenter.sh/do-not-disrupt, set by Amiable rollout ro_1.',
  ],
  [
    'pods without another place',
    [{}, { events: [told('no instance type met all requirements')] }],
    'ip-1 is not replaced, since its pods would have no place: no instance type met all requirements.',
  ],
  [
    'a NodePool that is gone',
    [{ nodePools: [] }, { events: [told('NodePool not found (NodePool=general)')] }],
    'ip-1 is not replaced: its NodePool general is gone.',
  ],
  [
    'a pod without a node',
    [
      {},
      { pods: [{ ...pod, nodeName: '', unschedulable: { words: '0/3 nodes are available.' } }] },
    ],
    'Pod payments/ledger-1 of Deployment payments/ledger finds no node: 0/3 nodes are available.',
  ],
  [
    'no capacity',
    [
      {},
      {
        events: [
          told('NodeClaim general-z9q8w event: InsufficientInstanceCapacity: none in eu-west-1b', {
            name: 'general-z9q8w',
            reason: 'InsufficientCapacityError',
          }),
        ],
      },
    ],
    'AWS has no capacity for NodePool general: InsufficientInstanceCapacity: none in eu-west-1b.',
  ],
  [
    'no addresses',
    [
      {},
      {
        events: [
          told('NodeClaim general-z9q8w event: InsufficientFreeAddressesInSubnet', {
            name: 'general-z9q8w',
            reason: 'InsufficientCapacityError',
          }),
        ],
      },
    ],
    'No subnet has free addresses for NodePool general: InsufficientFreeAddressesInSubnet.',
  ],
  [
    'a launch that fails',
    [
      {
        nodeClaims: [
          coming({ launched: false, registered: false }, [
            is('Launched', 'False', { reason: 'LaunchFailed', message: 'AuthFailure' }),
          ]),
        ],
      },
    ],
    'NodeClaim general-new does not launch: AuthFailure.',
  ],
  [
    'a launch that fails, as newer Karpenter tells it',
    [
      {
        nodeClaims: [
          coming({ launched: false, registered: false }, [
            is('Launched', 'Unknown', { reason: 'LaunchFailed', message: 'AuthFailure' }),
          ]),
        ],
      },
    ],
    'NodeClaim general-new does not launch: AuthFailure.',
  ],
  [
    'an instance that does not join',
    [
      {
        nodeClaims: [
          coming({ registered: false }, [
            is('Launched', 'True', { since: now - 8 * minute }),
            is('Registered', 'Unknown', {
              reason: 'NodeNotFound',
              message: 'Node not registered with cluster',
            }),
          ]),
        ],
      },
    ],
    'The instance of NodeClaim general-new does not join the cluster: Node not registered with cluster.',
  ],
  [
    'a new node that does not become Ready',
    [
      {
        nodeClaims: [
          coming({}, [
            is('Registered', 'True', { since: now - 9 * minute }),
            is('Initialized', 'Unknown', {
              reason: 'NodeNotReady',
              message: 'Node status is NotReady',
            }),
          ]),
        ],
      },
    ],
    'ip-2 runs the new image and is not Ready: Node status is NotReady.',
  ],
  [
    'a node that waits for its volumes',
    [
      {
        nodeClaims: [
          {
            ...old,
            deleting: true,
            detail: {
              conditions: [
                is('VolumesDetached', 'Unknown', { reason: 'AwaitingVolumeDetachment' }),
              ],
              doNotDisrupt: false,
            },
          },
        ],
      },
    ],
    'ip-1 is drained and waits for its volumes to detach: AwaitingVolumeDetachment.',
  ],
  [
    'an alias that resolves to nothing',
    [
      {
        nodeClasses: [
          {
            ...nodeClass,
            conditions: [
              is('AMIsReady', 'True', { observedGeneration: 1 }),
              is('SubnetsReady', 'True'),
              is('Ready', 'Unknown', { reason: 'ReconcilingDependents' }),
            ],
          },
        ],
      },
    ],
    'EC2NodeClass default resolves to no image, so no new node can launch: no image found for al2023@v20260714.',
  ],
  [
    'a class that is not Ready',
    [
      {
        nodeClasses: [
          {
            ...nodeClass,
            conditions: [
              is('AMIsReady', 'True'),
              is('Ready', 'False', {
                reason: 'UnhealthyDependents',
                message: 'SubnetsReady=False',
              }),
            ],
          },
        ],
      },
    ],
    'EC2NodeClass default cannot launch nodes, since the EC2NodeClass is not Ready: UnhealthyDependents: SubnetsReady=False.',
  ],
])('%s is said in a sentence', (_, given, sentence) => {
  expect(sentences(...given)).toEqual([sentence]);
});

test('a budget taken by nodes that are not Ready is named with these nodes', () => {
  const broken = ['a', 'b'].map((name) => claim({ name, nodeName: name, ready: false }));
  expect(sentences({ nodeClaims: [old, ...broken] })).toEqual([
    'The disruption budget of NodePool general is taken by nodes that are not Ready (2 of 2). 1 node waits.',
    'a runs the new image and is not Ready.',
    'b runs the new image and is not Ready.',
  ]);
});

test('a budget taken by nodes that drain for long is named, and one that nodes leave in time is not', () => {
  const leaving = (name: string, sinceMs: number) =>
    claim({
      name,
      nodeName: name,
      deleting: true,
      detail: { conditions: [], doNotDisrupt: false, deletedAt: now - sinceMs },
    });
  const drains = (sinceMs: number) =>
    sentences({ nodeClaims: [old, leaving('a', hour), leaving('b', sinceMs)] });
  expect(drains(14 * minute)).toEqual([]);
  expect(drains(15 * minute)).toEqual([
    'The disruption budget of NodePool general is taken by nodes that have drained for long (2 of 2). 1 node waits.',
  ]);
});

test('a grace period that runs out overrides what protects pods, and both are said', () => {
  const leaving: NodeClaimView = {
    ...old,
    deleting: true,
    detail: {
      conditions: [],
      doNotDisrupt: false,
      deletedAt: now - minute,
      forcedEndAt: now + hour,
    },
  };
  expect(sentences({ nodeClaims: [leaving] }, { pods: [pod], budgets: [pdb] })).toEqual([
    `ip-1 keeps pods of Deployment payments/ledger: PodDisruptionBudget payments/ledger-pdb allows no disruption (3 healthy, 3 needed), until ${iso(now + hour)}.`,
    `ip-1 drains; its terminationGracePeriod ends ${iso(now + hour)}, and then all its pods are deleted, whatever protects them.`,
  ]);
});

test.each<[string, Partial<PodView>, readonly string[]]>([
  [
    'a time that runs',
    { doNotDisrupt: hour, startedAt: now - 10 * minute },
    [
      `ip-1 keeps pod payments/ledger-1 of Deployment payments/ledger, which has karpenter.sh/do-not-disrupt, until ${iso(now + 50 * minute)}.`,
    ],
  ],
  ['a time that has passed', { doNotDisrupt: minute, startedAt: now - hour }, []],
])('%s holds a pod of a node that drains no longer than that', (_, change, said) => {
  const detail = { conditions: [], doNotDisrupt: false, deletedAt: now - minute };
  const leaving: NodeClaimView = { ...old, deleting: true, detail };
  expect(sentences({ nodeClaims: [leaving] }, { pods: [{ ...pod, ...change }] })).toEqual(said);
});

test('with a grace period, a PodDisruptionBudget does not keep a node from being chosen', () => {
  const pool = { ...nodePool, graceMs: hour };
  expect(blockers({ nodePools: [pool] }, { pods: [pod], budgets: [pdb] })).toEqual([]);
});

test.each<[string, Surroundings]>([
  [
    'a PodDisruptionBudget that allows something again',
    {
      budgets: [{ ...pdb, allowed: 1 }],
      events: [told('Pdb prevents pod evictions (PodDisruptionBudget=[payments/ledger-pdb])')],
    },
  ],
  [
    'a PodDisruptionBudget that is gone',
    {
      budgets: [],
      events: [told('Pdb prevents pod evictions (PodDisruptionBudget=[payments/ledger-pdb])')],
    },
  ],
  [
    'a pod that is gone',
    {
      pods: [],
      events: [told('Pod has "karpenter.sh/do-not-disrupt" annotation (Pod=payments/ledger-1)')],
    },
  ],
  [
    'a hint nobody repeated',
    { events: [told('no instance type met all requirements', { lastAt: now - hour })] },
  ],
  ['a pod of a DaemonSet', { pods: [{ ...pod, stays: true }], budgets: [pdb] }],
  [
    'a PodDisruptionBudget that lets pods go which are not Ready',
    { pods: [{ ...pod, ready: false }], budgets: [{ ...pdb, letsUnreadyGo: true }] },
  ],
  ['a pod that leaves', { pods: [{ ...pod, deleting: true }], budgets: [pdb] }],
  ['a time that has passed', { pods: [{ ...pod, doNotDisrupt: minute, startedAt: now - hour }] }],
  [
    'a class that was not Ready, and is',
    {
      events: [
        told('NodeClaim general-z9q8w event: nodeclass is not ready', {
          name: 'general-z9q8w',
          reason: 'NodeClassNotReady',
        }),
      ],
    },
  ],
  [
    'another pool’s launch failure',
    { events: [told('x', { name: 'gpu-z9q8w', reason: 'InsufficientCapacityError' })] },
  ],
])('%s blocks nothing', (_, surroundings) => {
  expect(blockers({}, surroundings)).toEqual([]);
});

test('what an event and an object both say is said once, since the earlier time', () => {
  const events = [told('Pdb prevents pod evictions (PodDisruptionBudget=[payments/ledger-pdb])')];
  expect(blockers({}, { pods: [pod], budgets: [pdb], events })).toEqual([
    {
      cause: 'pdb',
      node: 'ip-1',
      object: 'PodDisruptionBudget/payments/ledger-pdb',
      owner: 'Deployment payments/ledger',
      words: '3 healthy, 3 needed',
      since: now - hour,
      nodes: 1,
    },
  ]);
});

test('many nodes behind one object make one line', () => {
  const nodeClaims = ['ip-1', 'ip-2', 'ip-3'].map((nodeName) => ({
    ...old,
    name: nodeName,
    nodeName,
  }));
  const pods = nodeClaims.map(({ nodeName }) => ({ ...pod, name: nodeName, nodeName }));
  expect(groupedText(blockers({ nodeClaims }, { pods, budgets: [pdb] }))).toEqual([
    'ip-1 keeps pods of Deployment payments/ledger: PodDisruptionBudget payments/ledger-pdb allows no disruption (3 healthy, 3 needed). The same of 2 more.',
  ]);
});
