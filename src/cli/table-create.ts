import { createDynamoClient } from '../adapters/dynamodb/client.ts';
import { createTable } from '../adapters/dynamodb/create-table.ts';
import { awsCredentials } from '../compose/aws-connection.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../shared/clock.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/** Makes the table the configuration names; running it again changes nothing. */
export async function tableCreate({ store, aws }: Config, { out }: Output): Promise<void> {
  if (store.kind !== 'dynamodb') throw new CommandError('The embedded store needs no table.', 2);
  const client = createDynamoClient({
    region: store.region,
    endpoint: store.endpoint,
    credentials: awsCredentials(aws),
  });
  const { created, timeToLive, pointInTimeRecovery } = await createTable(
    client,
    store.table,
    systemClock,
  );
  client.destroy();
  out(
    `${store.table} ${created ? 'was created' : 'was there already'}; expiry ${timeToLive}, point-in-time recovery ${pointInTimeRecovery}.`,
  );
}
