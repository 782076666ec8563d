import { anchorKind } from '../../src/adapters/dynamodb/anchor-kind.ts';
import { digestOf } from '../../src/adapters/dynamodb/changes.ts';
import {
  commitItem,
  recordOfItem,
  type StoredCommit,
} from '../../src/adapters/dynamodb/commit-item.ts';
import { parseGlobalEvent } from '../../src/adapters/dynamodb/global-event.ts';
import { refuseTooLarge } from '../../src/adapters/dynamodb/item-size.ts';
import { monthOf, type StreamId, sequenceSk } from '../../src/adapters/dynamodb/keys.ts';
import {
  chainedAfter,
  createOpener,
  type EventKind,
  type Opener,
} from '../../src/adapters/dynamodb/log.ts';
import type { AnchorEvent } from '../../src/audit/anchored.ts';
import type { Json } from '../../src/shared/canonical.ts';
import { chainStart } from '../../src/shared/chain.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { storedJson } from '../../src/shared/stored-json.ts';
import type { Clock, Instant } from '../../src/shared/time.ts';
import type { AuditReads, DecisionRecord } from '../../src/workflow/ports/records.ts';
import type {
  GlobalEvent,
  Head,
  Heads,
  Inbox,
  InboxEntry,
  Leases,
  Log,
  Memory,
  Slot,
  Slots,
  Store,
} from '../../src/workflow/ports/store.ts';

export type MemoryStoreOptions<Event> = EventKind<Event> & {
  readonly clock: Clock;
  /** Called before each operation, such as `log.append`; what it throws is what the caller gets, nothing done. */
  readonly before?: (operation: string) => void | Promise<void>;
};

/** The twin of `createStore`, held to the same contract by the same tests. */
export type MemoryStore<Event> = Omit<Store, 'rollouts'> &
  Pick<AuditReads, 'records' | 'streamsDecided' | 'anchors'> & {
    /** Changes what is stored, as somebody with rights to the table could; `undefined` deletes the stream. */
    tamper(
      stream: StreamId,
      change: (commits: readonly StoredCommit[]) => readonly StoredCommit[] | undefined,
    ): void;
    readonly rollouts: Log<RolloutId, Event>;
    listDecisions(month: string): AsyncIterable<DecisionRecord<Event>>;
    stored(stream: StreamId): AsyncIterable<StoredCommit>;
    /** From here on the indexes (`open`, `pending`, `listDecisions`) answer as of now, as they may for a while. */
    freezeIndexes(): void;
    thawIndexes(): void;
  };

/** What is kept, each value on its own as JSON gives it back, so that nobody changes it from outside. */
type State = {
  readonly streams: Map<StreamId, StoredCommit[]>;
  readonly heads: Map<RolloutId, Head>;
  readonly leases: Map<string, { readonly owner: string; readonly until: Instant }>;
  readonly inbox: Map<string, InboxEntry | 'done'>;
  readonly slots: Map<string, Slot>;
  readonly changes: Map<string, string>;
  readonly memory: Map<string, { readonly value: string; readonly end?: Instant }>;
};

type Enter = (operation: string) => Promise<void>;

/** The record store in memory, for tests of what uses it. */
export function createMemoryStore<Event>(options: MemoryStoreOptions<Event>): MemoryStore<Event> {
  const { clock, before } = options;
  const state: State = {
    streams: new Map(),
    heads: new Map(),
    leases: new Map(),
    inbox: new Map(),
    slots: new Map(),
    changes: new Map(),
    memory: new Map(),
  };
  let frozen: State | undefined;
  const indexes = () => frozen ?? state;
  const enter: Enter = async (operation) => {
    // A turn of the event loop, as every call over a network takes: callers that race do so here too.
    await new Promise((resolve) => setImmediate(resolve));
    await before?.(operation);
  };
  const globalKind: EventKind<GlobalEvent> = {
    parseEvent: parseGlobalEvent,
    isDecision: () => true,
  };
  const openers = { rollouts: createOpener(options), global: createOpener(globalKind) };
  return {
    rollouts: logOf<RolloutId, Event>(state, enter, openers.rollouts, options),
    global: logOf<'global', GlobalEvent>(state, enter, openers.global, globalKind),
    heads: headsOf(state, indexes, enter),
    leases: leasesOf(state, enter),
    inbox: inboxOf(state, indexes, enter),
    slots: slotsOf(state, enter),
    changes: {
      async put(digest, manifest) {
        await enter('changes.put');
        const is = digestOf(manifest);
        if (is !== digest)
          throw new Error(`The manifest to be stored as change ${digest} is ${is}`);
        state.changes.set(digest, JSON.stringify(manifest));
      },
      async get(digest) {
        await enter('changes.get');
        const text = state.changes.get(digest);
        return text === undefined ? undefined : (JSON.parse(text) as Json);
      },
    },
    memory: memoryOf(state, clock, enter),
    anchors: logOf<'anchors', AnchorEvent>(state, enter, createOpener(anchorKind), anchorKind),
    async streamsDecided(month) {
      await enter('decisions.streams');
      const kinds = { rollouts: options, global: globalKind };
      const found = decisionsOf(indexes(), month, openers, kinds);
      return new Set([...found].map(({ stream }) => stream));
    },
    async *records(stream) {
      await enter('log.records');
      for (const commit of state.streams.get(stream) ?? []) {
        yield recordOfItem({ ...commit, sk: sequenceSk(commit.sequence) });
      }
    },
    tamper(stream, change) {
      const changed = change(state.streams.get(stream) ?? []);
      if (changed === undefined) state.streams.delete(stream);
      else state.streams.set(stream, [...changed]);
    },
    async *listDecisions(month) {
      await enter('decisions.list');
      const kinds = { rollouts: options, global: globalKind };
      yield* decisionsOf(indexes(), month, openers, kinds);
    },
    async *stored(stream) {
      await enter('log.load');
      yield* state.streams.get(stream) ?? [];
    },
    freezeIndexes() {
      frozen = {
        ...state,
        streams: new Map([...state.streams].map(([id, commits]) => [id, [...commits]])),
        heads: new Map(state.heads),
        inbox: new Map(state.inbox),
      };
    },
    thawIndexes() {
      frozen = undefined;
    },
  };
}

function logOf<Id extends StreamId, Event>(
  { streams }: State,
  enter: Enter,
  opener: Opener<Event>,
  { isDecision }: EventKind<Event>,
): Log<Id, Event> {
  const loadAfter = async (id: Id, sequence: number) => {
    await enter('log.load');
    return (streams.get(id) ?? []).slice(sequence).map((stored) => opener.open(id, stored));
  };
  return {
    load: (id) => loadAfter(id, 0),
    loadAfter,
    async append(id, last, commit) {
      await enter('log.append');
      const previous = last === undefined ? chainStart : opener.hashOf(last);
      const stored = chainedAfter(last, previous, commit);
      const item = commitItem(id, stored, commit.events.some(isDecision));
      refuseTooLarge(`commit ${stored.sequence} of ${id}`, item);
      const commits = streams.get(id) ?? [];
      if (commits.length >= stored.sequence) return undefined;
      streams.set(id, [...commits, stored]);
      return opener.open(id, stored);
    },
  };
}

function* decisionsOf<Event>(
  { streams }: State,
  month: string,
  openers: { readonly rollouts: Opener<Event>; readonly global: Opener<GlobalEvent> },
  kinds: { readonly rollouts: EventKind<Event>; readonly global: EventKind<GlobalEvent> },
): Generator<DecisionRecord<Event>> {
  const all = [...streams].flatMap(([stream, commits]): DecisionRecord<Event>[] =>
    (stream === 'anchors' ? [] : commits)
      .filter(({ at }) => monthOf(at) === month)
      .flatMap((stored): DecisionRecord<Event>[] => {
        if (stream === 'global') {
          const commit = openers.global.open(stream, stored);
          return commit.events.some(kinds.global.isDecision) ? [{ stream: 'global', commit }] : [];
        }
        if (stream === 'anchors') return [];
        const commit = openers.rollouts.open(stream, stored);
        return commit.events.some(kinds.rollouts.isDecision) ? [{ stream, commit }] : [];
      }),
  );
  yield* all.sort(
    (a, b) =>
      a.commit.at - b.commit.at ||
      (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0) ||
      a.commit.sequence - b.commit.sequence,
  );
}

function headsOf({ heads }: State, indexes: () => State, enter: Enter): Heads {
  const known = (rollout: RolloutId): Head =>
    heads.get(rollout) ?? { rollout, wakes: 0, sequence: 0 };
  return {
    async wake(rollout, now) {
      await enter('heads.wake');
      const head = known(rollout);
      heads.set(rollout, { ...head, wakes: head.wakes + 1, dueAt: now });
    },
    async hint(rollout, { wakes, sequence, dueAt, lease }) {
      await enter('heads.hint');
      const { dueAt: _, ...head } = known(rollout);
      if (head.wakes !== wakes) return false;
      heads.set(rollout, {
        ...head,
        sequence,
        ...(dueAt === undefined ? {} : { dueAt }),
        ...(lease === undefined ? {} : { lease }),
      });
      return true;
    },
    async open() {
      await enter('heads.open');
      return [...indexes().heads.values()]
        .filter(({ dueAt }) => dueAt !== undefined)
        .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
    },
    async read(rollout) {
      await enter('heads.read');
      return heads.get(rollout);
    },
    async lease(rollout, owner, now, until) {
      await enter('heads.lease');
      const head = known(rollout);
      if (isHeld(head.lease, owner, now)) return false;
      heads.set(rollout, { ...head, lease: { owner, until } });
      return true;
    },
  };
}

function isHeld(
  lease: { readonly owner: string; readonly until: Instant } | undefined,
  owner: string,
  now: Instant,
): boolean {
  return lease !== undefined && lease.owner !== owner && lease.until > now;
}

function leasesOf({ leases }: State, enter: Enter): Leases {
  return {
    async take(name, owner, now, until) {
      await enter('leases.take');
      if (isHeld(leases.get(name), owner, now)) return false;
      leases.set(name, { owner, until });
      return true;
    },
    async release(name, owner) {
      await enter('leases.release');
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
  };
}

function inboxOf({ inbox }: State, indexes: () => State, enter: Enter): Inbox {
  return {
    async take(entry) {
      await enter('inbox.take');
      refuseTooLarge(`delivery ${entry.key}`, { command: JSON.stringify(entry.command) });
      if (inbox.has(entry.key)) return false;
      inbox.set(entry.key, { ...entry, command: storedJson(entry.command) });
      return true;
    },
    async done(key) {
      await enter('inbox.done');
      if (inbox.has(key)) inbox.set(key, 'done');
    },
    async pending() {
      await enter('inbox.pending');
      return [...indexes().inbox.values()]
        .filter((entry) => entry !== 'done')
        .sort((a, b) => a.receivedAt - b.receivedAt || (a.key < b.key ? -1 : 1));
    },
  };
}

function slotsOf({ slots }: State, enter: Enter): Slots {
  const keyOf = (rollout: RolloutId, name: string) => `${rollout}/${name}`;
  return {
    async list(rollout) {
      await enter('slots.list');
      return [...slots]
        .filter(([key]) => key.startsWith(`${rollout}/`))
        .map(([, slot]) => slot)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async claim(rollout, slot, staleBefore) {
      await enter('slots.claim');
      const there = slots.get(keyOf(rollout, slot.name));
      if (there !== undefined && (there.ts !== undefined || there.claimedAt >= staleBefore)) {
        return false;
      }
      slots.set(keyOf(rollout, slot.name), { ...slot });
      return true;
    },
    async posted(rollout, name, ts, rendered) {
      await enter('slots.posted');
      const slot = slots.get(keyOf(rollout, name));
      if (slot === undefined) {
        throw new Error(
          `The message ${name} of ${rollout} was posted, but its slot was never claimed`,
        );
      }
      const { rendered: _, ...rest } = slot;
      const now = { ...rest, ts, ...(rendered === undefined ? {} : { rendered }) };
      slots.set(keyOf(rollout, name), now);
    },
    async forget(rollout, name) {
      await enter('slots.forget');
      slots.delete(keyOf(rollout, name));
    },
  };
}

function memoryOf({ memory }: State, clock: Clock, enter: Enter): Memory {
  return {
    async get(keys) {
      await enter('memory.get');
      const now = clock.now();
      const found = new Map<string, Json>();
      for (const key of keys) {
        const kept = memory.get(key);
        if (kept === undefined || (kept.end !== undefined && kept.end <= now)) continue;
        found.set(key, JSON.parse(kept.value) as Json);
      }
      return found;
    },
    async put(key, value, keepForMs) {
      await enter('memory.put');
      const text = JSON.stringify(storedJson(value));
      refuseTooLarge(`value ${key}`, { value: text });
      // TTL counts whole seconds, rounded up.
      const end =
        keepForMs === undefined
          ? {}
          : { end: Math.ceil((clock.now() + keepForMs) / 1_000) * 1_000 };
      memory.set(key, { value: text, ...end });
    },
  };
}
