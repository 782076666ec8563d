import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts';
import { createTable } from '../../../src/adapters/dynamodb/create-table.ts';
import { describeTable } from '../../../src/adapters/dynamodb/describe-table.ts';
import { startDynamoStandIn } from '../../../src/sandbox/dynamodb/stand-in.ts';
import { Faults } from '../../../src/sandbox/faults.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { steppingClock } from '../../fakes/stepping-clock.ts';
import { noon } from './test-events.ts';

const clientOf = (endpoint: string) =>
  createDynamoClient({
    region: 'eu-west-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

describe('creating the table', () => {
  let client: DynamoDBClient;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const standIn = await startDynamoStandIn({
      clock: systemClock,
      faults: new Faults('dynamodb'),
    });
    client = clientOf(standIn.url);
    close = standIn.close;
  });
  afterAll(async () => {
    client.destroy();
    await close();
  });

  test('does it once, and says what the endpoint cannot do', async () => {
    const settings = { timeToLive: 'unsupported', pointInTimeRecovery: 'unsupported' };
    expect(await createTable(client, 'records', systemClock)).toEqual({
      created: true,
      ...settings,
    });
    expect(await createTable(client, 'records', systemClock)).toEqual({
      created: false,
      ...settings,
    });
  });

  test('refuses a table of that name that has other indexes', async () => {
    const { GlobalSecondaryIndexes, ...other } = describeTable('another');
    const [due] = GlobalSecondaryIndexes;
    if (due === undefined) throw new Error('no index');
    await client.send(
      new CreateTableCommand({
        ...other,
        AttributeDefinitions: other.AttributeDefinitions.slice(0, 4),
        GlobalSecondaryIndexes: [due],
      }),
    );
    await expect(createTable(client, 'another', systemClock)).rejects.toThrow(
      /Table another is another one: pk\/sk, due duePk\/dueSk .* instead of .*decisions/,
    );
  });
});

describe('creating the table in AWS', () => {
  /** Answers as AWS does: a table is in the making for `describes` looks, and TTL can be turned on once only. */
  async function startAws(describes: number) {
    const asked: string[] = [];
    let looks = 0;
    let timeToLive = 'DISABLED';
    const reply = (operation: string): object => {
      switch (operation) {
        case 'DescribeTable': {
          looks += 1;
          const { TableName, KeySchema, GlobalSecondaryIndexes } = describeTable('records');
          const indexes = GlobalSecondaryIndexes.map((index) => ({
            ...index,
            IndexStatus: looks > describes ? 'ACTIVE' : 'CREATING',
          }));
          const table = { TableName, KeySchema, TableStatus: 'ACTIVE' };
          return { Table: { ...table, GlobalSecondaryIndexes: indexes } };
        }
        case 'DescribeTimeToLive':
          return { TimeToLiveDescription: { TimeToLiveStatus: timeToLive } };
        case 'UpdateTimeToLive':
          timeToLive = 'ENABLING';
          return {};
        default:
          return {};
      }
    };
    const server = createServer((request, response) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      asked.push(operation);
      request.resume();
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(reply(operation)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = clientOf(`http://127.0.0.1:${port}`);
    return {
      client,
      asked,
      close() {
        client.destroy();
        server.close();
        server.closeAllConnections();
      },
    };
  }

  test('waits on our clock until the table and its indexes are active, then turns on both settings', async () => {
    const aws = await startAws(12);
    const clock = steppingClock(noon);
    const settings = { timeToLive: 'on', pointInTimeRecovery: 'on' };
    expect(await createTable(aws.client, 'records', clock)).toMatchObject(settings);
    expect(clock.slept).toHaveLength(12);
    expect(clock.slept.at(-1)).toBe(2_000);
    expect(await createTable(aws.client, 'records', clock)).toMatchObject(settings);
    const count = (operation: string) => aws.asked.filter((one) => one === operation).length;
    expect(count('UpdateTimeToLive')).toBe(1);
    expect(count('UpdateContinuousBackups')).toBe(2);
    aws.close();
  });

  test('gives up on a table that does not become active', async () => {
    const aws = await startAws(Number.POSITIVE_INFINITY);
    const created = createTable(aws.client, 'records', steppingClock(noon));
    await expect(created).rejects.toThrow(
      'Table records is ACTIVE, CREATING, CREATING, not active',
    );
    aws.close();
  });
});
