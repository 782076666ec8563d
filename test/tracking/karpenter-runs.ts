import { clusterViewOf } from '../../src/adapters/kubernetes/cluster-view.ts';
import { readNodeClaim } from '../../src/adapters/kubernetes/node-claim-record.ts';
import { readNodeClass } from '../../src/adapters/kubernetes/node-class-view.ts';
import { readNode } from '../../src/adapters/kubernetes/node-record.ts';
import { act } from '../../src/sandbox/kubernetes/act.ts';
import { clusterOf, settle } from '../../src/sandbox/kubernetes/cluster.ts';
import { stepKarpenter } from '../../src/sandbox/kubernetes/karpenter/karpenter.ts';
import type { Node, NodeClaim, NodeClass } from '../../src/sandbox/kubernetes/objects.ts';
import { type Random, randomFrom } from '../../src/sandbox/kubernetes/random.ts';
import type { Simulation } from '../../src/sandbox/kubernetes/simulation.ts';
import { minute, second } from '../../src/shared/time.ts';
import { progressOf } from '../../src/tracking/progress.ts';
import { resolutionOf } from '../../src/tracking/resolution.ts';
import type { NodeClaimView, NodeClassView } from '../../src/tracking/types.ts';
import {
  imageOf,
  newAlias,
  noon,
  oldAlias,
  resolveForTest,
} from '../sandbox/kubernetes/start-for-test.ts';

/** How long all has to be well before a wave is called replaced; as the shortest configuration has it. */
const stableForMs = minute;
/** Between two looks. */
const lookMs = 10 * second;
const longestMs = 40 * minute;

export type Moment = {
  /** Minor of the control plane, which EKS tells at once. */
  readonly kubernetes: string;
  readonly classes: readonly NodeClass[];
  readonly claims: readonly NodeClaim[];
  readonly nodes: readonly Node[];
};

/** Whether a moment looks as if all were replaced. */
export type Judge = (moment: Moment) => boolean;

export type Run = {
  /** When it was called complete, after the pin moved; absent: not within 40 minutes. */
  readonly completedMs?: number;
  /** NodeClaims on another image, in truth, at that moment. */
  readonly oldLeft: number;
  /** Looks at which all that was seen was on the new image. */
  readonly wellLooks: number;
};

/**
 * One small cluster of the sandbox's Karpenter whose class gets another alias, seen through watches that are late by up to
 * `lateMs`, each resource by an amount of its own, while nodes come, break and go; in every third, the control plane is
 * upgraded on the way, so that what was wanted no longer is.
 */
export function karpenterRun(
  seed: number,
  { lateMs = 150 * second, judge = looksWell }: { lateMs?: number; judge?: Judge } = {},
): Run {
  const random = randomFrom(seed);
  const simulation = smallCluster(seed, random);
  const { store, memory } = simulation;
  const history: Moment[] = [];
  const upgradedAt = seed % 3 === 0 ? noon + random.between(1, 10) * minute : Infinity;
  let steadySince: number | undefined;
  let wellLooks = 0;
  const [nodeClass] = store.list('ec2nodeclasses');
  if (nodeClass === undefined) throw new Error('the cluster has no class');
  for (let at = noon; at < noon + longestMs; at += lookMs) {
    if (at === noon + lookMs)
      store.put(
        'ec2nodeclasses',
        { ...nodeClass, ...store.get('ec2nodeclasses', 'default'), spec: specOf(newAlias) },
        at,
      );
    if (at >= upgradedAt) memory.kubernetes = '1.36';
    noise(simulation, random, at);
    stepKarpenter(simulation, at - lookMs / 2);
    stepKarpenter(simulation, at);
    history.push({
      kubernetes: memory.kubernetes,
      classes: store.list('ec2nodeclasses'),
      claims: store.list('nodeclaims'),
      nodes: store.list('nodes'),
    });
    const late = () =>
      history[Math.max(0, history.length - 1 - random.between(0, lateMs / lookMs))];
    const well = judge({
      kubernetes: memory.kubernetes,
      classes: late()?.classes ?? [],
      claims: late()?.claims ?? [],
      nodes: late()?.nodes ?? [],
    });
    if (well) wellLooks += 1;
    steadySince = well ? (steadySince ?? at) : undefined;
    if (steadySince === undefined || at - steadySince < stableForMs) continue;
    return { completedMs: at - noon, oldLeft: oldLeft(simulation), wellLooks };
  }
  return { oldLeft: oldLeft(simulation), wellLooks };
}

function looksWell({ kubernetes, classes, claims, nodes }: Moment): boolean {
  const [nodeClass] = classes;
  if (nodeClass === undefined) return false;
  const intended = { kind: 'alias', value: newAlias } as const;
  const wanted = wantedFor(kubernetes);
  if (resolutionOf(classView(nodeClass), wanted, intended).kind !== 'resolved') return false;
  const view = clusterViewOf(
    {
      nodeClasses: [classView(nodeClass)],
      nodePools: [],
      nodeClaims: claims.map(claimView),
      readyNodes: new Map(nodes.map((node) => [node.metadata.name, readNode(node).value])),
    },
    0,
  );
  return progressOf(view.nodeClaims, wanted).kind === 'replaced';
}

function oldLeft({ store, memory }: Simulation): number {
  const wanted = wantedFor(memory.kubernetes);
  return store
    .list('nodeclaims')
    .filter(({ status }) => status?.imageID !== undefined && !wanted.has(status.imageID)).length;
}

/** The approved release's images for a minor. */
function wantedFor(kubernetes: string): ReadonlySet<string> {
  const [, version = ''] = newAlias.split('@');
  return new Set((['amd64', 'arm64'] as const).map((arch) => imageOf(version, arch, kubernetes)));
}

/** Objects never change in place, so each is read once. */
const claimViews = new WeakMap<NodeClaim, NodeClaimView>();
function claimView(claim: NodeClaim): NodeClaimView {
  const known = claimViews.get(claim) ?? readNodeClaim(claim).value;
  claimViews.set(claim, known);
  return known;
}
const classViews = new WeakMap<NodeClass, NodeClassView>();
function classView(nodeClass: NodeClass): NodeClassView {
  const known = classViews.get(nodeClass) ?? readNodeClass(nodeClass).value;
  classViews.set(nodeClass, known);
  return known;
}

/** What happens to clusters while images move: spot interruptions, nodes that break and come back, more load. */
function noise(simulation: Simulation, random: Random, at: number): void {
  if (random.between(0, 30) !== 0) return;
  const kinds = ['interrupt-node', 'degrade', 'recover', 'kill-node'] as const;
  const kind = kinds[random.between(0, kinds.length - 1)];
  try {
    if (kind !== undefined) act(simulation, { do: kind }, at);
  } catch {
    // no node that fits: nothing happens
  }
}

const specOf = (alias: string) => ({
  role: 'KarpenterNodeRole-prod',
  amiSelectorTerms: [{ alias }],
  subnetSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'prod' } }],
  securityGroupSelectorTerms: [{ tags: { 'karpenter.sh/discovery': 'prod' } }],
});

function smallCluster(seed: number, random: Random): Simulation {
  const spec = {
    name: `run-${seed}`,
    region: 'eu-west-1',
    kubernetes: '1.35',
    nodes: [{ nodePool: 'general', count: random.between(1, 3), arch: 'x86_64' as const }],
  };
  const simulation = clusterOf(spec, { resolve: resolveForTest, seed, now: noon });
  const { store } = simulation;
  store.put(
    'ec2nodeclasses',
    {
      apiVersion: 'karpenter.k8s.aws/v1',
      kind: 'EC2NodeClass',
      metadata: { name: 'default' },
      spec: specOf(oldAlias),
    },
    noon - minute,
  );
  store.put(
    'nodepools',
    {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodePool',
      metadata: { name: 'general' },
      spec: {
        disruption: { budgets: [{ nodes: String(random.between(1, 3)) }] },
        template: {
          spec: {
            nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' },
            requirements: [],
          },
        },
      },
    },
    noon - minute,
  );
  settle(simulation, spec, noon);
  return simulation;
}
