import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Slot, Slots } from '../../workflow/ports/store.ts';
import { messagePk } from './keys.ts';
import { holds, queryAll, type RawItem, type TableAccess } from './table-access.ts';

const SlotItem = z.object({
  sk: z.string(),
  channel: z.string(),
  ts: z.string().optional(),
  claimedAt: z.number(),
  rendered: z.string().optional(),
});

function slotOf(item: RawItem): Slot {
  const { sk, channel, ts, claimedAt, rendered } = SlotItem.parse(item);
  return {
    name: sk,
    channel,
    claimedAt,
    ...(ts === undefined ? {} : { ts }),
    ...(rendered === undefined ? {} : { rendered }),
  };
}

export function createSlots(access: TableAccess): Slots {
  const { document, table, call, newWriteId } = access;
  return {
    async list(rollout) {
      const slots: Slot[] = [];
      const doing = { operation: 'slots.list', what: `messages of ${rollout}` };
      const items = queryAll(access, doing, {
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: { ':pk': messagePk(rollout) },
        ConsistentRead: true,
      });
      for await (const item of items) slots.push(slotOf(item));
      return slots;
    },

    claim(rollout, { name, ...slot }, staleBefore) {
      // A claim whose reply was lost finds itself by its own id when it is sent again.
      const writeId = newWriteId();
      const put = new PutCommand({
        TableName: table,
        Item: { pk: messagePk(rollout), sk: name, ...slot, writeId },
        ConditionExpression:
          'attribute_not_exists(pk) OR #writeId = :writeId OR (attribute_not_exists(#ts) AND #claimedAt < :stale)',
        ExpressionAttributeNames: { '#writeId': 'writeId', '#ts': 'ts', '#claimedAt': 'claimedAt' },
        ExpressionAttributeValues: { ':writeId': writeId, ':stale': staleBefore },
        ReturnConsumedCapacity: 'INDEXES',
      });
      const what = `message ${name} of ${rollout}`;
      return holds(() =>
        call({ operation: 'slots.claim', what, kind: 'writes' }, (options) =>
          document.send(put, options),
        ),
      );
    },

    async posted(rollout, name, ts, rendered) {
      const update = new UpdateCommand({
        TableName: table,
        Key: { pk: messagePk(rollout), sk: name },
        // An old hash beside a newer message could let an edit be skipped: without a new one, there is none.
        UpdateExpression:
          rendered === undefined
            ? 'SET #ts = :ts REMOVE #rendered'
            : 'SET #ts = :ts, #rendered = :rendered',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#ts': 'ts', '#rendered': 'rendered' },
        ExpressionAttributeValues: {
          ':ts': ts,
          ...(rendered === undefined ? {} : { ':rendered': rendered }),
        },
        ReturnConsumedCapacity: 'INDEXES',
      });
      const what = `message ${name} of ${rollout}`;
      const known = await holds(() =>
        call({ operation: 'slots.posted', what, kind: 'writes' }, (options) =>
          document.send(update, options),
        ),
      );
      if (!known) throw new Error(`The ${what} was posted, but its slot was never claimed`);
    },

    async forget(rollout, name) {
      const remove = new DeleteCommand({
        TableName: table,
        Key: { pk: messagePk(rollout), sk: name },
        ReturnConsumedCapacity: 'INDEXES',
      });
      const what = `message ${name} of ${rollout}`;
      await call({ operation: 'slots.forget', what, kind: 'writes' }, (options) =>
        document.send(remove, options),
      );
    },
  };
}
