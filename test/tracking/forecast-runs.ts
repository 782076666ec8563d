import { clusterViewOf } from '../../src/adapters/kubernetes/cluster-view.ts';
import { readNodeClaim } from '../../src/adapters/kubernetes/node-claim-record.ts';
import { readNodeClass } from '../../src/adapters/kubernetes/node-class-view.ts';
import { readNodePool } from '../../src/adapters/kubernetes/node-pool-view.ts';
import { readNode } from '../../src/adapters/kubernetes/node-record.ts';
import { readPod } from '../../src/adapters/kubernetes/pod-view.ts';
import { clusterOf, settle } from '../../src/sandbox/kubernetes/cluster.ts';
import { allowedDisruptions } from '../../src/sandbox/kubernetes/karpenter/budgets.ts';
import { claimsOf, is, isDeleting, poolOf } from '../../src/sandbox/kubernetes/karpenter/claims.ts';
import { stepKarpenter } from '../../src/sandbox/kubernetes/karpenter/karpenter.ts';
import type { Budget } from '../../src/sandbox/kubernetes/objects.ts';
import type { Simulation } from '../../src/sandbox/kubernetes/simulation.ts';
import { day, hour, type Instant, minute, second } from '../../src/shared/time.ts';
import { type Forecast, forecastOf } from '../../src/tracking/forecast.ts';
import type { ClusterView } from '../../src/tracking/types.ts';
import {
  newAlias,
  newImages,
  oldAlias,
  resolveForTest,
} from '../sandbox/kubernetes/start-for-test.ts';

export type ForecastCase = {
  readonly pools: readonly {
    readonly nodes: number;
    readonly budgets: readonly Budget[];
    /** Pods of each node; absent: one. */
    readonly podsPerNode?: number;
  }[];
  /** When the forecast is made and the pin moves; absent: a Monday at noon. */
  readonly at?: string;
};

export type ForecastRun = {
  readonly at: Instant;
  readonly forecast: Forecast;
  /** From the forecast until the last node ran the new image, in the sandbox's Karpenter. */
  readonly tookMs: number;
  readonly expectedMs: number;
  /** How far p50 was from the truth, as a share of the truth; negative: it came earlier than expected. */
  readonly error: number;
};

const longestMs = 20 * day;
/** The controllers need steps of a second or two. */
const stepMs = 2 * second;
/** While every budget is shut nothing happens; schedules begin and end at multiples of this. */
const shutMs = 5 * minute;

/** Plays a rollout in the sandbox's Karpenter, and compares its end with what was forecast before it began. */
export function forecastRun(of: ForecastCase, seed: number): ForecastRun {
  const start = Date.parse(of.at ?? '2026-07-27T12:00:00Z');
  const simulation = clusterFor(of, seed, start);
  const { store } = simulation;
  const forecast = forecastOf(viewOf(simulation, start), {
    wanted: new Map([['default', newImages]]),
    surroundings: { pods: store.list('pods').map((pod) => readPod(pod).value), allPods: true },
    now: start,
  });
  const nodeClass = store.get('ec2nodeclasses', 'default');
  if (nodeClass === undefined) throw new Error('the cluster has no class');
  store.put('ec2nodeclasses', { ...nodeClass, spec: specOf(newAlias) }, start);
  let now = start;
  while (now - start < longestMs && !isDone(simulation)) {
    now = isShut(simulation, now) ? Math.floor(now / shutMs + 1) * shutMs : now + stepMs;
    stepKarpenter(simulation, now);
  }
  const tookMs = now - start;
  const expectedMs = (forecast.endsAt?.p50 ?? Number.POSITIVE_INFINITY) - start;
  return { at: start, forecast, tookMs, expectedMs, error: (expectedMs - tookMs) / tookMs };
}

function isDone({ store }: Simulation): boolean {
  return store
    .list('nodeclaims')
    .every((claim) => newImages.has(claim.status?.imageID ?? '') && is(claim, 'Initialized'));
}

/** Every node is looked at, none moves, and no budget lets one go. */
function isShut({ store, memory }: Simulation, now: Instant): boolean {
  const claims = store.list('nodeclaims');
  if (memory.commands.length > 0 || claims.some(isDeleting)) return false;
  const old = claims.filter(({ status }) => !newImages.has(status?.imageID ?? ''));
  if (!old.every((claim) => is(claim, 'Drifted'))) return false;
  const pools = new Set(old.map(poolOf));
  return store.list('nodepools').every(({ metadata, spec }) => {
    const budgets = spec.disruption?.budgets ?? [];
    const total = claimsOf(store, metadata.name).length;
    const allowed = allowedDisruptions(budgets, { total, reason: 'Drifted', now });
    return !pools.has(metadata.name) || allowed === 0;
  });
}

function viewOf({ store }: Simulation, now: Instant): ClusterView {
  return clusterViewOf(
    {
      nodeClasses: store.list('ec2nodeclasses').map((one) => readNodeClass(one).value),
      nodePools: store.list('nodepools').map((one) => readNodePool(one).value),
      nodeClaims: store.list('nodeclaims').map((one) => readNodeClaim(one).value),
      readyNodes: new Map(
        store.list('nodes').map((node) => [node.metadata.name, readNode(node).value]),
      ),
    },
    now,
  );
}

const specOf = (alias: string) => ({
  role: 'KarpenterNodeRole-prod',
  amiSelectorTerms: [{ alias }],
  subnetSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'prod' } }],
  securityGroupSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'prod' } }],
});

function clusterFor({ pools }: ForecastCase, seed: number, start: Instant): Simulation {
  const named = pools.map((pool, i) => ({ ...pool, name: `pool-${i}` }));
  const spec = {
    name: `run-${seed}`,
    region: 'eu-west-1',
    kubernetes: '1.35',
    nodes: named.map(({ name, nodes }) => ({
      nodePool: name,
      count: nodes,
      arch: 'x86_64' as const,
    })),
    pods: named.map(({ name, nodes, podsPerNode = 1 }) => ({
      namespace: 'default',
      app: `web-${name}`,
      nodePool: name,
      replicas: nodes * podsPerNode,
    })),
  };
  const simulation = clusterOf(spec, { resolve: resolveForTest, seed, now: start });
  const { store } = simulation;
  store.put(
    'ec2nodeclasses',
    {
      apiVersion: 'karpenter.k8s.aws/v1',
      kind: 'EC2NodeClass',
      metadata: { name: 'default' },
      spec: specOf(oldAlias),
    },
    start - 2 * hour,
  );
  for (const { name, budgets } of named)
    store.put(
      'nodepools',
      {
        apiVersion: 'karpenter.sh/v1',
        kind: 'NodePool',
        metadata: { name },
        spec: {
          disruption: { budgets },
          template: {
            spec: {
              nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' },
              requirements: [],
            },
          },
        },
      },
      start - 2 * hour,
    );
  settle(simulation, spec, start);
  for (let at = start - 2 * minute; at <= start; at += stepMs) stepKarpenter(simulation, at);
  return simulation;
}
