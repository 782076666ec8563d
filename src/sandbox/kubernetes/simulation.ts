import type { Instant } from '../../shared/time.ts';
import type { ObjectStore } from './object-store.ts';
import type { ResolvedAmi, SelectorTerm } from './objects.ts';
import type { Random } from './random.ts';

/** What Karpenter would find for selector terms; `unresolved` when it is nothing. */
export type Resolve = (question: {
  readonly region: string;
  readonly kubernetes: string;
  readonly terms: readonly SelectorTerm[];
}) => readonly ResolvedAmi[] | 'unresolved';

export type Architecture = 'x86_64' | 'arm64';

/** Nodes of one NodePool and kind. */
export type FleetSpec = {
  readonly nodePool: string;
  readonly count: number;
  readonly arch: Architecture;
  /** True: an instance type with a GPU, which takes other images. */
  readonly gpu?: boolean;
};

/** A Deployment of the cluster, of which only its pods are played. */
export type Workload = {
  readonly namespace: string;
  readonly app: string;
  readonly replicas: number;
  /** Where its pods are placed; nowhere else. */
  readonly nodePool: string;
  /** Its pods carry `karpenter.sh/do-not-disrupt: "true"`. */
  readonly doNotDisrupt?: boolean;
  /** Its pods mount a volume of this zone, which is told and not played: they are placed as all others. */
  readonly volumeIn?: string;
};

/**
 * How launches fail: never registered (a bad image), never Ready, no capacity at all; or, of nodes with a GPU alone, an
 * image whose driver does not load, so that the kubelet is Ready and never offers the GPU.
 */
export type LaunchFailure = 'never-registers' | 'never-ready' | 'no-capacity' | 'no-driver';

/** When what happens to a NodeClaim; absent: not planned. */
export type ClaimPlan = {
  readonly launchAt: Instant;
  readonly registerAt: Instant;
  readonly initializeAt: Instant;
  readonly driftCheckAt: Instant;
  readonly failure?: LaunchFailure;
  readonly nextEvictionAt?: Instant;
  readonly volumesAt?: Instant;
  readonly goneAt?: Instant;
};

/** A drifted node that is being replaced. */
export type Command = {
  readonly candidate: string;
  readonly replacements: readonly string[];
  readonly timeoutAt: Instant;
};

export type ClassPlan = {
  readonly generation: number;
  readonly reconcileAt: Instant;
  /** Failed attempts in a row, for the back-off. */
  readonly failures: number;
};

/** What the controllers of one cluster remember beside the API objects; plain data, kept across restarts. */
export type Memory = {
  kubernetes: string;
  randomState: number;
  nextAddress: number;
  disruptAt: Instant;
  /** When old events are dropped next. */
  sweepAt: Instant;
  steppedAt: Instant;
  launchFailure: LaunchFailure | undefined;
  /** Nodes to make once their class resolves: the fleet the cluster begins with. */
  fleet: FleetSpec[];
  workloads: Workload[];
  podsPerNode: Record<string, number>;
  classes: Record<string, ClassPlan>;
  /** Of each NodePool, as last seen. */
  poolGenerations: Record<string, number>;
  claims: Record<string, ClaimPlan>;
  commands: Command[];
  /** Until when the containers of deleted pods take to stop, by namespace and name. */
  leaving?: Record<string, Instant>;
  /** `PATCH nodes` and the like, as `verb resource`. */
  denied: string[];
  /** False: the bot's patches of Nodes are not limited by an admission policy. */
  brakePolicy?: false;
  heldBudgets: Record<string, { minAvailable?: number | string; maxUnavailable?: number | string }>;
  /** API versions by group where they are others than today's, as on a cluster with an older Karpenter. */
  servedVersions?: Record<string, readonly string[]>;
  gone: { name: string; nodePool: string; imageId?: string; at: Instant }[];
};

/** One cluster as its controllers see it. Steps change store and memory, and read no clock: `now` is told to them. */
export type Simulation = {
  readonly name: string;
  readonly region: string;
  readonly store: ObjectStore;
  readonly memory: Memory;
  readonly random: Random;
  readonly resolve: Resolve;
};

export function emptyMemory({
  kubernetes,
  seed,
  fleet,
  workloads,
  denied,
  brakePolicy,
  now,
}: Pick<Memory, 'kubernetes' | 'fleet' | 'workloads' | 'denied' | 'brakePolicy'> & {
  seed: number;
  now: Instant;
}): Memory {
  return {
    kubernetes,
    randomState: seed,
    nextAddress: 1,
    disruptAt: now,
    sweepAt: now,
    steppedAt: now,
    launchFailure: undefined,
    fleet,
    workloads,
    podsPerNode: {},
    classes: {},
    poolGenerations: {},
    claims: {},
    commands: [],
    denied,
    ...(brakePolicy === undefined ? {} : { brakePolicy }),
    heldBudgets: {},
    gone: [],
  };
}
