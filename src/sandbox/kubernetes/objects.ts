import type { Instant } from '../../shared/time.ts';
import { isoOf } from '../../shared/time.ts';

// The Kubernetes objects the stand-in keeps, with the fields that its controllers read or write. Objects are never
// changed in place: the store keeps the one it was given and hands it out.

export type Metadata = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly Readonly<Record<string, unknown>>[];
  /** Who set what; here only of what people edit. */
  readonly managedFields?: readonly {
    readonly manager: string;
    readonly operation: 'Apply' | 'Update';
    readonly apiVersion: string;
    readonly time: string;
    readonly fieldsType: 'FieldsV1';
    readonly fieldsV1: Readonly<Record<string, unknown>>;
  }[];
};

export type Condition = {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
};

export type Requirement = {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
};

export type SelectorTerm = {
  readonly alias?: string;
  readonly id?: string;
  readonly name?: string;
  readonly owner?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ssmParameter?: string;
};

export type ResolvedAmi = {
  readonly id: string;
  readonly name: string;
  readonly requirements: readonly Requirement[];
};

type Of<Kind extends string, Spec, Status> = {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: Metadata;
  readonly spec: Spec;
  readonly status?: Status;
};

export type NodeClass = Of<
  'EC2NodeClass',
  { readonly amiSelectorTerms: readonly SelectorTerm[] } & Readonly<Record<string, unknown>>,
  { readonly amis?: readonly ResolvedAmi[]; readonly conditions: readonly Condition[] } & Readonly<
    Record<string, unknown>
  >
>;

export type Budget = {
  /** A count, or a percentage such as `10%`. */
  readonly nodes: string;
  readonly reasons?: readonly string[];
  readonly schedule?: string;
  readonly duration?: string;
};

export type NodeClassRef = { readonly group: string; readonly kind: string; readonly name: string };

export type NodePool = Of<
  'NodePool',
  {
    readonly disruption?: { readonly budgets?: readonly Budget[] } & Readonly<
      Record<string, unknown>
    >;
    readonly template: {
      readonly metadata?: {
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      };
      readonly spec: {
        readonly nodeClassRef: NodeClassRef;
        readonly requirements: readonly Requirement[];
        readonly expireAfter?: string;
        readonly terminationGracePeriod?: string;
      } & Readonly<Record<string, unknown>>;
    };
  } & Readonly<Record<string, unknown>>,
  { readonly conditions: readonly Condition[] } & Readonly<Record<string, unknown>>
>;

export type NodeClaim = Of<
  'NodeClaim',
  {
    readonly nodeClassRef: NodeClassRef;
    readonly requirements: readonly Requirement[];
    readonly expireAfter?: string;
    readonly terminationGracePeriod?: string;
    readonly resources?: Readonly<Record<string, unknown>>;
  },
  {
    readonly conditions: readonly Condition[];
    readonly imageID?: string;
    readonly nodeName?: string;
    readonly providerID?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
  }
>;

export type Taint = { readonly key: string; readonly effect: string; readonly value?: string };

export type Node = Of<
  'Node',
  { readonly providerID: string; readonly taints?: readonly Taint[] },
  {
    readonly conditions: readonly Omit<Condition, 'observedGeneration'>[];
    readonly nodeInfo: Readonly<Record<string, string>>;
    readonly capacity: Readonly<Record<string, string>>;
    readonly allocatable: Readonly<Record<string, string>>;
  }
>;

export type Pod = Of<
  'Pod',
  { readonly nodeName?: string; readonly containers: readonly Readonly<Record<string, unknown>>[] },
  {
    readonly phase: 'Pending' | 'Running';
    readonly startTime?: string;
    readonly conditions: readonly Omit<Condition, 'observedGeneration'>[];
  }
>;

export type PodDisruptionBudget = Of<
  'PodDisruptionBudget',
  {
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  },
  {
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly conditions?: readonly Condition[];
    readonly disruptionsAllowed: number;
    readonly expectedPods: number;
    readonly observedGeneration: number;
  }
>;

export type ObjectReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
};

export type KubeEvent = {
  readonly apiVersion: 'v1';
  readonly kind: 'Event';
  readonly metadata: Metadata;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
  readonly source: { readonly component: string };
  readonly reportingComponent: string;
  readonly reportingInstance: string;
  readonly involvedObject: ObjectReference;
};

export type ApplicationSource = {
  readonly repoURL: string;
  readonly path: string;
  readonly targetRevision: string;
};

export type Operation = {
  readonly initiatedBy: { readonly automated?: boolean; readonly username?: string };
  readonly retry?: { readonly limit: number };
  readonly sync: {
    readonly revision: string;
    readonly prune: boolean;
    readonly source: ApplicationSource;
  };
};

export type OperationState = {
  readonly operation: Operation;
  readonly phase: 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';
  readonly message: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
  readonly syncResult: {
    readonly revision: string;
    readonly source: ApplicationSource;
    readonly resources: readonly Readonly<Record<string, string>>[];
  };
};

export type HealthStatus =
  | 'Healthy'
  | 'Suspended'
  | 'Progressing'
  | 'Missing'
  | 'Degraded'
  | 'Unknown';

export type ApplicationStatus = {
  readonly sync: {
    readonly status: 'Synced' | 'OutOfSync' | 'Unknown';
    readonly revision?: string;
    readonly comparedTo: Readonly<Record<string, unknown>>;
  };
  readonly health: { readonly status: HealthStatus; readonly lastTransitionTime?: string };
  readonly reconciledAt?: string;
  readonly sourceType?: string;
  readonly resourceHealthSource?: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly resources: readonly Readonly<Record<string, string>>[];
  readonly history: readonly Readonly<Record<string, unknown>>[];
  readonly operationState?: OperationState;
  readonly conditions?: readonly {
    readonly type: string;
    readonly message: string;
    readonly lastTransitionTime: string;
  }[];
};

export type Application = Of<
  'Application',
  {
    readonly project: string;
    readonly destination: Readonly<Record<string, string>>;
    readonly source: ApplicationSource;
    readonly syncPolicy?: Readonly<Record<string, unknown>>;
  },
  ApplicationStatus
> & { readonly operation?: Operation };

/** Every resource that is served, by its plural name. */
export type Objects = {
  readonly nodepools: NodePool;
  readonly nodeclaims: NodeClaim;
  readonly ec2nodeclasses: NodeClass;
  readonly nodes: Node;
  readonly pods: Pod;
  readonly events: KubeEvent;
  readonly poddisruptionbudgets: PodDisruptionBudget;
  readonly applications: Application;
};

export type Plural = keyof Objects;
export type AnyObject = Objects[Plural];

/** Spells an instant as Kubernetes does: RFC 3339 in UTC, to the second. */
export const stamp: (at: Instant) => string = isoOf;
