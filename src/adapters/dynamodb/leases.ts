import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Leases } from '../../workflow/ports/store.ts';
import { leaseKey } from './keys.ts';
import { holds, type TableAccess } from './table-access.ts';

const names = { '#owner': 'owner', '#until': 'until' };

export function createLeases({ document, table, call }: TableAccess): Leases {
  return {
    take(name, owner, now, until) {
      const put = new PutCommand({
        TableName: table,
        Item: { ...leaseKey(name), owner, until },
        ConditionExpression: 'attribute_not_exists(pk) OR #owner = :owner OR #until <= :now',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':owner': owner, ':now': now },
        ReturnConsumedCapacity: 'INDEXES',
      });
      return holds(() =>
        call({ operation: 'leases.take', what: `lease ${name}`, kind: 'writes' }, (options) =>
          document.send(put, options),
        ),
      );
    },
    async release(name, owner) {
      const remove = new DeleteCommand({
        TableName: table,
        Key: leaseKey(name),
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
        ReturnConsumedCapacity: 'INDEXES',
      });
      // Not ours any more: then there is nothing to release.
      await holds(() =>
        call({ operation: 'leases.release', what: `lease ${name}`, kind: 'writes' }, (options) =>
          document.send(remove, options),
        ),
      );
    },
  };
}
