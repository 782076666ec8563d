import type { Instant } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Application, Metadata, Operation, OperationState } from '../objects.ts';
import { stamp } from '../objects.ts';
import { groupVersionOf } from './compare.ts';
import { type Manifest, refusalOf } from './manifests.ts';

/** How often a failed apply is tried again within one operation. */
export const retryLimit = 5;

export function startedOperation(
  { spec }: Application,
  revision: string,
  initiatedBy: Operation['initiatedBy'],
  now: Instant,
): { operation: Operation; operationState: OperationState } {
  const operation: Operation = {
    initiatedBy,
    ...(initiatedBy.automated === true && { retry: { limit: retryLimit } }),
    sync: { revision, prune: true, source: spec.source },
  };
  const operationState: OperationState = {
    operation,
    phase: 'Running',
    message: 'waiting for completion of hook and/or sync',
    startedAt: stamp(now),
    syncResult: { revision, source: spec.source, resources: [] },
  };
  return { operation, operationState };
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
  const { name } = object.metadata;
  const before = live.get(plural, name);
  const metadata = {
    ...before?.metadata,
    ...(before?.metadata.managedFields !== undefined && {
      managedFields: [appliedBy(before.metadata.managedFields, now)],
    }),
    name,
    labels: { ...before?.metadata.labels, ...object.metadata.labels },
    annotations: {
      ...before?.metadata.annotations,
      ...object.metadata.annotations,
      'argocd.argoproj.io/tracking-id': `${application}:${group}/${object.kind}:/${name}`,
    },
  };
  const status = before?.status === undefined ? {} : { status: before.status };
  if (plural === 'nodepools')
    live.put('nodepools', { ...object, metadata, ...(status as { status?: never }) }, now);
  else live.put('ec2nodeclasses', { ...object, metadata, ...(status as { status?: never }) }, now);
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
