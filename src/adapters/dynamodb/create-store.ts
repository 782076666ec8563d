import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RolloutId } from '../../shared/ids.ts';
import type { Clock } from '../../shared/time.ts';
import type { AuditReads, DecisionRecord } from '../../workflow/ports/records.ts';
import type { GlobalEvent, Log, Store } from '../../workflow/ports/store.ts';
import { anchorKind } from './anchor-kind.ts';
import { createCall } from './call.ts';
import { createChanges } from './changes.ts';
import type { StoredCommit } from './commit-item.ts';
import { listDecisions, streamsDecided } from './decisions.ts';
import { parseGlobalEvent } from './global-event.ts';
import { createHeads } from './heads.ts';
import { createInbox } from './inbox.ts';
import type { StreamId } from './keys.ts';
import { createLeases } from './leases.ts';
import { createLog, createOpener, type EventKind, storedCommits, storedRecords } from './log.ts';
import { createMemory } from './memory.ts';
import { createSlots } from './slots.ts';
import type { TableAccess } from './table-access.ts';
import { createUnitCounter, type Units } from './unit-counter.ts';

export type StoreOptions<Event> = EventKind<Event> & {
  /** From `createDynamoClient`: one that retries by itself would repeat writes behind our back. */
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  /** Real time for one attempt of one request, in ms; default 2000, so that a second one fits in Slack's three seconds. */
  readonly callMs?: number;
  /** The table is the emulator, which does not report the units of indexes. */
  readonly emulated?: boolean;
  readonly random?: () => number;
  readonly newWriteId?: () => string;
  readonly log?: { warn(fields: object, message: string): void };
};

/** The record store with what only the command line, the bench and the metrics ask for. */
export type RecordStore<Event> = Omit<Store, 'rollouts'> &
  Pick<AuditReads, 'records' | 'streamsDecided' | 'anchors'> & {
    readonly rollouts: Log<RolloutId, Event>;
    /** Decisions of a month (`2026-11`), oldest first. */
    listDecisions(month: string): AsyncIterable<DecisionRecord<Event>>;
    /** The commits of a stream as they are stored, for `verifyChain`. */
    stored(stream: StreamId): AsyncIterable<StoredCommit>;
    /** Capacity units used since the store was made. */
    units(): Units;
  };

/** The record store on one DynamoDB table, which must exist (see `createTable`). */
export function createStore<Event>(options: StoreOptions<Event>): RecordStore<Event> {
  const { client, table, clock, log } = options;
  const units = createUnitCounter();
  const access: TableAccess = {
    document: DynamoDBDocumentClient.from(client, {
      // Every number we have is a double, which DynamoDB's 38 digits hold; the SDK would refuse those above 2^53.
      marshallOptions: { removeUndefinedValues: true, allowImpreciseNumbers: true },
      unmarshallOptions: { wrapNumbers: Number },
    }),
    table,
    newWriteId: options.newWriteId ?? randomUUID,
    call: createCall({
      clock,
      units,
      callMs: options.callMs ?? 2_000,
      estimateIndexes: options.emulated ?? false,
      random: options.random ?? Math.random,
      onRetry: (what, cause) => log?.warn({ what, cause }, 'record store asked again'),
    }),
  };
  // Nobody but people and settings speaks in the fleet's stream.
  const globalKind: EventKind<GlobalEvent> = {
    parseEvent: parseGlobalEvent,
    isDecision: () => true,
  };
  const openers = { rollouts: createOpener(options), global: createOpener(globalKind) };
  return {
    rollouts: createLog<RolloutId, Event>(access, options, openers.rollouts),
    global: createLog<'global', GlobalEvent>(access, globalKind, openers.global),
    heads: createHeads(access),
    leases: createLeases(access),
    inbox: createInbox(access),
    slots: createSlots(access),
    changes: createChanges(access),
    memory: createMemory(access, clock),
    anchors: createLog(access, anchorKind, createOpener(anchorKind)),
    listDecisions: (month) => listDecisions(access, month, openers),
    streamsDecided: (month) => streamsDecided(access, month),
    records: (stream) => storedRecords(access, stream),
    stored: (stream) => storedCommits(access, stream),
    units: () => units.read(),
  };
}
