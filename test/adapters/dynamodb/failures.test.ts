import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts';
import { createStore } from '../../../src/adapters/dynamodb/create-store.ts';
import { minute } from '../../../src/shared/time.ts';
import { StoreUnavailableError } from '../../../src/workflow/ports/store-unavailable-error.ts';
import { openTestStore, table } from './open-test-store.ts';
import { newRollout, noon, testKind } from './test-events.ts';

const amiable = { kind: 'amiable' } as const;
const seen = { events: [{ type: 'Seen' as const, note: 'x' }], actor: amiable, at: noon };

describe('a store whose table fails', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  beforeAll(async () => {
    opened = await openTestStore({ callMs: 250 });
  });
  afterAll(() => opened.close());

  const calls = (operation: string, key: string) =>
    opened.standIn
      .requests()
      .filter((request) => request.operation === operation && request.keys.includes(key));

  test('knows its own commit again when the reply was lost', async () => {
    const id = newRollout();
    opened.fail('lost-reply', `PutItem log#${id}`);
    const commit = await opened.store.rollouts.append(id, undefined, seen);
    expect(commit?.sequence).toBe(1);
    expect(await opened.store.rollouts.load(id)).toEqual([commit]);
    expect(calls('PutItem', `log#${id}/00000001`)).toHaveLength(2);
  });

  test('does not take the same commit of another replica for its own', async () => {
    const id = newRollout();
    await opened.store.rollouts.append(id, undefined, seen);
    // Not stored, only failed: the second attempt finds what somebody else wrote, with the same content.
    opened.fail('error-500', `PutItem log#${id}`);
    expect(await opened.store.rollouts.append(id, undefined, seen)).toBeUndefined();
  });

  test('knows its own delivery again when the reply was lost', async () => {
    opened.fail('lost-reply', 'PutItem inbox#a');
    const entry = { key: 'a', receivedAt: noon, command: {} };
    expect(await opened.store.inbox.take(entry)).toBe(true);
    expect(await opened.store.inbox.take(entry)).toBe(false);
  });

  test('knows its own claim of a slot again when the reply was lost', async () => {
    const id = newRollout();
    opened.fail('lost-reply', `PutItem message#${id}`);
    const slot = { name: 'card', channel: 'C1', claimedAt: noon };
    expect(await opened.store.slots.claim(id, slot, noon - minute)).toBe(true);
    expect(await opened.store.slots.claim(id, slot, noon - minute)).toBe(false);
  });

  test('keeps its leases and hints when the reply was lost', async () => {
    const id = newRollout();
    const { heads, leases } = opened.store;
    const loseNext = () => opened.fail('lost-reply', `UpdateItem head#${id}`);
    loseNext();
    await heads.wake(id, noon);
    // Woken twice is a spurious look, never a lost one.
    const { wakes = 0 } = (await heads.read(id)) ?? {};
    expect(wakes).toBe(2);
    loseNext();
    expect(await heads.lease(id, 'a', noon, noon + minute)).toBe(true);
    loseNext();
    expect(await heads.hint(id, { wakes, sequence: 1, dueAt: undefined })).toBe(true);
    opened.fail('lost-reply', 'PutItem lease#digest');
    expect(await leases.take('digest', 'a', noon, noon + minute)).toBe(true);
    opened.fail('lost-reply', 'DeleteItem lease#digest');
    await leases.release('digest', 'a');
    expect(await leases.take('digest', 'b', noon, noon + minute)).toBe(true);
  });

  test.each(['rate-limited', 'error-500', 'hang', 'lost-reply'] as const)(
    'gives up after three attempts that end in %s, with waits on our clock',
    async (kind) => {
      const id = newRollout();
      const before = opened.clock.slept.length;
      opened.fail(kind, `Query log#${id}`, 3);
      const load = opened.store.rollouts.load(id);
      await expect(load).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(load).rejects.toThrow(`commits of ${id}`);
      expect(opened.clock.slept.slice(before)).toEqual([25, 50]);
      expect(await opened.store.rollouts.load(id)).toEqual([]);
    },
  );

  test('says which call it repeats', async () => {
    const id = newRollout();
    opened.fail('rate-limited', `Query log#${id}`);
    await opened.store.rollouts.load(id);
    expect(opened.warnings.at(-1)).toMatchObject({
      what: `commits of ${id}`,
      cause: { name: 'ProvisionedThroughputExceededException' },
    });
  });

  test('is unavailable, not broken, when nobody listens', async () => {
    const client = createDynamoClient({
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const store = createStore({ ...testKind, client, table, clock: opened.clock });
    await expect(store.heads.open()).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('does not repeat what is refused for good, and says what it was doing', async () => {
    const id = newRollout();
    const store = createStore({
      ...testKind,
      client: opened.client,
      table: 'another',
      clock: opened.clock,
    });
    const load = store.rollouts.load(id);
    await expect(load).rejects.toThrow(/^DynamoDB refused commits of ro_\w+: ResourceNotFound/);
    await expect(load).rejects.not.toBeInstanceOf(StoreUnavailableError);
    expect(calls('Query', `log#${id}`)).toHaveLength(1);
  });
});
