import type { RolloutEvent } from '../../rollout/events.ts';
import type { BadRelease, Hold, HoldScope } from '../../rollout/hold.ts';
import type { Json } from '../../shared/canonical.ts';
import type { Digest, ReleaseId, RolloutId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';

/** Who did it: a Slack user id, a GitHub login, a cloud identity, or Amiable itself. */
export type Actor =
  | { readonly kind: 'slack'; readonly id: string }
  | { readonly kind: 'github'; readonly id: string }
  | { readonly kind: 'cloud'; readonly id: string }
  | { readonly kind: 'amiable' };

/** One conditional write: the events that one decision gave, chained to the commit before. */
export type Commit<Event> = {
  /** 1 for the first of a stream. */
  readonly sequence: number;
  readonly events: readonly Event[];
  readonly actor: Actor;
  /** When it was received; never before its predecessor's. */
  readonly at: Instant;
  /** The delivery key of the click, command or webhook behind it; absent for what the workflow saw by itself. */
  readonly cause?: string;
  /** SHA-256 over the previous commit's canonical JSON, its own `previous` included; 64 zeros for the first. */
  readonly previous: string;
};

/** What is to be appended; sequence and hash are the store's. */
export type NewCommit<Event> = Pick<Commit<Event>, 'events' | 'actor' | 'at' | 'cause'>;

/**
 * A stream of decisions, append-only.
 * @throws StoreUnavailableError when the table cannot be reached or limits us; a retry is safe, because deciding is.
 */
export type Log<Id, Event> = {
  /** All commits, oldest first, read consistently; empty when there is no such stream. */
  load(id: Id): Promise<readonly Commit<Event>[]>;
  /** Commits after `sequence`, read consistently. */
  loadAfter(id: Id, sequence: number): Promise<readonly Commit<Event>[]>;
  /**
   * Appends after `last` (`undefined`: starts the stream).
   * @returns the commit as stored, or `undefined`, with nothing written, when another writer came first.
   */
  append(
    id: Id,
    last: Commit<Event> | undefined,
    commit: NewCommit<Event>,
  ): Promise<Commit<Event> | undefined>;
};

export type RolloutLog = Log<RolloutId, RolloutEvent>;

/** Events of the stream that concerns every rollout: freeze and unfreeze, and who tried without the right; and releases taken back. */
export type GlobalEvent =
  | { readonly type: 'Frozen'; readonly by: string; readonly reason: string; readonly at: Instant }
  | { readonly type: 'Unfrozen'; readonly by: string; readonly at: Instant }
  | {
      readonly type: 'AttemptRefused';
      readonly by: string;
      /** `freeze` or `unfreeze`. */
      readonly wanted: string;
      readonly reason: string;
      readonly at: Instant;
    }
  | ({ readonly type: 'HoldSet' } & Required<Pick<Hold, 'at'>> & Hold)
  | ({ readonly type: 'HoldLifted'; readonly by: string; readonly at: Instant } & HoldScope)
  | ({ readonly type: 'ReleaseMarkedBad' } & BadRelease)
  | {
      readonly type: 'ReleaseCleared';
      readonly release: ReleaseId;
      readonly by: string;
      readonly at: Instant;
    }
  | {
      /** A release that was taken back, or whose images are no longer fit: nobody is offered it again. */
      readonly type: 'ReleaseRecalled';
      readonly release: ReleaseId;
      readonly because: RecallCause;
      /** A clause that says what was seen. */
      readonly detail: string;
      /** Where a recommendation went back; absent for other causes, and in records before 0.1. */
      readonly regions?: readonly string[];
      readonly at: Instant;
    }
  | {
      /** What a recall was told by is gone: the release counts as any other again, until it is recalled anew. */
      readonly type: 'RecallLifted';
      readonly release: ReleaseId;
      /** A clause that says what was seen. */
      readonly detail: string;
      readonly at: Instant;
    };

/**
 * How a recall was noticed: the recommendation went back, the release's title says so, or EC2 calls its images
 * deprecated, disabled or otherwise unavailable.
 */
export type RecallCause = 'moved-back' | 'marked' | 'deprecated' | 'disabled' | 'unavailable';

/** One stream for the whole fleet, read before every merge. */
export type GlobalLog = Log<'global', GlobalEvent>;

/** The hint that says when a rollout wants to be looked at. Never truth: it can be rebuilt from the log. */
export type Head = {
  readonly rollout: RolloutId;
  /** Rises with every wake; a hint is refused when it rose since the hint's author read it. */
  readonly wakes: number;
  /** Absent once the rollout is closed. */
  readonly dueAt?: Instant;
  /** Last sequence its writer knew. */
  readonly sequence: number;
  readonly lease?: { readonly owner: string; readonly until: Instant };
};

export type Heads = {
  /** Makes the rollout due now (creating the head when there is none) and adds 1 to `wakes`. */
  wake(rollout: RolloutId, now: Instant): Promise<void>;
  /** Sets when to look again, if nobody woke it since `wakes` was read. False: somebody did. Closed: `dueAt` undefined. */
  hint(
    rollout: RolloutId,
    hint: {
      readonly wakes: number;
      readonly sequence: number;
      readonly dueAt: Instant | undefined;
      readonly lease?: { readonly owner: string; readonly until: Instant };
    },
  ): Promise<boolean>;
  /** Heads of all open rollouts, soonest first (eventually consistent, as an index is). */
  open(): Promise<readonly Head[]>;
  /** One head, read consistently. */
  read(rollout: RolloutId): Promise<Head | undefined>;
  /** Takes or renews the lease when it is free, ours or over. False: another owner holds it. */
  lease(rollout: RolloutId, owner: string, now: Instant, until: Instant): Promise<boolean>;
};

/** A named lease for work that one replica should do (`detection`, `digest`); a convenience, never a lock. */
export type Leases = {
  take(name: string, owner: string, now: Instant, until: Instant): Promise<boolean>;
  release(name: string, owner: string): Promise<void>;
};

/** A verified, parsed command as it was received: stored before it is acknowledged, done by any replica. */
export type InboxEntry = {
  readonly key: string;
  readonly receivedAt: Instant;
  /** Parsed, without secrets or payloads; the handler that wrote it parses it again. */
  readonly command: Json;
};

export type Inbox = {
  /** Stores once. False: that delivery was taken before. */
  take(entry: InboxEntry): Promise<boolean>;
  /** Marks it done; it is kept a while so that a late duplicate is still recognised. */
  done(key: string, now: Instant): Promise<void>;
  /** What was taken and never marked done, oldest first. */
  pending(): Promise<readonly InboxEntry[]>;
};

/** One intended message of a rollout. */
export type Slot = {
  /** Such as `card`, `live`, `reply-00000012`. */
  readonly name: string;
  readonly channel: string;
  /** Absent while it is only intended. */
  readonly ts?: string;
  /** When a replica claimed to post it. */
  readonly claimedAt: Instant;
  /** Hash of what was last rendered, when it was worth storing. */
  readonly rendered?: string;
};

export type Slots = {
  /** All slots of a rollout. */
  list(rollout: RolloutId): Promise<readonly Slot[]>;
  /** Claims a slot that nobody has, or whose claim without `ts` is from before `staleBefore`. False: somebody else has it. */
  claim(rollout: RolloutId, slot: Slot, staleBefore: Instant): Promise<boolean>;
  /** Records where it was posted. */
  posted(rollout: RolloutId, name: string, ts: string, rendered?: string): Promise<void>;
  /** Forgets a slot whose message is gone, so that it is posted anew. */
  forget(rollout: RolloutId, name: string): Promise<void>;
};

/** Full manifests of changes, by digest, compressed and split under the item limit. */
export type Changes = {
  put(digest: Digest, manifest: Json): Promise<void>;
  get(digest: Digest): Promise<Json | undefined>;
};

/** Small values kept by key: last seen SSM values, pins by blob, analyses by facts. Content-addressed or a hint, never truth. */
export type Memory = {
  get(keys: readonly string[]): Promise<ReadonlyMap<string, Json>>;
  /** @param keepForMs absent: for ever. */
  put(key: string, value: Json, keepForMs?: number): Promise<void>;
};

/** All of the store that the service works with. */
export type Store = {
  readonly rollouts: RolloutLog;
  readonly global: GlobalLog;
  readonly heads: Heads;
  readonly leases: Leases;
  readonly inbox: Inbox;
  readonly slots: Slots;
  readonly changes: Changes;
  readonly memory: Memory;
};
