import { request as send } from 'node:http';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts';
import { describeTable } from '../../../src/adapters/dynamodb/describe-table.ts';
import { type DynamoStandIn, startDynamoStandIn } from '../../../src/sandbox/dynamodb/stand-in.ts';
import { type FaultKind, Faults } from '../../../src/sandbox/faults.ts';
import { steppingClock } from '../../fakes/stepping-clock.ts';

const TableName = 'amiable';
const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: '00000001' } });

describe('the stand-in for DynamoDB', () => {
  const faults = new Faults('dynamodb');
  let standIn: DynamoStandIn;
  let client: DynamoDBClient;
  beforeAll(async () => {
    standIn = await startDynamoStandIn({ clock: steppingClock(1_000), faults });
    client = createDynamoClient({
      region: 'us-east-1',
      endpoint: standIn.url,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await client.send(new CreateTableCommand(describeTable(TableName)));
  });
  afterAll(async () => {
    client.destroy();
    await standIn.close();
  });

  const put = (pk: string) => client.send(new PutItemCommand({ TableName, Item: keyOf(pk) }));
  const isThere = async (pk: string) =>
    (await client.send(new GetItemCommand({ TableName, Key: keyOf(pk) }))).Item !== undefined;
  const order = (kind: FaultKind, match: string) =>
    faults.order({ service: 'dynamodb', kind, match, times: 1 });

  test('does what was asked and cuts the connection when a reply is to be lost', async () => {
    order('lost-reply', 'PutItem lost/');
    await expect(put('lost')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isThere('lost')).toBe(true);
  });

  test.each([
    ['rate-limited', 'ProvisionedThroughputExceededException', 400],
    ['error-500', 'InternalServerError', 500],
  ] as const)('does nothing when it is to be %s', async (kind, name, httpStatusCode) => {
    order(kind, `PutItem ${kind}/`);
    await expect(put(kind)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(await isThere(kind)).toBe(false);
    await put(kind);
    expect(await isThere(kind)).toBe(true);
  });

  test('does nothing and says nothing when it is to hang', async () => {
    order('hang', 'PutItem hung/');
    const item = new PutItemCommand({ TableName, Item: keyOf('hung') });
    const hung = client.send(item, { abortSignal: AbortSignal.timeout(100) });
    await expect(hung).rejects.toMatchObject({ name: 'AbortError' });
    expect(await isThere('hung')).toBe(false);
  });

  test('lets commits be added, and nothing else be done to them', async () => {
    await put('log#ro_1');
    const Key = keyOf('log#ro_1');
    const denied = [
      client.send(new DeleteItemCommand({ TableName, Key })),
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          UpdateExpression: 'SET x = :x',
          ExpressionAttributeValues: { ':x': { N: '1' } },
        }),
      ),
      client.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [TableName]: [{ PutRequest: { Item: keyOf('free') } }, { DeleteRequest: { Key } }],
          },
        }),
      ),
      client.send(
        new BatchWriteItemCommand({
          RequestItems: { [TableName]: [{ PutRequest: { Item: keyOf('log#ro_2') } }] },
        }),
      ),
    ];
    for (const one of denied) {
      await expect(one).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('explicit deny'),
      });
    }
    expect(await isThere('log#ro_1')).toBe(true);
    expect(await isThere('free')).toBe(false);
    await client.send(new DeleteItemCommand({ TableName, Key: keyOf('lost') }));
  });

  test.each([
    { who: 'a page of another origin', headers: { origin: 'https://example.com' } },
    { who: 'a name that was pointed here', headers: { host: 'example.com' } },
  ])('does not serve $who', async ({ headers }) => {
    const { port } = new URL(standIn.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = send({ host: '127.0.0.1', port, method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end('{}');
    });
    expect(status).toBe(403);
  });

  test('tells what it was asked, and what it did wrong on purpose', async () => {
    order('error-500', 'PutItem told/');
    await expect(put('told')).rejects.toThrow();
    expect(standIn.requests().at(-1)).toEqual({
      operation: 'PutItem',
      keys: ['told/00000001'],
      at: 1_000,
      fault: 'error-500',
    });
  });
});
