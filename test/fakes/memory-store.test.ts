import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/workflow/ports/store-unavailable-error.ts';
import { newRollout, noon, testKind } from '../adapters/dynamodb/test-events.ts';
import { createMemoryStore } from './memory-store.ts';
import { steppingClock } from './stepping-clock.ts';

test('the store in memory can let its indexes lag behind, as those of a table do', async () => {
  const store = createMemoryStore({ ...testKind, clock: steppingClock(noon) });
  const [early, late] = [newRollout(), newRollout()];
  await store.heads.wake(early, noon);
  store.freezeIndexes();
  await store.heads.wake(late, noon);
  await store.inbox.take({ key: 'a', receivedAt: noon, command: {} });
  expect((await store.heads.open()).map(({ rollout }) => rollout)).toEqual([early]);
  expect(await store.inbox.pending()).toEqual([]);
  // Never what is read consistently.
  expect(await store.heads.read(late)).toMatchObject({ wakes: 1 });
  store.thawIndexes();
  expect(await store.heads.open()).toHaveLength(2);
  expect(await store.inbox.pending()).toHaveLength(1);
});

test('the store in memory can be unavailable for one operation, with nothing done', async () => {
  const cause = new Error('limited');
  const store = createMemoryStore({
    ...testKind,
    clock: steppingClock(noon),
    before(operation) {
      if (operation === 'heads.wake') throw new StoreUnavailableError('head', { cause });
    },
  });
  const id = newRollout();
  await expect(store.heads.wake(id, noon)).rejects.toBeInstanceOf(StoreUnavailableError);
  expect(await store.heads.read(id)).toBeUndefined();
});

test('the store in memory keeps what it was given, whatever becomes of the object', async () => {
  const store = createMemoryStore({ ...testKind, clock: steppingClock(noon) });
  const command = { list: [1] };
  await store.inbox.take({ key: 'a', receivedAt: noon, command });
  command.list.push(2);
  expect((await store.inbox.pending())[0]?.command).toEqual({ list: [1] });
});
