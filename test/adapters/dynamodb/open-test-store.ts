import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts';
import { createStore } from '../../../src/adapters/dynamodb/create-store.ts';
import { createTable } from '../../../src/adapters/dynamodb/create-table.ts';
import { startDynamoStandIn } from '../../../src/sandbox/dynamodb/stand-in.ts';
import { type FaultKind, Faults } from '../../../src/sandbox/faults.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { steppingClock } from '../../fakes/stepping-clock.ts';
import { noon, testKind } from './test-events.ts';

export const table = 'records';

/** A store on the stand-in, with the raw client for a look underneath and a way to order faults. */
export async function openTestStore({ callMs = 2_000 } = {}) {
  const clock = steppingClock(noon);
  const faults = new Faults('dynamodb');
  const standIn = await startDynamoStandIn({ clock, faults });
  const client = createDynamoClient({
    region: 'eu-west-1',
    endpoint: standIn.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await createTable(client, table, systemClock);
  const warnings: object[] = [];
  const store = createStore({
    ...testKind,
    client,
    table,
    clock,
    callMs,
    emulated: true,
    random: () => 0,
    log: { warn: (fields) => warnings.push(fields) },
  });
  return {
    store,
    client,
    clock,
    standIn,
    warnings,
    fail(kind: FaultKind, match: string, times = 1) {
      faults.order({ service: 'dynamodb', kind, match, times });
    },
    async close() {
      client.destroy();
      await standIn.close();
    },
  };
}
