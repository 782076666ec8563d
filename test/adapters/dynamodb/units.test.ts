import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unitsOf } from '../../../src/adapters/dynamodb/units-of.ts';
import { openTestStore } from './open-test-store.ts';
import { newRollout, noon } from './test-events.ts';

const amiable = { kind: 'amiable' } as const;

describe('the units of a store', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(() => opened.close());

  test('are counted for each operation, those of indexes and of refused conditions included', async () => {
    const { store } = opened;
    const id = newRollout();
    const seen = { events: [{ type: 'Seen' as const, note: 'x' }], actor: amiable, at: noon };
    const first = await store.rollouts.append(id, undefined, seen);
    await store.rollouts.append(id, first, {
      ...seen,
      events: [{ type: 'Approved', by: 'U0ANN' }],
    });
    await store.rollouts.append(id, undefined, seen);
    await store.rollouts.load(id);
    await store.heads.wake(id, noon);
    await store.heads.open();
    await store.inbox.take({ key: 'units', receivedAt: noon, command: {} });
    const { total, byOperation } = store.units();
    expect(byOperation).toEqual({
      'log.append': { calls: 3, reads: 0, writes: 4 },
      'log.load': { calls: 1, reads: 1, writes: 0 },
      'heads.wake': { calls: 1, reads: 0, writes: 3 },
      // Four shards, each at the smallest price there is.
      'heads.open': { calls: 4, reads: 2, writes: 0 },
      'inbox.take': { calls: 1, reads: 0, writes: 2 },
    });
    expect(total).toBe(12);
  });

  test('are taken as they are reported where the table reports those of indexes', () => {
    const reported = { CapacityUnits: 4, GlobalSecondaryIndexes: { due: { CapacityUnits: 3 } } };
    expect(unitsOf(reported, 'writes', 2)).toBe(4);
    expect(unitsOf({ CapacityUnits: 1 }, 'writes', 2)).toBe(3);
    expect(unitsOf([{ CapacityUnits: 2 }, { CapacityUnits: 1.5 }], 'reads', 0)).toBe(3.5);
    expect(unitsOf(undefined, 'reads', 0)).toBe(0.5);
  });
});
