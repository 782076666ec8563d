import type { Instant } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Node } from '../objects.ts';
import { ApiError, badRequest } from './api-error.ts';
import { admitPatch } from './brake-policy.ts';

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
  const type = contentType?.split(';')[0]?.trim();
  // for what a Node's metadata holds, a strategic merge does the same
  if (type !== 'application/merge-patch+json' && type !== 'application/strategic-merge-patch+json')
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/merge-patch+json, application/strategic-merge-patch+json`,
    );
  const node = store.get('nodes', name);
  if (node === undefined) throw new ApiError(404, 'NotFound', `nodes "${name}" not found`);
  const patch = parse(body);
  const wanted = patch['metadata'];
  const version = isRecord(wanted) ? wanted['resourceVersion'] : undefined;
  if (version !== undefined && version !== node.metadata.resourceVersion)
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on nodes "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    );
  const merged = merge(node, { metadata: isRecord(wanted) ? wanted : {} }) as Node;
  const { labels, annotations } = merged.metadata;
  const spec = isRecord(patch['spec'])
    ? (merge(node.spec, patch['spec']) as Node['spec'])
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

/** RFC 7396: null removes, objects merge, anything else replaces. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (isRecord(value)) return value;
  } catch {
    // answered below
  }
  throw badRequest('error decoding patch: json: cannot unmarshal');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
