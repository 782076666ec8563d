import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Application, ApplicationStatus } from '../objects.ts';
import { stamp } from '../objects.ts';
import { type Git, repositoryOf } from './git.ts';
import { type Manifest, manifestsAt } from './manifests.ts';

export type Comparison = {
  readonly revision: string;
  readonly manifests: readonly Manifest[];
  readonly inSync: boolean;
};

/** Compares the tip of the branch with what is live; the Error tells why manifests cannot be generated. */
export function compare(git: Git, live: ObjectStore, application: Application): Comparison | Error {
  const { repoURL, targetRevision } = application.spec.source;
  let revision: string;
  try {
    revision = git.head(repositoryOf(repoURL), targetRevision);
  } catch (cause) {
    return asError(cause);
  }
  const manifests = manifestsOf(git, application, revision);
  if (manifests instanceof Error) return manifests;
  return { revision, manifests, inSync: manifests.every((manifest) => isApplied(live, manifest)) };
}

/** What one revision asks for; the Error tells why it cannot be generated. */
export function manifestsOf(
  git: Git,
  { spec }: Application,
  revision: string,
): readonly Manifest[] | Error {
  const { repoURL, path } = spec.source;
  try {
    const manifests = manifestsAt(git, repositoryOf(repoURL), revision, path);
    return manifests.length > 0 ? manifests : new Error(`${path}: app path does not exist`);
  } catch (cause) {
    return asError(cause);
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

/** The Application's status after a comparison. The revision stays the old one when it failed. */
export function compared(
  { status, spec }: Application,
  live: ObjectStore,
  comparison: Comparison | Error,
  now: Instant,
): ApplicationStatus | undefined {
  if (status === undefined) return undefined;
  const { conditions = [], ...rest } = status;
  const kept = conditions.filter(({ type }) => type !== 'ComparisonError');
  const comparedTo = { source: spec.source, destination: spec.destination };
  if (comparison instanceof Error) {
    const message = `Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = ${comparison.message}`;
    const since = conditions.find(
      (condition) => condition.type === 'ComparisonError' && condition.message === message,
    );
    const failure = {
      type: 'ComparisonError',
      message,
      lastTransitionTime: since?.lastTransitionTime ?? stamp(now),
    };
    return {
      ...rest,
      conditions: [...kept, failure],
      reconciledAt: stamp(now),
      sync: { ...status.sync, status: 'Unknown', comparedTo },
    };
  }
  const { revision, manifests, inSync } = comparison;
  // a failed attempt is history as soon as there is another revision, or the live state agrees
  const still = kept.filter(
    ({ type, message }) => type !== 'SyncError' || (!inSync && message.includes(revision)),
  );
  return {
    ...rest,
    ...(still.length > 0 && { conditions: still }),
    reconciledAt: stamp(now),
    sourceType: 'Directory',
    sync: { status: inSync ? 'Synced' : 'OutOfSync', revision, comparedTo },
    resources: manifests.map((manifest) => ({
      ...groupVersionOf(manifest.object.apiVersion),
      kind: manifest.object.kind,
      name: manifest.object.metadata.name,
      status: isApplied(live, manifest) ? 'Synced' : 'OutOfSync',
    })),
  };
}

function isApplied(live: ObjectStore, { plural, object }: Manifest): boolean {
  if (plural === 'other') return true;
  const found = live.get(plural, object.metadata.name);
  if (found === undefined || !isDeepStrictEqual(found.spec, object.spec)) return false;
  const { labels = {}, annotations = {} } = object.metadata;
  const has = (some: object | undefined, wanted: object) =>
    Object.entries(wanted).every(([key, value]) => Object(some)[key] === value);
  return has(found.metadata.labels, labels) && has(found.metadata.annotations, annotations);
}

export function groupVersionOf(apiVersion: string): { group: string; version: string } {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}
