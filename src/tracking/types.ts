import type { Instant } from '../shared/time.ts';

/** An EC2NodeClass of the cluster, reduced to what tracking reads. Source: karpenter.k8s.aws/v1. */
export type NodeClassView = {
  readonly name: string;
  readonly generation: number;
  /** `spec.amiSelectorTerms`, as they stand in the cluster. */
  readonly terms: readonly {
    readonly alias?: string;
    readonly id?: string;
    readonly other: boolean;
  }[];
  /** `status.amis[].id`; may still be the old ids right after a sync. */
  readonly amis: readonly string[];
  readonly conditions: readonly ConditionView[];
  /** Annotation `argocd.argoproj.io/tracking-id`, when Argo CD set it. */
  readonly trackingId?: string;
};

export type ConditionView = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Absent when the controller did not set it. */
  readonly observedGeneration?: number;
};

/** A NodePool, reduced to what tracking reads. Source: karpenter.sh/v1. */
export type NodePoolView = {
  readonly name: string;
  readonly nodeClass: string;
  /** False for EKS Auto Mode and other groups than karpenter.k8s.aws. */
  readonly managedHere: boolean;
  /** Values allowed by `requirements` for `kubernetes.io/arch`; both when it is not restricted. */
  readonly architectures: readonly ('x86_64' | 'arm64')[];
};

/** A NodeClaim, reduced to what tracking reads. Source: karpenter.sh/v1. */
export type NodeClaimView = {
  readonly name: string;
  readonly uid: string;
  readonly nodePool: string;
  readonly nodeClass: string;
  readonly architecture: 'x86_64' | 'arm64';
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
};
