import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type Clock, minute, second } from '../../shared/time.ts';
import { describeTable, ttlAttribute } from './describe-table.ts';

/** `unsupported`: the endpoint has no such call, as an emulator. */
export type Setting = 'on' | 'unsupported';

export type CreatedTable = {
  /** False: it was there, with the same keys and indexes. */
  readonly created: boolean;
  readonly timeToLive: Setting;
  readonly pointInTimeRecovery: Setting;
};

/**
 * Creates the table if absent, waits until it is active, and turns on TTL and point-in-time recovery. Running it again
 * changes nothing.
 * @throws Error when a table of that name has other keys or indexes, or does not become active within ten minutes.
 */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  clock: Clock,
): Promise<CreatedTable> {
  const created = await createdAnew(client, name);
  const table = await untilActive(client, name, clock);
  refuseOther(table, name);
  return {
    created,
    timeToLive: await ifSupported(() => turnOnTimeToLive(client, name)),
    pointInTimeRecovery: await ifSupported(async () => {
      await client.send(
        new UpdateContinuousBackupsCommand({
          TableName: name,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      );
    }),
  };
}

async function createdAnew(client: DynamoDBClient, name: string): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(describeTable(name)));
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
}

async function untilActive(
  client: DynamoDBClient,
  name: string,
  clock: Clock,
): Promise<TableDescription> {
  const end = clock.now() + 10 * minute;
  // The emulator is ready within a millisecond, AWS takes ten seconds or so.
  for (let waitMs = 20; ; waitMs = Math.min(2 * second, waitMs * 2)) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    const indexes = Table?.GlobalSecondaryIndexes ?? [];
    const active = [Table?.TableStatus, ...indexes.map(({ IndexStatus }) => IndexStatus)];
    if (Table !== undefined && active.every((status) => status === 'ACTIVE')) return Table;
    if (clock.now() >= end) throw new Error(`Table ${name} is ${active.join(', ')}, not active`);
    await clock.sleep(waitMs);
  }
}

function refuseOther(table: TableDescription, name: string): void {
  const wanted = describeTable(name);
  const is = shapeOf(table);
  const should = shapeOf(wanted);
  if (is !== should) throw new Error(`Table ${name} is another one: ${is} instead of ${should}`);
}

/** Keys and indexes as one line of text, the indexes in the order of their names. */
function shapeOf({ KeySchema, GlobalSecondaryIndexes = [] }: TableDescription): string {
  const keys = (schema: TableDescription['KeySchema']) =>
    (schema ?? []).map(({ AttributeName }) => AttributeName).join('/');
  const indexes = GlobalSecondaryIndexes.map((index) => {
    const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
    const carried = [ProjectionType, ...[...NonKeyAttributes].sort()].join(' ');
    return `${index.IndexName} ${keys(index.KeySchema)} (${carried})`;
  });
  return [keys(KeySchema), ...indexes.sort()].join(', ');
}

async function turnOnTimeToLive(client: DynamoDBClient, name: string): Promise<void> {
  const describe = new DescribeTimeToLiveCommand({ TableName: name });
  const { TimeToLiveDescription } = await client.send(describe);
  const status = TimeToLiveDescription?.TimeToLiveStatus;
  // Turning it on twice is an error.
  if (status === 'ENABLED' || status === 'ENABLING') return;
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true },
    }),
  );
}

async function ifSupported(turnOn: () => Promise<void>): Promise<Setting> {
  try {
    await turnOn();
    return 'on';
  } catch (error) {
    if (error instanceof Error && error.name === 'UnknownOperationException') return 'unsupported';
    throw error;
  }
}
