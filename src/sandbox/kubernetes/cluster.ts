import { sha256 } from '../../shared/canonical.ts';
import type { Instant } from '../../shared/time.ts';
import { hour, minute } from '../../shared/time.ts';
import { is, isDeleting, isNodeReady, nodeOf, poolOf } from './karpenter/claims.ts';
import { stepFleet } from './karpenter/fleet.ts';
import { reconcile } from './karpenter/node-class-controller.ts';
import { stepNodePools } from './karpenter/node-pool-controller.ts';
import { stepPods } from './karpenter/pods.ts';
import { addVolumes } from './karpenter/volumes.ts';
import { objectStore, type StoreSnapshot } from './object-store.ts';
import type { NodeClaim } from './objects.ts';
import { addOtherNodes, type OtherNodes } from './other-nodes.ts';
import { randomFrom } from './random.ts';
import {
  emptyMemory,
  type FleetSpec,
  type Memory,
  type Resolve,
  type Simulation,
  type Workload,
} from './simulation.ts';

export type BudgetSpec = {
  readonly namespace: string;
  readonly name: string;
  /** The workload it protects. */
  readonly app: string;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
};

export type ClusterSpec = {
  readonly name: string;
  readonly region: string;
  /** Minor of the control plane, such as `1.35`. */
  readonly kubernetes: string;
  /** Nodes it begins with; their NodePools come from Git through Argo CD. */
  readonly nodes: readonly FleetSpec[];
  /** By default a Deployment per NodePool with a pod for each node. Nodes without pods are removed unreplaced. */
  readonly pods?: readonly Workload[];
  readonly pdbs?: readonly BudgetSpec[];
  /** Nodes that no EC2NodeClass provides. */
  readonly otherNodes?: readonly OtherNodes[];
  /** What the bot may not do, such as `patch nodes` or `list pods`; by default it may read and nothing else. */
  readonly denied?: readonly string[];
  /** Patches of Nodes are limited to the brake's annotations, as infra/kubernetes/brake.yaml has it; by default they are. */
  readonly brakePolicy?: false;
};

export type SavedCluster = { readonly store: StoreSnapshot; readonly memory: Memory };

/** @param saved continues from there; the spec then only says what never changes. */
export function clusterOf(
  spec: ClusterSpec,
  {
    resolve,
    seed,
    now,
    historyLimit,
    saved,
  }: {
    resolve: Resolve;
    seed: number;
    now: Instant;
    historyLimit?: number | undefined;
    saved?: SavedCluster | undefined;
  },
): Simulation {
  const { name, region, kubernetes, nodes, denied = ['patch nodes', 'patch applications'] } = spec;
  const memory =
    saved?.memory ??
    emptyMemory({
      kubernetes,
      seed: Number.parseInt(sha256(`${seed}/${name}`).slice(0, 8), 16),
      fleet: [...nodes],
      workloads: [...(spec.pods ?? defaultWorkloads(nodes))],
      denied: [...denied],
      ...(spec.brakePolicy === undefined ? {} : { brakePolicy: spec.brakePolicy }),
      now,
    });
  const store = objectStore(name, {
    ...(historyLimit !== undefined && { historyLimit }),
    ...(saved !== undefined && { from: saved.store }),
  });
  return { name, region, store, memory, resolve, random: randomFrom(memory.randomState) };
}

function defaultWorkloads(nodes: readonly FleetSpec[]): readonly Workload[] {
  const pools = [...new Set(nodes.map(({ nodePool }) => nodePool))];
  return pools.map((nodePool) => ({
    namespace: 'default',
    app: `web-${nodePool}`,
    nodePool,
    replicas: nodes
      .filter((fleet) => fleet.nodePool === nodePool)
      .reduce((sum, { count }) => sum + count, 0),
  }));
}

/** Brings a new cluster to where it would be after an hour: images resolved, nodes and pods running. */
export function settle(
  simulation: Simulation,
  { pdbs = [], otherNodes = [] }: ClusterSpec,
  now: Instant,
): void {
  const { store } = simulation;
  const earlier = now - hour;
  addOtherNodes(simulation, otherNodes, earlier);
  addVolumes(simulation, earlier);
  for (const { namespace, name, app, minAvailable, maxUnavailable } of pdbs)
    store.put(
      'poddisruptionbudgets',
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { namespace, name },
        spec: {
          selector: { matchLabels: { app } },
          ...(minAvailable !== undefined && { minAvailable }),
          ...(maxUnavailable !== undefined && { maxUnavailable }),
        },
      },
      earlier,
    );
  for (const nodeClass of store.list('ec2nodeclasses')) reconcile(simulation, nodeClass, earlier);
  stepNodePools(simulation, earlier);
  stepFleet(simulation, earlier);
  stepPods(simulation, earlier);
  stepPods(simulation, earlier + minute);
  stepNodePools(simulation, earlier + minute);
}

export type NodeTruth = {
  /** Of the NodeClaim, which is there before the Node. */
  readonly name: string;
  readonly nodeName?: string;
  readonly nodePool: string;
  readonly imageId?: string;
  readonly state: 'ready' | 'not-ready' | 'launching' | 'draining' | 'gone';
  readonly drifted: boolean;
  /** Chosen, and its replacement on the way. */
  readonly disrupting: boolean;
};

/** The simulation's own truth about its nodes; the last that vanished included, as `gone`. */
export function nodesOf({ store, memory }: Simulation): readonly NodeTruth[] {
  const standing = store.list('nodeclaims').map((claim): NodeTruth => {
    const { nodeName, imageID } = claim.status ?? {};
    return {
      name: claim.metadata.name,
      ...(nodeName !== undefined && { nodeName }),
      nodePool: poolOf(claim),
      ...(imageID !== undefined && { imageId: imageID }),
      state: stateOf(claim, isNodeReady(nodeOf(store, claim))),
      drifted: is(claim, 'Drifted'),
      disrupting: is(claim, 'DisruptionReason'),
    };
  });
  const gone = memory.gone.map(({ name, nodePool, imageId }): NodeTruth => {
    const image = imageId === undefined ? {} : { imageId };
    return { name, nodePool, ...image, state: 'gone', drifted: false, disrupting: false };
  });
  return [...standing, ...gone];
}

function stateOf(claim: NodeClaim, isReady: boolean): NodeTruth['state'] {
  if (isDeleting(claim)) return 'draining';
  if (!is(claim, 'Initialized')) return 'launching';
  return isReady ? 'ready' : 'not-ready';
}
