import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Json } from '../../shared/canonical.ts';
import { storedText } from '../../shared/stored-json.ts';
import { day } from '../../shared/time.ts';
import type { Inbox, InboxEntry } from '../../workflow/ports/store.ts';
import { dueIndex } from './describe-table.ts';
import { expiresAt } from './expiry.ts';
import { refuseTooLarge } from './item-size.ts';
import { afterKind, dueInbox, inboxKey, instantOf, timedSk } from './keys.ts';
import { holds, putOnce, queryAll, type TableAccess } from './table-access.ts';

/** How long a delivery is remembered once it is done; Slack and GitHub repeat theirs within hours. */
const keptMs = 7 * day;

const PendingItem = z.object({ pk: z.string(), dueSk: z.string(), command: z.string() });

/** Commands that were received. Until it is done an entry has no end date: nothing that was taken is ever dropped. */
export function createInbox(access: TableAccess): Inbox {
  const { document, table, call } = access;
  return {
    take({ key, receivedAt, command }) {
      const what = `delivery ${key}`;
      const item = {
        ...inboxKey(key),
        command: storedText(command),
        duePk: dueInbox,
        dueSk: timedSk(receivedAt, key),
      };
      refuseTooLarge(what, item);
      return putOnce(access, { operation: 'inbox.take', what, indexWrites: 1 }, item);
    },

    async done(key, now) {
      const update = new UpdateCommand({
        TableName: table,
        Key: inboxKey(key),
        UpdateExpression: 'SET #expiresAt = :expiresAt REMOVE #duePk, #dueSk, #command',
        // Without it a key that was never taken would become an item, and its delivery be refused later.
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: {
          '#expiresAt': 'expiresAt',
          '#duePk': 'duePk',
          '#dueSk': 'dueSk',
          '#command': 'command',
        },
        ExpressionAttributeValues: { ':expiresAt': expiresAt(now, keptMs) },
        ReturnConsumedCapacity: 'INDEXES',
      });
      const doing = {
        operation: 'inbox.done',
        what: `delivery ${key}`,
        kind: 'writes',
        indexWrites: 1,
      } as const;
      await holds(() => call(doing, (options) => document.send(update, options)));
    },

    async pending() {
      const entries: InboxEntry[] = [];
      const doing = { operation: 'inbox.pending', what: 'pending deliveries' };
      const items = queryAll(access, doing, {
        IndexName: dueIndex,
        KeyConditionExpression: '#duePk = :inbox',
        ExpressionAttributeNames: { '#duePk': 'duePk' },
        ExpressionAttributeValues: { ':inbox': dueInbox },
      });
      for await (const item of items) {
        const { pk, dueSk, command } = PendingItem.parse(item);
        entries.push({
          key: afterKind(pk),
          receivedAt: instantOf(dueSk),
          command: JSON.parse(command) as Json,
        });
      }
      return entries;
    },
  };
}
