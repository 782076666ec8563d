import type { Instant } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Node } from '../objects.ts';
import { ApiError } from './api-error.ts';
import { admitPatch } from './brake-policy.ts';
import { demandVersion, isRecord, mergePatched, readMergePatch } from './merge-patch.ts';

/** Merge patch of a Node's labels, annotations and taints; the form of the rest is the kubelet's and stays. */
export function patchNode(
  store: ObjectStore,
  name: string,
  contentType: string | undefined,
  body: string,
  {
    now,
    dryRun,
    limited,
  }: { readonly now: Instant; readonly dryRun: boolean; readonly limited: boolean },
): Node {
  // for what a Node's metadata holds, a strategic merge does the same
  const patch = readMergePatch(contentType, body, [
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
  ]);
  const node = store.get('nodes', name);
  if (node === undefined) throw new ApiError(404, 'NotFound', `nodes "${name}" not found`);
  demandVersion('nodes', node, patch);
  const { metadata } = patch;
  const merged = mergePatched(node, { metadata: isRecord(metadata) ? metadata : {} }) as Node;
  const { labels, annotations } = merged.metadata;
  const spec = isRecord(patch['spec'])
    ? (mergePatched(node.spec, patch['spec']) as Node['spec'])
    : node.spec;
  if (limited) admitPatch(node, { ...merged, spec });
  const patched: Node = {
    ...node,
    metadata: {
      ...node.metadata,
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    },
  };
  return dryRun ? patched : store.put('nodes', patched, now);
}
