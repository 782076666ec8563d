import type { Act } from '../../../src/sandbox/kubernetes/act.ts';
import type { BlockerCause } from '../../../src/tracking/blocker.ts';
import type { manifests } from '../../sandbox/kubernetes/start-for-test.ts';
import type { ObservedWorld, observedWorld } from './observed-world.ts';

type Options = NonNullable<Parameters<typeof observedWorld>[0]>;
type Manifests = NonNullable<Parameters<typeof manifests>[0]>;
type Deed =
  | Act
  | { readonly push: string }
  /** Takes the cluster off the net, and puts it back. */
  | { readonly line: 'cut' | 'mend' }
  | { readonly run: (world: ObservedWorld) => Promise<unknown> };

export type Scenario = {
  readonly name: string;
  readonly options?: Options;
  /** What stands in Git beside the alias, before and after. */
  readonly manifests?: Manifests;
  /** The alias that is pushed; by default the new release. */
  readonly alias?: string;
  /** What happens after so many minutes. */
  readonly acts?: Readonly<Record<number, readonly Deed[]>>;
  readonly minutes: number;
  /** Causes that have to be met on the way, so that the scenario is known to be one. */
  readonly meets: readonly BlockerCause[];
  readonly ends: 'replaced' | 'replacing' | 'no-nodes';
};

const pdb = { namespace: 'default', name: 'web', app: 'web-general', maxUnavailable: 1 };
const job = (doNotDisrupt: boolean) => [
  { namespace: 'batch', app: 'job', nodePool: 'general', replicas: 4, doNotDisrupt },
];

/** Marks the first Node for Karpenter to leave it alone, as a person would. */
async function protectNode({ standIn }: ObservedWorld): Promise<void> {
  const [node] = standIn.objects('prod-eu-1', 'nodes');
  const answer = await fetch(
    `${standIn.serverUrl('prod-eu-1')}/api/v1/nodes/${node?.metadata.name}`,
    {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${standIn.token('prod-eu-1')}`,
        'content-type': 'application/merge-patch+json',
      },
      body: '{"metadata":{"annotations":{"karpenter.sh/do-not-disrupt":"true"}}}',
    },
  );
  if (!answer.ok) throw new Error(`the Node was not marked: ${answer.status}`);
}

/** What keeps nodes from turning, what makes counts move by themselves, and what hides them. */
export const scenarios: readonly Scenario[] = [
  { name: 'a plain rollout', minutes: 14, meets: [], ends: 'replaced' },
  {
    name: 'a budget that opens by schedule',
    manifests: {
      budgets: [
        { nodes: '2' },
        { nodes: '0', reasons: ['Drifted'], schedule: '0 12 * * *', duration: '6m' },
      ],
    },
    minutes: 20,
    meets: ['budget'],
    ends: 'replaced',
  },
  {
    name: 'a budget for another reason',
    manifests: { budgets: [{ nodes: '2' }, { nodes: '0', reasons: ['Underutilized'] }] },
    minutes: 14,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'a budget for drift alone that allows nothing',
    manifests: { budgets: [{ nodes: '2' }, { nodes: '0', reasons: ['Drifted'] }] },
    minutes: 6,
    meets: ['budget'],
    ends: 'replacing',
  },
  {
    name: 'a budget of none',
    manifests: { budgets: [{ nodes: '0' }] },
    minutes: 6,
    meets: ['budget'],
    ends: 'replacing',
  },
  {
    name: 'a PodDisruptionBudget that is opened on the way',
    options: { spec: { pdbs: [pdb] } },
    acts: { 0: [{ do: 'block-pdb' }], 6: [{ do: 'unblock-pdb' }] },
    minutes: 20,
    meets: ['pdb'],
    ends: 'replaced',
  },
  {
    name: 'pods that must not be disrupted',
    options: { spec: { pods: job(true) } },
    minutes: 6,
    meets: ['do-not-disrupt-pod'],
    ends: 'replacing',
  },
  {
    name: 'a node that must not be disrupted',
    options: { spec: { denied: [], brakePolicy: false } },
    acts: { 0: [{ run: protectNode }] },
    minutes: 16,
    meets: ['do-not-disrupt-node'],
    ends: 'replacing',
  },
  {
    name: 'a 12-hour job with a grace period',
    options: { spec: { pods: job(true) } },
    manifests: { pool: '      terminationGracePeriod: 12h\n' },
    minutes: 24,
    meets: ['do-not-disrupt-pod', 'grace-period', 'budget-draining'],
    ends: 'replacing',
  },
  {
    name: 'instances that never join',
    acts: { 0: [{ do: 'launch-failures', how: 'never-registers' }] },
    minutes: 20,
    meets: ['not-registering'],
    ends: 'replacing',
  },
  {
    name: 'nodes that never become Ready',
    acts: { 0: [{ do: 'launch-failures', how: 'never-ready' }] },
    minutes: 14,
    meets: ['not-ready'],
    ends: 'replacing',
  },
  {
    name: 'no capacity, until there is',
    acts: {
      0: [{ do: 'launch-failures', how: 'no-capacity' }],
      6: [{ do: 'launch-failures', how: 'none' }],
    },
    minutes: 24,
    meets: ['capacity'],
    ends: 'replaced',
  },
  {
    name: 'an alias that resolves to nothing',
    alias: 'al2023@v19990101',
    minutes: 5,
    meets: ['no-image'],
    ends: 'replacing',
  },
  {
    name: 'a control plane that is upgraded on the way',
    acts: { 3: [{ do: 'upgrade-control-plane', to: '1.36' }] },
    minutes: 28,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'spot interruptions and a node that breaks',
    acts: {
      1: [{ do: 'interrupt-node' }],
      3: [{ do: 'kill-node' }],
      5: [{ do: 'degrade' }],
      9: [{ do: 'recover' }],
    },
    minutes: 20,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'consolidation and spot noise on the way',
    options: { nodes: [{ nodePool: 'general', count: 6, arch: 'x86_64' }] },
    acts: {
      1: [{ do: 'consolidate-node' }],
      2: [{ do: 'interrupt-node' }],
      4: [{ do: 'consolidate-node' }, { do: 'add-node', nodePool: 'general' }],
      7: [{ do: 'interrupt-node' }],
    },
    minutes: 26,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'two architectures under one class',
    options: {
      nodes: [
        { nodePool: 'general', count: 2, arch: 'x86_64' },
        { nodePool: 'general', count: 2, arch: 'arm64' },
      ],
    },
    minutes: 16,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'a cluster that cannot be reached for ten minutes',
    options: { canBeCut: true },
    acts: { 3: [{ line: 'cut' }], 13: [{ line: 'mend' }] },
    minutes: 26,
    meets: [],
    ends: 'replaced',
  },
  { name: 'no nodes at all', options: { nodes: [] }, minutes: 3, meets: [], ends: 'no-nodes' },
  {
    name: 'a pin moved by hand on the way',
    acts: { 4: [{ push: 'al2023@v20260728' }] },
    minutes: 10,
    meets: [],
    ends: 'replacing',
  },
];
