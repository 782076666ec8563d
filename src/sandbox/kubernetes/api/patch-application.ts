import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../../shared/time.ts';
import type { Application, Operation } from '../argocd/objects.ts';
import { listed } from '../argocd/objects.ts';
import type { ObjectStore } from '../object-store.ts';
import { ApiError } from './api-error.ts';
import { demandVersion, mergePatched, readMergePatch } from './merge-patch.ts';

/** Merge patch of an Application, within what infra/kubernetes/argocd-sync.yaml lets through. @throws ApiError. */
export function patchApplication(
  store: ObjectStore,
  { name, namespace }: { readonly name: string; readonly namespace: string | undefined },
  contentType: string | undefined,
  body: string,
  now: Instant,
): Application {
  const patch = readMergePatch(contentType, body);
  const before = store.get('applications', name, namespace);
  if (before === undefined)
    throw new ApiError(404, 'NotFound', `applications.argoproj.io "${name}" not found`);
  demandVersion('applications.argoproj.io', before, patch);
  const after = mergePatched(before, patch) as Application;
  const faults = schemaFaults(after.operation);
  if (faults !== undefined)
    throw new ApiError(422, 'Invalid', `Application.argoproj.io "${name}" is invalid: ${faults}`);
  const message = refusal(before, after);
  if (message !== undefined)
    throw new ApiError(
      422,
      'Invalid',
      `applications.argoproj.io "${name}" is forbidden: ValidatingAdmissionPolicy 'amiable-argocd-sync' with binding 'amiable-argocd-sync' denied request: ${message}`,
    );
  return store.put('applications', after, now);
}

/** What the CRD asks of an operation's resources. */
function schemaFaults(operation: Operation | undefined): string | undefined {
  const resources: unknown = operation?.sync?.resources ?? [];
  if (!Array.isArray(resources)) return 'operation.sync.resources: Invalid value: must be an array';
  const bad = resources.findIndex(
    (one: { kind?: unknown; name?: unknown }) =>
      typeof one.kind !== 'string' || typeof one.name !== 'string',
  );
  return bad < 0 ? undefined : `operation.sync.resources[${bad}].name: Required value`;
}

function refusal(before: Application, after: Application): string | undefined {
  const rest = ({ metadata, operation: _, ...others }: Application) => {
    const { resourceVersion, managedFields, generation, ...kept } = metadata;
    return { ...others, metadata: kept };
  };
  if (!isDeepStrictEqual(rest(before), rest(after)))
    return 'amiable may ask for a sync and change nothing else';
  if (before.operation !== undefined) return 'another operation is asked for already';
  const { sync } = after.operation ?? {};
  const { resources = [] } = sync ?? {};
  const fits = ({ group, kind }: { readonly group?: string; readonly kind: string }) =>
    group === 'karpenter.k8s.aws' && kind === 'EC2NodeClass';
  if (sync === undefined || resources.length === 0 || !resources.every(fits))
    return 'amiable may sync EC2NodeClasses only, never a whole Application';
  const known = ['revision', 'revisions', 'resources', 'syncOptions'];
  if (Object.keys(sync).some((key) => !known.includes(key)))
    return 'amiable may sync what Git says, and removes nothing';
  return isDeepStrictEqual(listed(sync), listed(before.status?.sync ?? {}))
    ? undefined
    : 'amiable may sync to the revision that Argo CD compared last';
}
