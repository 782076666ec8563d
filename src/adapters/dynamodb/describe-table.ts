import type { CreateTableCommandInput, GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';

/** The attribute that DynamoDB's TTL reads, in seconds since 1970. Deletion comes up to two days later. */
export const ttlAttribute = 'expiresAt';

export const dueIndex = 'due';
export const decisionsIndex = 'decisions';

/** The one table, as `amiable table create` makes it and as the infrastructure templates must spell it. */
export function describeTable(name: string) {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    // The audit trail lives here.
    DeletionProtectionEnabled: true,
    AttributeDefinitions: ['pk', 'sk', 'duePk', 'dueSk', 'decisionsPk', 'decisionsSk'].map(
      (attribute) => ({ AttributeName: attribute, AttributeType: 'S' as const }),
    ),
    KeySchema: keySchema('pk', 'sk'),
    GlobalSecondaryIndexes: [
      // Carries what polling needs, so that no item is read after it: heads use the first three, the inbox the fourth.
      index(dueIndex, ['sequence', 'wakes', 'lease', 'command']),
      index(decisionsIndex),
    ],
  } satisfies CreateTableCommandInput;
}

function index(name: string, attributes?: string[]): GlobalSecondaryIndex {
  return {
    IndexName: name,
    KeySchema: keySchema(`${name}Pk`, `${name}Sk`),
    Projection:
      attributes === undefined
        ? { ProjectionType: 'ALL' }
        : { ProjectionType: 'INCLUDE', NonKeyAttributes: attributes },
  };
}

function keySchema(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}
