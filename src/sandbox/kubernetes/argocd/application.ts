import type { Application } from '../objects.ts';

/** An Application of the sandbox, with one source and one destination. */
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
  const { name, repoURL, path, branch, autoSync = true, cluster } = spec;
  const source = { repoURL, path, targetRevision: branch };
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
    spec: {
      project: 'platform',
      destination,
      source,
      syncPolicy: autoSync
        ? {
            automated: { prune: true, selfHeal: true },
            syncOptions: ['ServerSideApply=true'],
            retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
          }
        : {},
    },
    status: {
      sync: { status: 'Unknown', comparedTo: { source, destination } },
      health: { status: 'Missing' },
      resourceHealthSource: 'appTree',
      summary: {},
      resources: [],
      history: [],
    },
  };
}
