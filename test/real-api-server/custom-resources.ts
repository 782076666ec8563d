import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

const folder = '../shared/reference/data/crds';
const kinds = [
  { group: 'karpenter.sh', plural: 'nodepools', kind: 'NodePool', version: 'v1' },
  { group: 'karpenter.sh', plural: 'nodeclaims', kind: 'NodeClaim', version: 'v1' },
  { group: 'karpenter.k8s.aws', plural: 'ec2nodeclasses', kind: 'EC2NodeClass', version: 'v1' },
  { group: 'argoproj.io', plural: 'applications', kind: 'Application', version: 'v1alpha1' },
  { group: 'argoproj.io', plural: 'appprojects', kind: 'AppProject', version: 'v1alpha1' },
] as const;

/** Whether the public CRDs are at hand. */
const arePublic = existsSync(folder);

/** The public CRDs; where they are not at hand, some of ours that take any object of these kinds. */
export function customResources(): readonly unknown[] {
  return kinds.map(({ group, plural, kind, version }) =>
    arePublic
      ? (parse(readFileSync(`${folder}/${group}_${plural}.yaml`, 'utf8')) as unknown)
      : {
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          metadata: { name: `${plural}.${group}` },
          spec: {
            group,
            scope: group === 'argoproj.io' ? 'Namespaced' : 'Cluster',
            names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
            versions: [
              {
                name: version,
                served: true,
                storage: true,
                // Argo CD's have no status of their own
                ...(group === 'argoproj.io' ? {} : { subresources: { status: {} } }),
                schema: {
                  openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
            ],
          },
        },
  );
}

/** Where an object is created, by what it says it is. */
export function pathOf(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
}): string {
  const { apiVersion, kind, metadata } = object;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  const plural = kind.endsWith('Policy')
    ? `${kind.toLowerCase().slice(0, -1)}ies`
    : `${kind.toLowerCase()}${kind.endsWith('Class') ? 'es' : 's'}`;
  return `${root}${place}/${plural}`;
}
