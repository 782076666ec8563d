import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHeads } from '../../../src/adapters/dynamodb/heads.ts';
import { openTestStore, table } from './open-test-store.ts';
import { newRollout, noon } from './test-events.ts';

let opened: Awaited<ReturnType<typeof openTestStore>>;
/** What an index answers between the delete and the put that move an entry in it. */
let moving = false;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

function headsOfMovingIndex() {
  const document = DynamoDBDocumentClient.from(opened.client);
  const send = document.send.bind(document) as (command: unknown, options: unknown) => unknown;
  Object.assign(document, {
    send: async (command: unknown, options: unknown) =>
      moving && command instanceof QueryCommand ? { Items: [] } : send(command, options),
  });
  return createHeads({
    document,
    table,
    call: (_, act) => act({ requestTimeout: 1_000 }),
    newWriteId: () => 'write',
  });
}

test('a rollout is listed as open also while its entry moves within the index', async () => {
  const heads = headsOfMovingIndex();
  const id = newRollout();
  await heads.wake(id, noon);
  expect(await heads.open()).toMatchObject([{ rollout: id, dueAt: noon }]);
  moving = true;
  await heads.wake(id, noon + 1);
  expect(await heads.open()).toMatchObject([{ rollout: id, wakes: 2, dueAt: noon + 1 }]);
  moving = false;
  expect(await heads.open()).toHaveLength(1);
});

test('and one that is closed is not, nor asked about again and again', async () => {
  const heads = headsOfMovingIndex();
  const id = newRollout();
  await heads.wake(id, noon);
  await heads.hint(id, { wakes: 1, sequence: 1, dueAt: undefined });
  const listed = async () => (await heads.open()).filter(({ rollout }) => rollout === id);
  expect(await listed()).toEqual([]);
  const reads = () =>
    opened.standIn
      .requests()
      .filter(
        ({ operation, keys }) =>
          operation === 'GetItem' && keys.some((key) => key.startsWith(`head#${id}`)),
      );
  const before = reads().length;
  expect(before).toBeGreaterThan(0);
  expect(await listed()).toEqual([]);
  expect(reads()).toHaveLength(before);
});
