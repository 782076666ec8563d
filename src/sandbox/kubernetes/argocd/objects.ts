import type { KubeObject } from '../kube-object.ts';

export type ApplicationSource = {
  readonly repoURL: string;
  /** Folder in a Git repository; absent for a chart, and for a source that only others refer to. */
  readonly path?: string;
  /** A branch, or the version of a chart. */
  readonly targetRevision: string;
  readonly chart?: string;
  /** Name by which value files of other sources refer to it. */
  readonly ref?: string;
  readonly helm?: { readonly valueFiles?: readonly string[] };
};

/** One source, or several: never both. */
type Sources = {
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
};

/** What the sources were at: `revision` of one, `revisions` by index of several. */
export type Revisions = { readonly revision?: string; readonly revisions?: readonly string[] };

export type SyncedResource = {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
};

export type Operation = {
  readonly initiatedBy?: { readonly automated?: boolean; readonly username?: string };
  readonly info?: readonly { readonly name: string; readonly value: string }[];
  readonly retry?: { readonly limit: number };
  readonly sync: Revisions &
    Sources & {
      readonly prune?: boolean;
      /** Absent or empty: all of them. */
      readonly resources?: readonly SyncedResource[];
    };
};

export type OperationState = {
  readonly operation: Operation;
  readonly phase: 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';
  readonly message: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
  readonly syncResult: Revisions &
    Sources & { readonly resources: readonly Readonly<Record<string, string>>[] };
};

export type HealthStatus =
  | 'Healthy'
  | 'Suspended'
  | 'Progressing'
  | 'Missing'
  | 'Degraded'
  | 'Unknown';

export type ApplicationStatus = {
  readonly sync: Revisions & {
    readonly status: 'Synced' | 'OutOfSync' | 'Unknown';
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

export type ApplicationFields = Sources & {
  readonly project: string;
  readonly destination: {
    readonly server?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly syncPolicy?: Readonly<Record<string, unknown>>;
};

export type Application = KubeObject<'Application', ApplicationFields, ApplicationStatus> & {
  readonly operation?: Operation;
};

/** Played with generators of kind `list` only. */
export type ApplicationSet = KubeObject<
  'ApplicationSet',
  {
    readonly generators: readonly {
      readonly list: { readonly elements: readonly Readonly<Record<string, string>>[] };
    }[];
    readonly template: {
      readonly metadata: {
        readonly name: string;
        readonly labels?: Readonly<Record<string, string>>;
      };
      readonly spec: ApplicationFields;
    };
  },
  Readonly<Record<string, unknown>>
>;

export type SyncWindow = {
  readonly kind: 'allow' | 'deny';
  /** Cron of five fields, in UTC unless `timeZone` is said. */
  readonly schedule: string;
  readonly duration: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly manualSync?: boolean;
  readonly timeZone?: string;
  readonly andOperator?: boolean;
};

export type AppProject = KubeObject<
  'AppProject',
  {
    readonly sourceRepos: readonly string[];
    readonly destinations: readonly Readonly<Record<string, string>>[];
    readonly syncWindows?: readonly SyncWindow[];
  },
  Readonly<Record<string, unknown>>
>;

export function sourcesIn({ source, sources = [] }: Sources): readonly ApplicationSource[] {
  return sources.length > 0 || source === undefined ? sources : [source];
}

/** Spells one revision a source as Argo CD does: of several sources as a list, of one alone. */
export function revisionsOf({ sources }: Sources, at: readonly string[]): Revisions {
  if (sources !== undefined && sources.length > 0) return { revisions: at };
  return { revision: at[0] ?? '' };
}

export function listed({ revision, revisions }: Revisions): readonly string[] {
  return revisions ?? (revision === undefined ? [] : [revision]);
}
