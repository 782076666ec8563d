import type { Instant } from '../../shared/time.ts';
import { isoOf } from '../../shared/time.ts';
import type { Application, ApplicationSet, AppProject } from './argocd/objects.ts';
import type { KubeObject, Metadata } from './kube-object.ts';

// The Kubernetes objects the stand-in keeps, with the fields that its controllers read or write. Objects are never
// changed in place: the store keeps the one it was given and hands it out.

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

export type NodeClass = KubeObject<
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

export type NodePool = KubeObject<
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

export type NodeClaim = KubeObject<
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

export type Node = KubeObject<
  'Node',
  { readonly providerID: string; readonly taints?: readonly Taint[] },
  {
    readonly conditions: readonly Omit<Condition, 'observedGeneration'>[];
    readonly nodeInfo: Readonly<Record<string, string>>;
    readonly capacity: Readonly<Record<string, string>>;
    readonly allocatable: Readonly<Record<string, string>>;
  }
>;

export type Pod = KubeObject<
  'Pod',
  {
    readonly nodeName?: string;
    readonly containers: readonly Readonly<Record<string, unknown>>[];
    readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  },
  {
    readonly phase: 'Pending' | 'Running';
    readonly startTime?: string;
    readonly conditions: readonly Omit<Condition, 'observedGeneration'>[];
  }
>;

export type PersistentVolume = KubeObject<
  'PersistentVolume',
  {
    readonly claimRef?: { readonly namespace: string; readonly name: string };
    readonly nodeAffinity?: {
      readonly required: {
        readonly nodeSelectorTerms: readonly {
          readonly matchExpressions: readonly Requirement[];
        }[];
      };
    };
  } & Readonly<Record<string, unknown>>,
  Readonly<Record<string, unknown>>
>;

export type PodDisruptionBudget = KubeObject<
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

/** Every resource that is served, by its plural name. */
export type Objects = {
  readonly nodepools: NodePool;
  readonly nodeclaims: NodeClaim;
  readonly ec2nodeclasses: NodeClass;
  readonly nodes: Node;
  readonly pods: Pod;
  readonly events: KubeEvent;
  readonly poddisruptionbudgets: PodDisruptionBudget;
  readonly persistentvolumes: PersistentVolume;
  readonly applications: Application;
  readonly applicationsets: ApplicationSet;
  readonly appprojects: AppProject;
};

export type Plural = keyof Objects;
export type AnyObject = Objects[Plural];

/** Spells an instant as Kubernetes does: RFC 3339 in UTC, to the second. */
export const stamp: (at: Instant) => string = isoOf;
