import type { Node } from '../objects.ts';
import { ApiError } from './api-error.ts';

const doNotDisrupt = 'karpenter.sh/do-not-disrupt';
const mark = 'amiable.dev/brake';
const ours = [doNotDisrupt, mark];

/** The ValidatingAdmissionPolicy of infra/kubernetes/brake.yaml, which is applied with the role. @throws ApiError 422. */
export function admitPatch(before: Node, after: Node): void {
  const message = refusal(before, after);
  if (message === undefined) return;
  throw new ApiError(
    422,
    'Invalid',
    `nodes "${before.metadata.name}" is forbidden: ValidatingAdmissionPolicy 'amiable-brake' with binding 'amiable-brake' denied request: ${message}`,
  );
}

function refusal(before: Node, after: Node): string | undefined {
  const { labels: oldLabels = {}, annotations: old = {} } = before.metadata;
  const { labels = {}, annotations: now = {} } = after.metadata;
  if (!('karpenter.sh/nodepool' in oldLabels))
    return 'amiable may annotate nodes of Karpenter only';
  if (!isSame(before.spec, after.spec) || !isSame(oldLabels, labels))
    return 'amiable may change annotations of a node and nothing else';
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  const changed = [...keys].filter((key) => old[key] !== now[key]);
  if (changed.some((key) => !ours.includes(key)))
    return 'amiable may change its own annotations only';
  if (changed.length === 0) return undefined;
  const fits =
    mark in old
      ? !ours.some((key) => key in now)
      : !(doNotDisrupt in old) && mark in now && now[doNotDisrupt] === 'true';
  return fits
    ? undefined
    : 'amiable may protect a node that nobody protects, and take that away again';
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
