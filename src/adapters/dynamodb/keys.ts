import type { Digest } from '../../shared/ids.ts';
import { RolloutId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';

/** The primary key of an item. */
export type Key = { readonly pk: string; readonly sk: string };

/** A stream of commits: a rollout's, the fleet's, or that of the daily anchors. */
export type StreamId = RolloutId | 'global' | 'anchors';

export const logPk = (stream: StreamId): string => `log#${stream}`;

/** Eight digits, so that the order of text is the order of numbers. */
export const sequenceSk = (sequence: number): string => String(sequence).padStart(8, '0');

export const headKey = (rollout: RolloutId): Key => ({ pk: `head#${rollout}`, sk: 'head' });
export const leaseKey = (name: string): Key => ({ pk: `lease#${name}`, sk: 'lease' });
export const inboxKey = (delivery: string): Key => ({ pk: `inbox#${delivery}`, sk: 'inbox' });
export const memoryKey = (key: string): Key => ({ pk: `memory#${key}`, sk: 'memory' });
export const messagePk = (rollout: RolloutId): string => `message#${rollout}`;
export const changePk = (digest: Digest): string => `change#${digest}`;
export const partSk = (part: number): string => `part#${String(part).padStart(4, '0')}`;

/** The part after the kind: `ro_…` of `head#ro_…`. */
export const afterKind = (pk: string): string => pk.slice(pk.indexOf('#') + 1);

/** Partitions of the index of open rollouts. A constant: what was put under another number would not be found again. */
const shards = 4;

export const dueShards: readonly string[] = Array.from(
  { length: shards },
  (_, shard) => `due#${shard}`,
);

/** Spreads rollouts over the shards by the last digit of their id, which is a hash. */
export const duePkOf = (rollout: RolloutId): string =>
  `due#${Number.parseInt(rollout.slice(-1), 16) % shards}`;

export const dueInbox = 'due#inbox';

/** ISO time to the millisecond sorts as time does, for the years 0 to 9999. */
export const timedSk = (at: Instant, id: string): string => `${new Date(at).toISOString()}#${id}`;

/** The instant of a `timedSk`. */
export const instantOf = (sk: string): Instant => Date.parse(sk.slice(0, sk.indexOf('#')));

/** The partition of the index of decisions: the month, in UTC, as `2026-11`. */
export const monthOf = (at: Instant): string => new Date(at).toISOString().slice(0, 7);

/** Reads the id of a stream with decisions from its partition key. */
export function streamOf(pk: string): RolloutId | 'global' {
  const id = afterKind(pk);
  return id === 'global' ? id : RolloutId.parse(id);
}
