import type { NotHandled } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import { type ApiClient, metadataForm } from './api-client.ts';
import { Metadata, type Read } from './kube-object.ts';
import { listAll } from './list-all.ts';
import type { WatchedKind } from './watched-kinds.ts';

type Provider = keyof NotHandled;

/** Nodes without an EC2NodeClass's label: of them only the metadata is read. */
const others: WatchedKind<Provider> = {
  kind: 'Node',
  path: '/api/v1/nodes',
  labelSelector: '!karpenter.k8s.aws/ec2nodeclass',
  accept: metadataForm,
  read: readProvider,
};

/** Counts nodes that no EC2NodeClass provides. @throws ClusterUnreachableError as every list does. */
export async function countNotHandled(
  api: ApiClient,
  set: { readonly cluster: string; readonly log: Log },
): Promise<NotHandled> {
  const counts = { managedNodeGroup: 0, autoMode: 0, fargate: 0, other: 0 };
  for (const provider of (await listAll(api, others, set)).items.values()) counts[provider] += 1;
  return counts;
}

function readProvider(object: unknown): Read<Provider> {
  const labels = Metadata.safeParse((object as { metadata?: unknown }).metadata).data?.labels ?? {};
  const computeType = labels['eks.amazonaws.com/compute-type'];
  if (computeType === 'auto') return { value: 'autoMode' };
  if (computeType === 'fargate') return { value: 'fargate' };
  if (labels['eks.amazonaws.com/nodegroup'] !== undefined) return { value: 'managedNodeGroup' };
  return { value: 'other' };
}
