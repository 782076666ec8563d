import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Call, Doing } from './call.ts';
import type { Key } from './keys.ts';

/** The table as the parts of the store use it. */
export type TableAccess = {
  readonly document: DynamoDBDocumentClient;
  readonly table: string;
  readonly call: Call;
  /** A value that no other write has, so that a write can recognise itself. */
  readonly newWriteId: () => string;
};

/** An item as it was read; parsed before it is trusted. */
export type RawItem = Readonly<Record<string, unknown>>;

/** Every item of a query, page after page. */
export async function* queryAll(
  { document, table, call }: TableAccess,
  doing: Omit<Doing, 'kind'>,
  query: Omit<QueryCommandInput, 'TableName' | 'ReturnConsumedCapacity' | 'ExclusiveStartKey'>,
): AsyncGenerator<RawItem> {
  let from: RawItem | undefined;
  do {
    const page = new QueryCommand({
      ...query,
      TableName: table,
      ReturnConsumedCapacity: 'INDEXES',
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const { Items = [], LastEvaluatedKey } = await call({ ...doing, kind: 'reads' }, (options) =>
      document.send(page, options),
    );
    yield* Items;
    from = LastEvaluatedKey;
  } while (from !== undefined);
}

/** One item, read consistently. */
export async function readItem(
  { document, table, call }: TableAccess,
  doing: Omit<Doing, 'kind'>,
  key: Key,
): Promise<RawItem | undefined> {
  const get = new GetCommand({
    TableName: table,
    Key: key,
    ConsistentRead: true,
    ReturnConsumedCapacity: 'INDEXES',
  });
  const { Item } = await call({ ...doing, kind: 'reads' }, (options) =>
    document.send(get, options),
  );
  return Item;
}

/** Makes a conditional write. @returns false when its condition did not hold. */
export async function holds(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * Puts an item where there is none, once.
 * The reply to the first attempt may be lost although the item was stored; the next attempt then finds the place taken.
 * So each put carries a `writeId` of its own, and finding it there again is success. Content would not do for this:
 * two replicas may write the very same decision, and only one of them may win.
 * @returns false when somebody else's item is there.
 */
export async function putOnce(
  access: TableAccess,
  doing: Omit<Doing, 'kind'>,
  item: Key & RawItem,
): Promise<boolean> {
  const { document, table, call } = access;
  const writeId = access.newWriteId();
  const put = new PutCommand({
    TableName: table,
    Item: { ...item, writeId },
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnConsumedCapacity: 'INDEXES',
  });
  let attempts = 0;
  const stored = await holds(() =>
    call({ ...doing, kind: 'writes' }, (options) => {
      attempts += 1;
      return document.send(put, options);
    }),
  );
  if (stored || attempts === 1) return stored;
  const there = await readItem(access, doing, { pk: item.pk, sk: item.sk });
  return there?.['writeId'] === writeId;
}
