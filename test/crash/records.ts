import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts';
import { createStore } from '../../src/adapters/dynamodb/create-store.ts';
import { RolloutEvent } from '../../src/rollout/events.ts';
import { isDecision } from '../../src/rollout/is-decision.ts';
import type { StandIns } from '../../src/sandbox/stand-ins.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import type { Slot } from '../../src/workflow/ports/store.ts';

/** What a run left in its table. */
export type Records = {
  /** Every event of the rollout, as stored. */
  readonly events: readonly RolloutEvent[];
  readonly slots: readonly Slot[];
  /** Keys of requests that were taken and never finished. */
  readonly pending: readonly string[];
  /** Nobody is to look at the rollout again. */
  readonly atRest: boolean;
};

/** Reads a rollout's records straight from the table, beside the service. */
export async function readRecords(standIns: StandIns, id: RolloutId): Promise<Records> {
  const client = createDynamoClient({
    region: 'eu-west-1',
    endpoint: standIns.dynamodb.url,
    credentials: { accessKeyId: 'READER', secretAccessKey: 'reader' },
  });
  const store = createStore({
    client,
    table: 'amiable',
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => {} },
    emulated: true,
    parseEvent: (json) => RolloutEvent.parse(json),
    isDecision,
  });
  const commits = await store.rollouts.load(id);
  const slots = await store.slots.list(id);
  const head = await store.heads.read(id);
  const pending = await store.inbox.pending();
  client.destroy();
  return {
    events: commits.flatMap(({ events }) => events),
    slots,
    pending: pending.map(({ key }) => key),
    atRest: head !== undefined && head.dueAt === undefined,
  };
}
