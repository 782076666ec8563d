import type { Node, YAMLMap } from 'yaml';
import { isMap, isScalar } from 'yaml';
import type { TextView } from './text-view.ts';
import { writtenAt } from './yaml-scalar.ts';

/** What a map says it is in Kubernetes' terms. */
export type KubernetesObject = {
  readonly kind: string;
  /** `Kind/name`; the kind alone where it has no name. */
  readonly label: string;
  /** The name, for an EC2NodeClass and its predecessor. */
  readonly nodeClass?: string;
  /** Whether keys such as `amiId` in it mean node images: in values, parameters and node groups, not in a Deployment. */
  readonly holdsValues: boolean;
  /** A definition of a kind, whose fields only look like an object's. */
  readonly isSchema: boolean;
};

/** Reads a map with `kind`, `apiVersion` and a body; `undefined` for anything else, such as a `nodeClassRef`. */
export function kubernetesObject(view: TextView, map: YAMLMap): KubernetesObject | undefined {
  const kind = textOf(view, map, 'kind');
  const apiVersion = textOf(view, map, 'apiVersion');
  if (kind === undefined || (apiVersion === undefined && !nodeClassKinds.has(kind)))
    return undefined;
  if (!bodies.some((body) => map.has(body))) return undefined;
  const metadata = map.get('metadata', true);
  const name = isMap(metadata) ? textOf(view, metadata, 'name') : undefined;
  return {
    kind,
    label: name === undefined ? kind : `${kind}/${name}`,
    ...(name !== undefined && nodeClassKinds.has(kind) ? { nodeClass: name } : {}),
    holdsValues: holdsValues(kind, apiVersion ?? ''),
    isSchema: kind === 'CustomResourceDefinition' || kind === 'CompositeResourceDefinition',
  };
}

const bodies = [
  'metadata',
  'spec',
  'data',
  'stringData',
  'items',
  'managedNodeGroups',
  'nodeGroups',
];

/** `AWSNodeTemplate` is what v1alpha1 called an EC2NodeClass. */
const nodeClassKinds = new Set(['EC2NodeClass', 'AWSNodeTemplate']);

function holdsValues(kind: string, apiVersion: string): boolean {
  if (nodeClassKinds.has(kind) || /^(?:NodePool|NodeClaim|Provisioner|Machine)$/.test(kind)) {
    return false;
  }
  if (/LaunchTemplate|LaunchConfiguration|Instance$|Runner|Bastion/.test(kind)) return false;
  if (/^(?:ConfigMap|Secret|Kustomization)$/.test(kind)) return true;
  // v1, apps/v1, rbac.authorization.k8s.io/v1: the cluster's own kinds hold no images of nodes
  return apiVersion.includes('.') && !/^[a-z.]*\.k8s\.io\//.test(apiVersion);
}

/** A map's scalar under a key, as written. */
export function textOf(view: TextView, map: YAMLMap, key: string): string | undefined {
  const node: Node | undefined = map.get(key, true) as Node | undefined;
  return isScalar(node) || isMap(node) ? writtenAt(view, node)?.value : undefined;
}
