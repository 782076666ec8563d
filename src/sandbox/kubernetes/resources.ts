import type { Plural } from './objects.ts';

export type Resource = {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
};

export const resources: Readonly<Record<Plural, Resource>> = {
  nodepools: karpenter('karpenter.sh', 'NodePool'),
  nodeclaims: karpenter('karpenter.sh', 'NodeClaim'),
  ec2nodeclasses: karpenter('karpenter.k8s.aws', 'EC2NodeClass'),
  nodes: { group: '', version: 'v1', kind: 'Node', namespaced: false },
  pods: { group: '', version: 'v1', kind: 'Pod', namespaced: true },
  events: { group: '', version: 'v1', kind: 'Event', namespaced: true },
  poddisruptionbudgets: {
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    namespaced: true,
  },
  persistentvolumes: { group: '', version: 'v1', kind: 'PersistentVolume', namespaced: false },
  applications: argocd('Application'),
  applicationsets: argocd('ApplicationSet'),
  appprojects: argocd('AppProject'),
};

export const plurals = Object.keys(resources) as readonly Plural[];

export function apiVersionOf({ group, version }: Resource): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `nodeclaims.karpenter.sh`, as error messages name a resource; the core group adds nothing. */
export function qualifiedName(plural: Plural): string {
  const { group } = resources[plural];
  return group === '' ? plural : `${plural}.${group}`;
}

function karpenter(group: string, kind: string): Resource {
  return { group, version: 'v1', kind, namespaced: false };
}

function argocd(kind: string): Resource {
  return { group: 'argoproj.io', version: 'v1alpha1', kind, namespaced: true };
}
