import type { Application, ApplicationSource } from './objects.ts';

/** An Application that is there from the beginning; others come from Git, as children or of an ApplicationSet. */
export type ApplicationSpec = {
  readonly name: string;
  /** `argocd` by default. */
  readonly namespace?: string;
  /** The cluster that Argo CD runs in, where the Application object lives; absent: the destination itself. */
  readonly hub?: string;
  /** The cluster it delivers to. */
  readonly cluster: string;
  /** Clone URL, as people write it in an Application. */
  readonly repoURL: string;
  readonly branch: string;
  /** Folder of the manifests, without a leading slash. */
  readonly path: string;
  /** Several sources instead of that one folder. */
  readonly sources?: readonly ApplicationSource[];
  /** False: somebody has to sync by hand. True by default. */
  readonly autoSync?: boolean;
};

export function namespaceOf({ namespace = 'argocd' }: ApplicationSpec): string {
  return namespace;
}

export function hubOf({ hub, cluster }: ApplicationSpec): string {
  return hub ?? cluster;
}

/** The object as somebody would have applied it, before Argo CD has looked at it. */
export function newApplication(spec: ApplicationSpec): Application {
  const { name, repoURL, path, branch, autoSync = true, cluster, sources } = spec;
  const from =
    sources === undefined ? { source: { repoURL, path, targetRevision: branch } } : { sources };
  const destination = {
    ...(hubOf(spec) === cluster ? { server: 'https://kubernetes.default.svc' } : { name: cluster }),
    namespace: 'karpenter',
  };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace: namespaceOf(spec),
      labels: { cluster },
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: { project, destination, ...from, syncPolicy: syncPolicyOf(autoSync) },
  };
}

/** The project of every Application that is there from the beginning. */
export const project = 'platform';

export function syncPolicyOf(autoSync: boolean): Readonly<Record<string, unknown>> {
  if (!autoSync) return {};
  return {
    automated: { prune: true, selfHeal: true },
    syncOptions: ['ServerSideApply=true'],
    retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
  };
}
