import { isDeepStrictEqual } from 'node:util';
import { sha256 } from '../../shared/canonical.ts';
import type { Instant } from '../../shared/time.ts';
import type { AnyObject, Objects, Plural } from './objects.ts';
import { stamp } from './objects.ts';
import { plurals } from './resources.ts';

/** One write, as a watch reports it. */
export type Change = {
  readonly plural: Plural;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: AnyObject;
  /** What was there before; a watch with a selector needs it. */
  readonly before?: AnyObject;
};

export type StoreSnapshot = {
  readonly version: number;
  readonly objects: Readonly<Record<Plural, readonly AnyObject[]>>;
};

/** What one cluster's API server keeps, each write with a resource version of its own. */
export type ObjectStore = ReturnType<typeof objectStore>;

/**
 * @param options.historyLimit changes kept per resource for watches that come back; older ones are gone (410).
 * @param options.from continues from what was saved; the history is not saved, so old watches are told to list anew.
 */
export function objectStore(
  cluster: string,
  { historyLimit = 1_000, from }: { historyLimit?: number; from?: StoreSnapshot } = {},
) {
  let version = from?.version ?? 1_000;
  const kept = Object.fromEntries(
    plurals.map((plural) => [plural, keptOf(from?.objects[plural] ?? [], version)]),
  ) as Record<Plural, Kept>;
  const listeners = new Set<(change: Change) => void>();

  const note = (plural: Plural, change: Omit<Change, 'plural' | 'version'>) => {
    kept[plural].listed = undefined;
    const noted: Change = { plural, version, ...change };
    const { history } = kept[plural];
    history.push(noted);
    if (history.length > historyLimit) {
      const dropped = history.shift();
      kept[plural].forgotten = dropped?.version ?? version;
    }
    for (const listener of listeners) listener(noted);
  };

  return {
    /** The same array until something of the resource changes, so that what is derived from it can be kept. */
    list<P extends Plural>(plural: P): readonly Objects[P][] {
      const its = kept[plural];
      its.listed ??= [...its.objects.values()];
      return its.listed as readonly Objects[P][];
    },

    get: <P extends Plural>(plural: P, name: string, namespace?: string): Objects[P] | undefined =>
      kept[plural].objects.get(keyOf(name, namespace)) as Objects[P] | undefined,

    /** Creates or replaces; writing what is there already changes nothing, as with the real API server. */
    put<P extends Plural>(plural: P, object: Objects[P], now: Instant): Objects[P] {
      const { name, namespace } = object.metadata;
      const before = kept[plural].objects.get(keyOf(name, namespace)) as Objects[P] | undefined;
      const stamped = (resourceVersion: number) => ({
        ...object,
        metadata: {
          ...object.metadata,
          uid:
            before?.metadata.uid ?? uidOf(`${cluster}/${plural}/${namespace}/${name}/${version}`),
          creationTimestamp:
            before?.metadata.creationTimestamp ?? object.metadata.creationTimestamp ?? stamp(now),
          ...(countsGenerations(plural) && { generation: generationOf(before, object) }),
          resourceVersion: String(resourceVersion),
        },
      });
      const unchanged = stamped(Number(before?.metadata.resourceVersion ?? 0));
      if (before !== undefined && isDeepStrictEqual(before, unchanged)) return before;
      version += 1;
      const written = stamped(version) as Objects[P];
      kept[plural].objects.set(keyOf(name, namespace), written);
      note(plural, {
        type: before === undefined ? 'ADDED' : 'MODIFIED',
        object: written,
        ...(before !== undefined && { before }),
      });
      return written;
    },

    remove(plural: Plural, name: string, namespace?: string): void {
      const before = kept[plural].objects.get(keyOf(name, namespace));
      if (before === undefined) return;
      version += 1;
      kept[plural].objects.delete(keyOf(name, namespace));
      const metadata = { ...before.metadata, resourceVersion: String(version) };
      note(plural, { type: 'DELETED', object: { ...before, metadata } as AnyObject, before });
    },

    version: () => version,

    /** Changes after a resource version, oldest first; `gone` when it is too old to tell. */
    since(plural: Plural, after: number): readonly Change[] | 'gone' {
      const { history, forgotten } = kept[plural];
      if (after < forgotten) return 'gone';
      return history.filter((change) => change.version > after);
    },

    /** Calls back after every write; returns how to stop. */
    onChange(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    snapshot(): StoreSnapshot {
      const objects = Object.fromEntries(
        plurals.map((plural) => [plural, [...kept[plural].objects.values()]]),
      ) as unknown as StoreSnapshot['objects'];
      return { version, objects };
    },
  };
}

type Kept = {
  readonly objects: Map<string, AnyObject>;
  readonly history: Change[];
  listed: readonly AnyObject[] | undefined;
  /** The newest version whose change is no longer in `history`. */
  forgotten: number;
};

function keptOf(objects: readonly AnyObject[], version: number): Kept {
  const byKey = objects.map(
    (object) => [keyOf(object.metadata.name, object.metadata.namespace), object] as const,
  );
  return { objects: new Map(byKey), history: [], listed: undefined, forgotten: version };
}

/** As etcd orders them: by namespace, then name. */
function keyOf(name: string, namespace = ''): string {
  return `${namespace}/${name}`;
}

/** Core objects other than PodDisruptionBudgets have no generation. */
function countsGenerations(plural: Plural): boolean {
  return !['nodes', 'pods', 'events', 'persistentvolumes'].includes(plural);
}

function generationOf(before: AnyObject | undefined, object: AnyObject): number {
  const generation = before?.metadata.generation ?? 0;
  const same =
    before !== undefined &&
    isDeepStrictEqual(specOf(before), specOf(object)) &&
    before.metadata.deletionTimestamp === object.metadata.deletionTimestamp;
  return same ? generation : generation + 1;
}

function specOf(object: AnyObject): unknown {
  return 'spec' in object ? object.spec : undefined;
}

function uidOf(text: string): string {
  const hex = sha256(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
