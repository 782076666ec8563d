import { createDynamoClient } from '../adapters/dynamodb/client.ts';
import { createStore } from '../adapters/dynamodb/create-store.ts';
import type { Config } from '../config/config.ts';
import { RolloutEvent } from '../rollout/events.ts';
import { isDecision } from '../rollout/is-decision.ts';
import type { Clock } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';
import { awsCredentials } from './aws-connection.ts';

/** The records, on the table the configuration names or on local disk. */
export async function composeStore(
  { store, aws }: Pick<Config, 'store' | 'aws'>,
  {
    clock,
    log,
    emulated = false,
  }: {
    readonly clock: Clock;
    readonly log: Log;
    /** The table is the emulator, which does not report the units of indexes. */
    readonly emulated?: boolean;
  },
) {
  const kind = { parseEvent: (json: unknown) => RolloutEvent.parse(json), isDecision };
  if (store.kind === 'embedded') {
    const { openEmbedded } = await import('../adapters/dynamodb/embedded.ts');
    const embedded = await openEmbedded({ path: store.folder, clock });
    const client = createDynamoClient(embedded);
    return {
      store: createStore({ client, table: embedded.table, clock, emulated: true, log, ...kind }),
      async close() {
        client.destroy();
        await embedded.close();
      },
    };
  }
  const client = createDynamoClient({
    region: store.region,
    endpoint: store.endpoint,
    credentials: awsCredentials(aws),
  });
  return {
    store: createStore({ client, table: store.table, clock, emulated, log, ...kind }),
    async close() {
      client.destroy();
    },
  };
}
