import { Change, digestOf } from '../rollout/change.ts';
import type { Digest } from '../shared/ids.ts';
import type { World } from './world.ts';

/** Changes by digest; kept in memory, because a digest never means anything else. */
const kept = new WeakMap<object, Map<Digest, Change>>();

/**
 * The change people approved, in full.
 * @throws Error when the record lacks it or holds something else: then nothing may be merged.
 */
export async function recordedChange(
  { store }: Pick<World, 'store'>,
  digest: Digest,
): Promise<Change> {
  const known = kept.get(store) ?? new Map<Digest, Change>();
  kept.set(store, known);
  const before = known.get(digest);
  if (before !== undefined) return before;
  const manifest = await store.changes.get(digest);
  if (manifest === undefined) throw new Error(`There is no record of change ${digest}`);
  const change = Change.parse(manifest);
  if (digestOf(change) !== digest)
    throw new Error(`The record of change ${digest} says something else`);
  known.set(digest, change);
  return change;
}

/** Stores a change beside its digest, before any event names it. */
export async function recordChange(
  { store }: Pick<World, 'store'>,
  change: Change,
): Promise<Digest> {
  const digest = digestOf(change);
  await store.changes.put(digest, change);
  return digest;
}
