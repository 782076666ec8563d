import type { Instant } from '../../../shared/time.ts';
import type { Metadata } from '../kube-object.ts';
import type { ObjectStore } from '../object-store.ts';
import { stamp } from '../objects.ts';
import { groupVersionOf } from './compare.ts';
import { type Manifest, refusalOf } from './manifests.ts';
import {
  type Application,
  type Operation,
  type OperationState,
  revisionsOf,
  type SyncedResource,
} from './objects.ts';

/** How often a failed apply is tried again within one operation. */
export const retryLimit = 5;

/** What an operation that is asked for becomes once the controller runs it, with one revision a source. */
export function startedOperation(
  { spec }: Application,
  asked: Operation,
  revisions: readonly string[],
  now: Instant,
): { operation: Operation; operationState: OperationState } {
  const { source, sources } = spec;
  const from =
    sources === undefined ? { source: source as NonNullable<typeof source> } : { sources };
  const at = revisionsOf(spec, revisions);
  const operation: Operation = { ...asked, sync: { ...asked.sync, ...at, ...from } };
  const operationState: OperationState = {
    operation,
    phase: 'Running',
    message: 'waiting for completion of hook and/or sync',
    startedAt: stamp(now),
    // the field has to be there, also where several sources leave it empty
    syncResult: { revision: '', ...at, ...from, resources: [] },
  };
  return { operation, operationState };
}

/** Those an operation is limited to; of none named, all. */
export function chosen(
  manifests: readonly Manifest[],
  resources: readonly SyncedResource[] = [],
): readonly Manifest[] {
  if (resources.length === 0) return manifests;
  return manifests.filter(({ object: { apiVersion, kind, metadata } }) =>
    resources.some(
      (one) =>
        one.group === groupVersionOf(apiVersion).group &&
        one.kind === kind &&
        one.name === metadata.name &&
        ((one.namespace ?? '') === '' || one.namespace === metadata.namespace),
    ),
  );
}

/** Writes the manifests into the cluster, unless one of them would be refused: then nothing is written. */
export function applyAll(
  live: ObjectStore,
  application: string,
  manifests: readonly Manifest[],
  now: Instant,
): { refusal: string | undefined; resources: readonly Readonly<Record<string, string>>[] } {
  const refusals = manifests.map((manifest) => refusalOf(manifest));
  const refusal = refusals.find((said) => said !== undefined);
  if (refusal === undefined)
    for (const manifest of manifests) applyOne(live, application, manifest, now);
  const resources = manifests.map(({ object }, index) => {
    const { group, version } = groupVersionOf(object.apiVersion);
    const its = refusals[index];
    return {
      group,
      version,
      kind: object.kind,
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name,
      status: its === undefined ? 'Synced' : 'SyncFailed',
      message:
        its ?? `${object.kind.toLowerCase()}.${group}/${object.metadata.name} serverside-applied`,
      hookPhase: its === undefined ? 'Running' : 'Failed',
      syncPhase: 'Sync',
    };
  });
  return { refusal, resources };
}

function applyOne(live: ObjectStore, application: string, manifest: Manifest, now: Instant): void {
  const { plural, object } = manifest;
  if (plural === 'other') return;
  const { group } = groupVersionOf(object.apiVersion);
  const { name, namespace } = object.metadata;
  const before = live.get(plural, name, namespace);
  const metadata = {
    ...before?.metadata,
    ...(before?.metadata.managedFields !== undefined && {
      managedFields: [appliedBy(before.metadata.managedFields, now)],
    }),
    name,
    ...(namespace !== undefined && { namespace }),
    labels: { ...before?.metadata.labels, ...object.metadata.labels },
    annotations: {
      ...before?.metadata.annotations,
      ...object.metadata.annotations,
      'argocd.argoproj.io/tracking-id': `${application}:${group}/${object.kind}:${namespace ?? ''}/${name}`,
    },
  };
  // what the manifest does not name (status, a running operation) stays; the pairs of kinds are those of `Manifest`
  live.put(plural, { ...before, ...object, metadata } as never, now);
}

/** Argo CD applies by force: it owns what it applied from then on. */
function appliedBy(before: NonNullable<Metadata['managedFields']>, now: Instant) {
  const { apiVersion = '', fieldsV1 = {} } = before.at(-1) ?? {};
  return {
    manager: 'argocd-controller',
    operation: 'Apply' as const,
    apiVersion,
    time: stamp(now),
    fieldsType: 'FieldsV1' as const,
    fieldsV1,
  };
}
