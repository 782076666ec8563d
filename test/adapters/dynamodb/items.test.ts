import { randomBytes } from 'node:crypto';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/adapters/dynamodb/changes.ts';
import { itemSize, maxItemBytes } from '../../../src/adapters/dynamodb/item-size.ts';
import { verifyChain } from '../../../src/shared/chain.ts';
import { Digest } from '../../../src/shared/ids.ts';
import { day, second } from '../../../src/shared/time.ts';
import { openTestStore, table } from './open-test-store.ts';
import { newRollout, noon } from './test-events.ts';

const amiable = { kind: 'amiable' } as const;

describe('the items of the table', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let document: DynamoDBDocumentClient;
  beforeAll(async () => {
    opened = await openTestStore();
    document = DynamoDBDocumentClient.from(opened.client);
  });
  afterAll(() => opened.close());

  const itemAt = async (pk: string, sk: string) =>
    (await document.send(new GetCommand({ TableName: table, Key: { pk, sk } }))).Item;

  test('give only decisions a place in the index of decisions', async () => {
    const id = newRollout();
    const first = await opened.store.rollouts.append(id, undefined, {
      events: [{ type: 'Approved', by: 'U0ANN' }],
      actor: amiable,
      at: noon,
    });
    await opened.store.rollouts.append(id, first, {
      events: [{ type: 'Seen', note: 'x' }],
      actor: amiable,
      at: noon,
    });
    expect(await itemAt(`log#${id}`, '00000001')).toMatchObject({
      decisionsPk: '2026-11',
      decisionsSk: `2026-11-20T12:00:00.000Z#${id}#00000001`,
    });
    expect(await itemAt(`log#${id}`, '00000002')).not.toHaveProperty('decisionsPk');
  });

  test('of a delivery have an end only once it is done', async () => {
    await opened.store.inbox.take({ key: 'ttl', receivedAt: noon, command: { a: 1 } });
    expect(await itemAt('inbox#ttl', 'inbox')).not.toHaveProperty('expiresAt');
    await opened.store.inbox.done('ttl', noon + 1);
    const done = await itemAt('inbox#ttl', 'inbox');
    expect(done).toMatchObject({ expiresAt: (noon + second + 7 * day) / second });
    expect(Object.keys(done ?? {}).sort()).toEqual(['expiresAt', 'pk', 'sk', 'writeId']);
  });

  test('split a large change, and put it together again', async () => {
    const manifest = { noise: randomBytes(700_000).toString('base64') };
    const digest = Digest.parse(digestOf(manifest));
    await opened.store.changes.put(digest, manifest);
    const parts = opened.standIn
      .requests()
      .flatMap(({ keys }) => keys)
      .filter((key) => key.startsWith(`change#${digest}/`));
    expect(parts).toEqual(['0000', '0001'].map((n) => `change#${digest}/part#${n}`));
    expect(await opened.store.changes.get(digest)).toEqual(manifest);
  });

  test('of a change of which one part is not written yet are no change', async () => {
    const manifest = { noise: randomBytes(700_000).toString('base64') };
    const digest = Digest.parse(digestOf(manifest));
    opened.fail('rate-limited', `change#${digest}/part#0001`, 3);
    await expect(opened.store.changes.put(digest, manifest)).rejects.toThrow(/part 2 of 2/);
    expect(await opened.store.changes.get(digest)).toBeUndefined();
    await opened.store.changes.put(digest, manifest);
    expect(await opened.store.changes.get(digest)).toEqual(manifest);
  });

  test.each([
    {
      what: 'another manifest',
      bytes: async () => {
        const other = { v: 2 };
        const digest = Digest.parse(digestOf(other));
        await opened.store.changes.put(digest, other);
        return (await itemAt(`change#${digest}`, 'part#0000'))?.['bytes'];
      },
      says: /The manifest stored as change [0-9a-f]{64} is [0-9a-f]{64}/,
    },
    {
      what: 'noise',
      bytes: async () => Buffer.from('not brotli'),
      says: /cannot be unpacked/,
    },
  ])('of a change that now hold $what are refused', async ({ bytes, says }) => {
    const manifest = { v: 1, says: String(says) };
    const digest = Digest.parse(digestOf(manifest));
    await opened.store.changes.put(digest, manifest);
    const item = { pk: `change#${digest}`, sk: 'part#0000', parts: 1, bytes: await bytes() };
    await document.send(new PutCommand({ TableName: table, Item: item }));
    await expect(opened.store.changes.get(digest)).rejects.toThrow(says);
  });

  test('that were overwritten break the chain of their stream', async () => {
    const id = newRollout();
    const first = await opened.store.rollouts.append(id, undefined, {
      events: [{ type: 'Approved', by: 'U0ANN' }],
      actor: amiable,
      at: noon,
    });
    await opened.store.rollouts.append(id, first, {
      events: [{ type: 'Seen', note: 'x' }],
      actor: amiable,
      at: noon,
    });
    const item = { ...(await itemAt(`log#${id}`, '00000001')), at: noon - day };
    // No right can be taken away that would forbid this and allow an append.
    await document.send(new PutCommand({ TableName: table, Item: item }));
    const stored = [];
    for await (const commit of opened.store.stored(id)) stored.push(commit);
    expect(verifyChain(stored)).toEqual({ sequence: 2, because: 'altered' });
  });

  test('of a stream with a hole are not read as a record', async () => {
    const id = newRollout();
    const item = { pk: `log#${id}`, sk: '00000002', events: [], actor: amiable, at: noon };
    await document.send(
      new PutCommand({ TableName: table, Item: { ...item, previous: '0'.repeat(64) } }),
    );
    await expect(opened.store.rollouts.load(id)).rejects.toThrow(`Commit 1 of ${id} is missing`);
  });

  test('that hold an event from a later version are named', async () => {
    const id = newRollout();
    await document.send(
      new PutCommand({
        TableName: table,
        Item: {
          pk: `log#${id}`,
          sk: '00000001',
          events: [{ type: 'Later' }],
          actor: amiable,
          at: noon,
          previous: '0'.repeat(64),
        },
      }),
    );
    const load = opened.store.rollouts.load(id);
    await expect(load).rejects.toThrow(`Commit 1 of ${id} holds an event that cannot be read`);
  });

  test('are read in batches also when the table leaves some keys for later', async () => {
    const keys = Array.from({ length: 60 }, (_, n) => `large/${n}`);
    for (const key of keys) await opened.store.memory.put(key, 'x'.repeat(100_000));
    const before = opened.standIn.requests().length;
    expect((await opened.store.memory.get(keys)).size).toBe(60);
    // Six megabytes: the emulator gives about 1.4 a reply.
    expect(opened.standIn.requests().length - before).toBeGreaterThan(3);
  });

  test('are counted to the byte where the table draws its line', async () => {
    const item = { pk: 'size', sk: 'x', list: [1, true, null, 'e', { a: 12.5 }], text: '' };
    const room = maxItemBytes - itemSize(item);
    const put = (text: string) =>
      document.send(new PutCommand({ TableName: table, Item: { ...item, text } }));
    await put('x'.repeat(room));
    await expect(put('x'.repeat(room + 1))).rejects.toThrow(/Item size/);
    // The emulator counts characters; DynamoDB counts UTF-8, and so do we before anything is sent.
    expect(itemSize({ é: '日本' })).toBe(2 + 6);
  });
});
