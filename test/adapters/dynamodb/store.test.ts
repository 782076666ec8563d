import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts';
import { createStore } from '../../../src/adapters/dynamodb/create-store.ts';
import { openEmbedded } from '../../../src/adapters/dynamodb/embedded.ts';
import { createMemoryStore } from '../../fakes/memory-store.ts';
import { steppingClock } from '../../fakes/stepping-clock.ts';
import { storeContract } from './store-contract.ts';
import { noon, testKind } from './test-events.ts';

storeContract('in memory', async () => {
  const clock = steppingClock(noon);
  return {
    store: createMemoryStore({ ...testKind, clock }),
    advance: clock.advance,
    close: async () => {},
  };
});

storeContract('on DynamoDB', async () => {
  const clock = steppingClock(noon);
  const { endpoint, region, table, credentials, close } = await openEmbedded();
  const client = createDynamoClient({ region, endpoint, credentials });
  return {
    store: createStore({ ...testKind, client, table, clock }),
    advance: clock.advance,
    async close() {
      client.destroy();
      await close();
    },
  };
});
