import type { StoredRecord } from '../../audit/stored-record.ts';
import type { Json } from '../../shared/canonical.ts';
import { chainStart, commitHash } from '../../shared/chain.ts';
import { storedJson } from '../../shared/stored-json.ts';
import type { Commit, Log, NewCommit } from '../../workflow/ports/store.ts';
import { commitItem, commitOfItem, recordOfItem, type StoredCommit } from './commit-item.ts';
import { refuseTooLarge } from './item-size.ts';
import { logPk, type StreamId, sequenceSk } from './keys.ts';
import { putOnce, queryAll, type TableAccess } from './table-access.ts';

/** How events of one kind of stream are read, and which of them are decisions of a person or of policy. */
export type EventKind<Event> = {
  /** @throws when it is no event this version knows. */
  readonly parseEvent: (json: Json) => Event;
  readonly isDecision: (event: Event) => boolean;
};

/** Turns stored commits into commits and remembers how they were stored. */
export type Opener<Event> = {
  open(stream: StreamId, stored: StoredCommit): Commit<Event>;
  /** What the commit after `last` names as `previous`. */
  hashOf(last: Commit<Event>): string;
};

export function createOpener<Event>({ parseEvent }: EventKind<Event>): Opener<Event> {
  // Parsing drops members that only a newer version knows, and then the parsed commit hashes to something else than
  // the stored one. While versions are mixed, the hash must come from what is stored.
  const storedOf = new WeakMap<Commit<Event>, StoredCommit>();
  return {
    open(stream, stored) {
      const { sequence } = stored;
      try {
        const commit = { ...stored, events: stored.events.map(parseEvent) };
        storedOf.set(commit, stored);
        return commit;
      } catch (cause) {
        throw new Error(`Commit ${sequence} of ${stream} holds an event that cannot be read`, {
          cause,
        });
      }
    },
    hashOf: (last) =>
      commitHash(storedOf.get(last) ?? { ...last, events: last.events.map(storedJson) }),
  };
}

/** The commit to be stored after `last`; its time is never before its predecessor's. */
export function chainedAfter<Event>(
  last: Commit<Event> | undefined,
  previous: string,
  { events, actor, at, cause }: NewCommit<Event>,
): StoredCommit {
  return {
    sequence: (last?.sequence ?? 0) + 1,
    events: events.map(storedJson),
    actor,
    at: Math.max(at, last?.at ?? at),
    ...(cause === undefined ? {} : { cause }),
    previous,
  };
}

/** The commits of a stream as they are stored, oldest first, read consistently. */
export async function* storedCommits(
  access: TableAccess,
  stream: StreamId,
  after = 0,
): AsyncGenerator<StoredCommit> {
  const doing = { operation: 'log.load', what: `commits of ${stream}` };
  const items = queryAll(access, doing, {
    KeyConditionExpression: '#pk = :pk AND #sk > :sk',
    ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
    ExpressionAttributeValues: { ':pk': logPk(stream), ':sk': sequenceSk(after) },
    ConsistentRead: true,
  });
  for await (const item of items) yield commitOfItem(item);
}

/** The items of a stream as they stand in the table, also what is no commit: for whoever looks for what was changed. */
export async function* storedRecords(
  access: TableAccess,
  stream: StreamId,
): AsyncGenerator<StoredRecord> {
  const doing = { operation: 'log.records', what: `records of ${stream}` };
  const items = queryAll(access, doing, {
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': logPk(stream) },
    ConsistentRead: true,
  });
  for await (const item of items) yield recordOfItem(item);
}

export function createLog<Id extends StreamId, Event>(
  access: TableAccess,
  { isDecision }: EventKind<Event>,
  opener: Opener<Event>,
): Log<Id, Event> {
  const loadAfter = async (id: Id, sequence: number) => {
    const commits: Commit<Event>[] = [];
    for await (const stored of storedCommits(access, id, sequence)) {
      const expected = sequence + commits.length + 1;
      // A stream with a hole is no record: deciding on it could undo what somebody decided.
      if (stored.sequence !== expected) throw new Error(`Commit ${expected} of ${id} is missing`);
      commits.push(opener.open(id, stored));
    }
    return commits;
  };
  return {
    load: (id) => loadAfter(id, 0),
    loadAfter,
    async append(id, last, commit) {
      const previous = last === undefined ? chainStart : opener.hashOf(last);
      const stored = chainedAfter(last, previous, commit);
      const decision = commit.events.some(isDecision);
      const item = commitItem(id, stored, decision);
      const what = `commit ${stored.sequence} of ${id}`;
      refuseTooLarge(what, item);
      const doing = { operation: 'log.append', what, indexWrites: decision ? 1 : 0 };
      return (await putOnce(access, doing, item)) ? opener.open(id, stored) : undefined;
    },
  };
}
