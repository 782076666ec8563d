import type { AnchorEvent } from '../../audit/anchored.ts';
import type { StoredRecord } from '../../audit/stored-record.ts';
import type { RolloutId } from '../../shared/ids.ts';
import type { Changes, Commit, GlobalEvent, Heads, Log, RolloutLog } from './store.ts';

/** Names of the streams that hold decisions. */
export type DecisionStream = RolloutId | 'global';

/** A commit that holds a decision of a person or of policy, and the stream it is in. */
export type DecisionRecord<Event> =
  | { readonly stream: RolloutId; readonly commit: Commit<Event> }
  | { readonly stream: 'global'; readonly commit: Commit<GlobalEvent> };

/** One stream of anchors for all streams, kept like any other. */
export type AnchorLog = Log<'anchors', AnchorEvent>;

/** What whoever audits reads beside the streams themselves. */
export type AuditReads = {
  /** The items of a stream as they stand there, whatever they are, in the order of their keys. */
  records(stream: DecisionStream | 'anchors'): AsyncIterable<StoredRecord>;
  /** Streams with a decision in a month (`2026-11`, in UTC). The index follows within moments. */
  streamsDecided(month: string): Promise<ReadonlySet<DecisionStream>>;
  readonly anchors: AnchorLog;
  readonly heads: Pick<Heads, 'open' | 'read'>;
  readonly changes: Pick<Changes, 'get'>;
  readonly rollouts: Pick<RolloutLog, 'load'>;
  readonly global: Pick<Log<'global', GlobalEvent>, 'load'>;
};
