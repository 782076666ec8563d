import { randomBytes } from 'node:crypto';
import { systemClock } from '../../shared/clock.ts';
import type { Clock } from '../../shared/time.ts';
import { createDynamoClient } from './client.ts';
import { createTable } from './create-table.ts';
import { startEmulator, type Verdict } from './emulator.ts';

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

export type Embedded = {
  readonly endpoint: string;
  readonly region: string;
  readonly table: string;
  /** Made anew at each start; other processes of this machine that do not know them are refused. */
  readonly credentials: Credentials;
  close(): Promise<void>;
};

/**
 * The record store without an account: the emulator in this process, on local disk, for one service and no more. It
 * keeps no backups, deletes nothing by TTL, and is lost with its disk.
 * @param options.path folder of the data; absent: in memory, gone when it is closed.
 * @throws Error when another process uses the same folder.
 */
export async function openEmbedded({
  path,
  table = 'amiable',
  clock = systemClock,
}: {
  readonly path?: string | undefined;
  readonly table?: string;
  readonly clock?: Clock;
} = {}): Promise<Embedded> {
  const credentials = {
    accessKeyId: `EMBEDDED${randomBytes(12).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  };
  const { url: endpoint, close } = await startEmulator({
    path,
    judge: ({ headers }) =>
      headers.authorization?.includes(`Credential=${credentials.accessKeyId}/`) === true
        ? { do: 'serve' }
        : unknownClient,
  });
  const region = 'us-east-1';
  const client = createDynamoClient({ region, endpoint, credentials });
  try {
    await createTable(client, table, clock);
  } catch (error) {
    await close();
    throw error;
  } finally {
    client.destroy();
  }
  return { endpoint, region, table, credentials, close };
}

const unknownClient: Verdict = {
  do: 'answer',
  status: 400,
  body: {
    __type: 'com.amazon.coral.service#UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  },
};
