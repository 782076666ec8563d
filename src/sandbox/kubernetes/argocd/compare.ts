import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import { stamp } from '../objects.ts';
import type { Git } from './git.ts';
import type { Manifest } from './manifests.ts';
import { type Application, type ApplicationStatus, revisionsOf } from './objects.ts';
import { headsOf, manifestsOf } from './render.ts';

export type Comparison = {
  /** One a source. */
  readonly revisions: readonly string[];
  readonly manifests: readonly Manifest[];
  readonly inSync: boolean;
};

/** Compares the tips of its branches with what is live; the Error tells why manifests cannot be generated. */
export function compare(git: Git, live: ObjectStore, application: Application): Comparison | Error {
  let revisions: readonly string[];
  try {
    revisions = headsOf(git, application);
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
  const manifests = manifestsOf(git, application, revisions);
  if (manifests instanceof Error) return manifests;
  return { revisions, manifests, inSync: manifests.every((manifest) => isApplied(live, manifest)) };
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
  const { source, sources, destination } = spec;
  const comparedTo = {
    ...(sources === undefined ? { source } : { sources }),
    destination,
  };
  if (comparison instanceof Error) {
    const message = `Failed to load target state: ${comparison.message}`;
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
  const { revisions, manifests, inSync } = comparison;
  // a failed attempt is history as soon as there is another revision, or the live state agrees
  const still = kept.filter(
    ({ type, message }) =>
      type !== 'SyncError' || (!inSync && revisions.every((one) => message.includes(one))),
  );
  return {
    ...rest,
    ...(still.length > 0 && { conditions: still }),
    reconciledAt: stamp(now),
    sourceType: 'Directory',
    sync: {
      status: inSync ? 'Synced' : 'OutOfSync',
      ...revisionsOf(spec, revisions),
      comparedTo,
    },
    resources: manifests.map((manifest) => ({
      ...groupVersionOf(manifest.object.apiVersion),
      kind: manifest.object.kind,
      name: manifest.object.metadata.name,
      ...(manifest.object.metadata.namespace !== undefined && {
        namespace: manifest.object.metadata.namespace,
      }),
      status: isApplied(live, manifest) ? 'Synced' : 'OutOfSync',
    })),
  };
}

function isApplied(live: ObjectStore, { plural, object }: Manifest): boolean {
  if (plural === 'other') return true;
  const found = live.get(plural, object.metadata.name, object.metadata.namespace);
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
