import { type ForecastLine, forecastText } from '../../blocks/forecast.ts';
import { forecastDetails } from '../../blocks/forecast-details.ts';
import { forecastErrorText } from '../../blocks/forecast-error.ts';
import { type ClusterLine, liveProgress } from '../../blocks/live-progress.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { type ChurnCause, churnText } from '../../src/tracking/churn.ts';
import type { Delivery } from '../../src/tracking/delivery.ts';
import { deliveryText } from '../../src/tracking/delivery-text.ts';
import { type HealthCheck, healthOf, podHealth } from '../../src/tracking/health.ts';
import { notHandledText } from '../../src/tracking/not-handled-text.ts';
import type { VcpuQuota } from '../../src/tracking/room.ts';
import type { ApplicationView, NotHandled, PodView } from '../../src/tracking/types.ts';
import { drawn } from '../blocks/drawn.ts';
import { stories } from '../blocks/stories.ts';
import { after, noon } from '../rollout/story.ts';
import { claim, wanted } from '../tracking/node-claims.ts';

export const application: ApplicationView = {
  name: 'karpenter-stg',
  namespace: 'argocd',
  sync: 'OutOfSync',
  revision: 'a1b2c3d4e5',
  health: 'Progressing',
  autoSync: false,
  conditions: [],
  outOfSync: [
    'EC2NodeClass default',
    'NodePool general',
    'ConfigMap a',
    'ConfigMap b',
    'Service c',
  ],
  parent: { kind: 'ApplicationSet', name: 'fleet' },
};
const held = { words: 'deny 0 8 * * * for 10h', opensAt: noon + 6 * hour, manual: true };

/** Each kind of delivery, in the ways it is told. A new kind does not compile until it stands here. */
const deliveries: Readonly<Record<Delivery['kind'], readonly Delivery[]>> = {
  waiting: [{ kind: 'waiting' }],
  syncing: [{ kind: 'syncing' }, { kind: 'syncing', words: 'waiting for healthy state' }],
  synced: [{ kind: 'synced' }],
  failed: [{ kind: 'failed', words: 'one or more objects failed to apply' }],
  'sync-window': [
    { kind: 'sync-window', held },
    { kind: 'sync-window', held: { words: held.words, manual: false } },
  ],
  'out-of-sync-manual': [{ kind: 'out-of-sync-manual' }],
  degraded: [{ kind: 'degraded', words: 'EC2NodeClass default is not Ready' }],
  'follows-another': [
    {
      kind: 'follows-another',
      words: 'it follows v1 of acme/gitops, not main: the merge does not reach it',
    },
  ],
  'comparison-error': [{ kind: 'comparison-error', words: 'failed to load target state' }],
};

const { revision: _, parent: __, outOfSync: ___, ...plain } = application;

export const deliverySentences: readonly string[] = Object.values(deliveries)
  .flat()
  .flatMap((delivery) =>
    [application, plain].map(
      (one) => `${delivery.kind}: ${deliveryText(one, delivery, ['EC2NodeClass default'])}`,
    ),
  );

/** A new cause does not compile until it stands here. */
const churn: Readonly<Record<ChurnCause, number>> = {
  drift: 9,
  upgrade: 1,
  'other-drift': 2,
  consolidation: 1,
  expiry: 2,
  interruption: 1,
  repair: 2,
  unknown: 1,
};

export const churnSentences: readonly string[] = [
  ...Object.entries(churn).map(
    ([cause, count]) =>
      `${cause}: ${churnText(new Map([[cause as ChurnCause, count]])) ?? '(nothing)'}`,
  ),
  `all: ${churnText(new Map(Object.entries(churn) as [ChurnCause, number][]))}`,
];

export const nobody: NotHandled = { managedNodeGroup: 0, autoMode: 0, fargate: 0, other: 0 };
/** A new kind of node does not compile until it stands here. */
export const kindsOfNode: Readonly<Record<keyof NotHandled, number>> = {
  managedNodeGroup: 18,
  autoMode: 6,
  fargate: 1,
  other: 2,
};

export const notHandledSentences: readonly string[] = [
  ...Object.entries(kindsOfNode).map(
    ([kind, count]) => notHandledText({ ...nobody, [kind]: count }) ?? '',
  ),
  notHandledText(kindsOfNode) ?? '',
];

const pod = (changes: Partial<PodView>): PodView => ({
  namespace: 'payments',
  name: 'ledger',
  labels: { 'pod-template-hash': '1' },
  owner: 'Deployment payments/ledger',
  stays: false,
  deleting: false,
  ready: true,
  crashing: false,
  ...changes,
});
const nodes = [
  claim({ name: 'new', nodeName: 'new' }),
  claim({ name: 'old', nodeName: 'old', imageId: 'ami-old' }),
];
const pairs = (owner: string, crashing: boolean) =>
  ['new', 'new', 'old', 'old'].map((nodeName) =>
    pod({
      nodeName,
      owner,
      stays: owner.startsWith('DaemonSet'),
      crashing: crashing && nodeName === 'new',
    }),
  );
const looks = { claims: nodes, wanted, now: noon };
const podsOf = (crashing: boolean) => [
  ...pairs('Deployment payments/ledger', crashing),
  ...pairs('DaemonSet kube-system/aws-node', crashing),
];
const gpuless = claim({
  name: 'gpu',
  initialized: false,
  ready: false,
  detail: {
    createdAt: noon - hour,
    doNotDisrupt: false,
    conditions: [
      {
        type: 'Initialized',
        status: 'Unknown',
        reason: 'ResourceNotRegistered',
        message: 'Resource "nvidia.com/gpu" was requested but not registered',
      },
    ],
  },
});
const checks: readonly HealthCheck[] = [
  ...healthOf({
    ...looks,
    podChecks: podHealth({ ...looks, pods: podsOf(false) }),
    argocd: 'Healthy',
    lostLaunches: 0,
  }),
  ...healthOf({
    ...looks,
    claims: [gpuless, gpuless],
    podChecks: podHealth({ ...looks, pods: podsOf(true) }),
    argocd: 'Degraded',
    lostLaunches: 3,
  }),
  ...healthOf({ ...looks, podChecks: podHealth({ ...looks, pods: undefined }), lostLaunches: 0 }),
  ...podHealth({ ...looks, pods: [] }),
];

export const healthSentences: readonly string[] = [
  ...new Set(checks.map(({ check, verdict, evidence }) => `${check}, ${verdict}: ${evidence}.`)),
];

/** What a check can come to. A new check does not compile until it stands here. */
export const healthVerdicts: Readonly<
  Record<HealthCheck['check'], readonly HealthCheck['verdict'][]>
> = {
  'new-nodes': ['well', 'breached'],
  resources: ['well', 'breached'],
  launches: ['well', 'breached'],
  daemonsets: ['well', 'breached', 'not-checked'],
  workloads: ['well', 'breached', 'not-checked'],
  argocd: ['well', 'breached', 'not-checked'],
};

const forecast: Required<NonNullable<ForecastLine['forecast']>> = {
  nodes: 34,
  pods: 120,
  workloads: 31,
  singleReplica: ['StatefulSet shop/db'],
  withVolume: 3,
  boundTo: new Map([['eu-west-1a', 2]]),
  doNotDisrupt: ['batch/job'],
  blockingBudgets: ['payments/ledger-pdb'],
  changeADay: 35,
  startsAt: noon + hour,
  endsAt: { p50: noon + 90 * minute, p80: noon + 150 * minute },
  shutPools: ['frozen'],
  surge: [
    {
      nodePool: 'general',
      nodes: 4,
      cpu: 32,
      vcpu: ['Standard/OnDemand', 'Standard/Spot'],
      beyondLimits: ['cpu'],
    },
  ],
};
const onDemand = {
  kind: 'Standard/OnDemand',
  region: 'eu-west-1',
  running: 608,
  quota: 640,
} as const;
const spot = { ...onDemand, kind: 'Standard/Spot', running: 50, quota: 81 } as const;
const least = { nodes: 1, withVolume: 3, shutPools: [], surge: [] };
const line: Required<ForecastLine> = {
  at: noon,
  notChecked: ['vCPU quota'],
  notHandled: kindsOfNode,
  room: {
    subnets: [{ id: 'subnet-0aa', zone: 'eu-west-1a', free: 1 }],
    reservations: [
      { id: 'cr-0bb', instanceType: 'p5.48xlarge', zone: 'eu-west-1a', free: 0, total: 4 },
    ],
    vcpu: [onDemand, spot],
  },
  forecast,
};
const enough = (...vcpu: VcpuQuota[]): ForecastLine => ({
  at: noon,
  room: { vcpu },
  forecast: {
    ...least,
    surge: forecast.surge.map((pool) => ({ ...pool, vcpu: vcpu.map(({ kind }) => kind) })),
  },
});
const [staging] = after(...(stories['needs-approval'] ?? [])).environments;
if (staging === undefined) throw new Error('the story has no environment');
const error = {
  environment: 'production',
  wave: 'wave-1',
  expected: { p50Ms: hour, p80Ms: 2 * hour },
  tookMs: hour,
};

export const forecastSentences: readonly string[] = [
  forecastText(staging, new Map([['stg', line]])) ?? '',
  forecastText(staging, new Map([['stg', { at: noon, forecast: least }]])) ?? '',
  forecastText(staging, new Map([['stg', enough(onDemand)]])) ?? '',
  forecastText(staging, new Map([['stg', enough(onDemand, { ...spot, running: 0 })]])) ?? '',
  forecastText(staging, new Map([['stg', { at: noon }]])) ?? '(nothing)',
  forecastDetails('stg', line) ?? '',
  forecastDetails('stg', { at: noon, forecast: least }) ?? '',
  ...[0, 0.25, -0.25].map((off) => forecastErrorText({ ...error, error: off })),
];

const seen: ClusterLine = {
  cluster: 'stg',
  wave: 'staging/wave-1',
  replaced: 1,
  total: 5,
  draining: 1,
  launching: 2,
  at: noon,
};
const moving = after(...(stories['stalled'] ?? []));
const live = (one: ClusterLine) => {
  const said = liveProgress(moving, [one]);
  return said === undefined ? '(nothing)' : drawn(said).trimEnd();
};

export const liveSentences: readonly string[] = [
  live(seen),
  live({
    ...seen,
    health: 'Health of new nodes checked by NodeClaims (readiness). Not checked: Argo CD.',
    endsAt: { p50: noon + hour, p80: noon + 2 * hour },
    blockers: ['ip-1 keeps pods of Deployment payments/ledger, until 2026-11-20T22:00:00Z.'],
    churn: '2 leave by consolidation',
    note: 'karpenter-stg: the sync failed: one or more objects failed to apply',
    noteUrl: 'https://argocd.example.com/applications/argocd/karpenter-stg',
  }),
  live({ ...seen, stale: true, note: 'the cluster does not answer' }),
];
