import type { Instant } from '../shared/time.ts';
import type { SyncHeld } from './sync-windows.ts';
import type { VcpuCharge } from './vcpu-kind.ts';

/** An EC2NodeClass of the cluster, reduced to what tracking reads. Source: karpenter.k8s.aws/v1. */
export type NodeClassView = {
  readonly name: string;
  readonly generation: number;
  /** `spec.amiSelectorTerms`, as they stand in the cluster. */
  readonly terms: readonly {
    readonly alias?: string;
    readonly id?: string;
    readonly name?: string;
    readonly ssmParameter?: string;
    /** Whether it says anything but alias and id. */
    readonly other: boolean;
  }[];
  /** `status.amis[].id`; may still be the old ids right after a sync. */
  readonly amis: readonly string[];
  readonly conditions: readonly ConditionView[];
  /** `status.subnets[].id`: where new nodes get their addresses; absent: none were found. */
  readonly subnets?: readonly string[];
  /** `status.capacityReservations[].id`; absent: it uses none. */
  readonly reservations?: readonly string[];
  /** Annotation `argocd.argoproj.io/tracking-id`, when Argo CD set it. */
  readonly trackingId?: string;
  /** Which field manager set the terms last, such as `kubectl-edit`: a program, never a person. */
  readonly editedBy?: { readonly manager: string; readonly at?: Instant };
};

export type ConditionView = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Absent when the controller did not set it. */
  readonly observedGeneration?: number;
  /** `lastTransitionTime`; absent when it is not given. */
  readonly since?: Instant;
};

/** A NodePool, reduced to what tracking reads. Source: karpenter.sh/v1. */
export type NodePoolView = {
  readonly name: string;
  readonly nodeClass: string;
  /** False for EKS Auto Mode and other groups than karpenter.k8s.aws. */
  readonly managedHere: boolean;
  /** Values allowed by `requirements` for `kubernetes.io/arch`; both when it is not restricted. */
  readonly architectures: readonly ('x86_64' | 'arm64')[];
  /** `spec.disruption.budgets`; absent or empty: Karpenter's default of 10 %. */
  readonly budgets?: readonly DisruptionBudget[];
  /** `spec.limits`, by resource, in the resource's own unit (vCPU, bytes, nodes). */
  readonly limits?: Readonly<Record<string, number>>;
  /** `status.resources`, in the same units. */
  readonly used?: Readonly<Record<string, number>>;
  /** `spec.template.spec.terminationGracePeriod`, in ms; absent: a drain may take for ever. */
  readonly graceMs?: number;
  readonly conditions?: readonly ConditionView[];
};

/** One entry of `spec.disruption.budgets`, as the API server returns it. Source: karpenter.sh/v1. */
export type DisruptionBudget = {
  /** A count, or a percentage such as `10%`, which rounds up. */
  readonly nodes: string;
  /** Absent: for every reason. Empty: for none. */
  readonly reasons?: readonly string[];
  /** Five fields of cron or a nickname, in UTC; absent: always active. */
  readonly schedule?: string;
  /** How long the window stays after each hit, such as `9h0m0s`. */
  readonly duration?: string;
};

/** A NodeClaim, reduced to what tracking reads. Source: karpenter.sh/v1. */
export type NodeClaimView = {
  readonly name: string;
  readonly uid?: string;
  readonly nodePool: string;
  readonly nodeClass: string;
  /** `status.imageID`; absent until launched. */
  readonly imageId?: string;
  /** `status.nodeName`; absent until registered. */
  readonly nodeName?: string;
  readonly launched: boolean;
  readonly registered: boolean;
  readonly initialized: boolean;
  /** Condition Ready of the NodeClaim, which says nothing of later, and Ready of its Node; false while one is unknown. */
  readonly ready: boolean;
  readonly drifted: boolean;
  /** `metadata.deletionTimestamp` is set. */
  readonly deleting: boolean;
  readonly disrupting: boolean;
  /** Condition InstanceTerminating: drained, and the instance is going. Absent counts as no. */
  readonly terminating?: boolean;
  /** Its node class is of another API group, such as EKS Auto Mode's. */
  readonly otherGroup?: true;
  /** It was younger than a day when it was listed; absent where only `detail` tells its age. */
  readonly young?: true;
  /** What its vCPU count against; absent: unknown. */
  readonly vcpu?: VcpuCharge;
  /** What only the whole object tells; absent where it was not read. */
  readonly detail?: NodeClaimDetail;
};

export type NodeClaimDetail = {
  readonly createdAt?: Instant;
  readonly deletedAt?: Instant;
  readonly conditions: readonly ConditionView[];
  /** `spec.terminationGracePeriod`, in ms; absent: none. */
  readonly graceMs?: number;
  /** When pods are deleted whatever protects them: annotation `nodeclaim-termination-timestamp`. */
  readonly forcedEndAt?: Instant;
  /** `spec.expireAfter`, in ms; absent: never. */
  readonly expireMs?: number;
  readonly doNotDisrupt: boolean;
  readonly capacityType?: string;
  readonly zone?: string;
  readonly instanceType?: string;
  /** vCPU of the instance. */
  readonly cpu?: number;
};

/** Nodes of the cluster that no EC2NodeClass provides, by who does. */
export type NotHandled = {
  readonly managedNodeGroup: number;
  readonly autoMode: number;
  readonly fargate: number;
  /** Self-managed and unknown ones. */
  readonly other: number;
};

/** What stands around the nodes. A part that is absent was not read, which is not the same as empty. */
export type Surroundings = {
  readonly pods?: readonly PodView[];
  /** `pods` are those of the whole cluster. */
  readonly allPods?: true;
  readonly budgets?: readonly PodBudgetView[];
  readonly events?: readonly EventView[];
  /** Names of Nodes with `karpenter.sh/do-not-disrupt`, and who set it, if they said. */
  readonly heldNodes?: ReadonlyMap<string, string>;
};

/** A Pod that runs or wants to. Source: v1. */
export type PodView = {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Absent until it is placed. */
  readonly nodeName?: string;
  /** What controls it, ReplicaSets of Deployments as the Deployment: `Deployment payments/ledger`. */
  readonly owner?: string;
  /** `karpenter.sh/do-not-disrupt`: `true`, or for how many ms from its start. */
  readonly doNotDisrupt?: true | number;
  readonly startedAt?: Instant;
  /** Static, of a DaemonSet, or tolerating Karpenter's taint: nobody waits for it to move. */
  readonly stays: boolean;
  readonly deleting: boolean;
  readonly ready: boolean;
  /** A container is in CrashLoopBackOff or cannot pull its image. */
  readonly crashing: boolean;
  /** The scheduler's words; absent unless it found no place. */
  readonly unschedulable?: { readonly words: string; readonly since?: Instant };
  /** PersistentVolumeClaims that it mounts, as `namespace/name`; absent: none. */
  readonly claims?: readonly string[];
};

/** A PodDisruptionBudget. Source: policy/v1. */
export type PodBudgetView = {
  readonly namespace: string;
  readonly name: string;
  readonly selector: LabelSelector;
  readonly allowed: number;
  readonly healthy: number;
  readonly desired: number;
  readonly expected: number;
  /** `unhealthyPodEvictionPolicy: AlwaysAllow`: pods that are not Ready may go, whatever it allows. */
  readonly letsUnreadyGo?: true;
  /** Since when it allows nothing, from its condition. */
  readonly since?: Instant;
};

export type LabelSelector = {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
};

/** An Event of Karpenter's: a hint, kept for an hour. */
export type EventView = {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly reason: string;
  readonly message: string;
  readonly firstAt?: Instant;
  readonly lastAt?: Instant;
};

/** What a cluster said of its Karpenter objects. */
export type ClusterView = {
  readonly nodeClasses: readonly NodeClassView[];
  readonly nodePools: readonly NodePoolView[];
  /** Those of the `karpenter.k8s.aws` group. */
  readonly nodeClaims: readonly NodeClaimView[];
  /** NodeClaims of other groups, such as EKS Auto Mode's, which pick their images themselves; absent: not counted. */
  readonly notHandled?: number;
  /** When the API server last confirmed this (list, event or bookmark); older than the poll means stale. */
  readonly observedAt: Instant;
};

/** A place in Git that an Application reads. */
export type ApplicationSource = {
  /** Address of the repository. */
  readonly repository: string;
  /** Absent: nothing but value files, or a chart from elsewhere. */
  readonly folder?: string;
  /** Name by which value files of other sources refer to it. */
  readonly ref?: string;
  /** Branch, tag or commit that it follows; absent or `HEAD`: the default branch. */
  readonly revision?: string;
  /** Commit that was compared last; not proof of what is deployed. */
  readonly compared?: string;
  /** Relative to `folder`, from the repository's root with a `/`, or of another source as `$ref/…`. */
  readonly valueFiles: readonly string[];
};

/** An Argo CD Application, reduced to what tracking reads. Source: argoproj.io/v1alpha1. */
export type ApplicationView = {
  readonly name: string;
  readonly namespace: string;
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown';
  /** Revision last compared for the repository asked about; not proof of what is deployed. */
  readonly revision?: string;
  readonly health: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
  readonly autoSync: boolean;
  readonly operation?: {
    readonly phase: 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';
    readonly message: string;
    readonly revision?: string;
  };
  /** Conditions such as `ComparisonError`, with Argo CD's words. */
  readonly conditions: readonly { readonly type: string; readonly message: string }[];
  /** What it reads; absent where nobody asked. */
  readonly sources?: readonly ApplicationSource[];
  /** Where it delivers to, as Argo CD spells it: one of the two. */
  readonly destination?: {
    readonly server?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  /** The AppProject it belongs to. */
  readonly project?: string;
  /** Sync windows of its project hold it now; absent: none does, or they were not read. */
  readonly held?: SyncHeld;
  /** Marks of ours on the operation that is asked for, runs or ran last. */
  readonly marks?: readonly string[];
  /** Where it lives, and whether the configuration lets us sync EC2NodeClasses there; absent: nobody asked. */
  readonly hub?: { readonly cluster: string; readonly maySync: boolean };
  /** Names of the EC2NodeClasses it manages. */
  readonly nodeClasses?: readonly string[];
  /** What it would change with the next sync, as `NodePool general`. */
  readonly outOfSync?: readonly string[];
  /** Made by an ApplicationSet, or managed by another Application (app of apps). */
  readonly parent?: {
    readonly kind: 'Application' | 'ApplicationSet';
    readonly name: string;
    /** Of an Application that is not in Argo CD's own namespace. */
    readonly namespace?: string;
  };
  /** Its page in Argo CD; absent where nobody said where Argo CD's pages are. */
  readonly url?: string;
};

/** What a change moves for a cluster: by this the Applications that deliver it are found. */
export type Delivered = {
  readonly nodeClasses: readonly string[];
  readonly files: readonly {
    readonly repository: string;
    readonly branch: string;
    readonly path: string;
  }[];
};

/** Who brings a change into a cluster. */
export type Deliverers =
  /** Those that manage or read what changed, at least one; then those `above` them, which have to sync first. */
  | {
      readonly kind: 'argocd';
      readonly applications: readonly ApplicationView[];
      readonly above: readonly ApplicationView[];
    }
  /** Something else than Argo CD, such as Flux or Terraform: only the live EC2NodeClass tells. */
  | { readonly kind: 'external' }
  /** Nobody was found, which proves nothing. */
  | { readonly kind: 'unknown'; readonly because: string };
