import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queryObjects } from 'node:v8';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts';
import { createStore } from '../../../src/adapters/dynamodb/create-store.ts';
import { type Embedded, openEmbedded } from '../../../src/adapters/dynamodb/embedded.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { newRollout, noon, testKind } from './test-events.ts';

const amiable = { kind: 'amiable' } as const;

/** Opens the same folder in a process of its own, and prints how that went. */
const openElsewhere = `
const { openEmbedded } = await import(process.argv[1]);
try {
  const embedded = await openEmbedded({ path: process.argv[2] });
  process.stdout.write('opened');
  await embedded.close();
} catch (error) {
  process.stdout.write(error.message);
}`;

/** What dynalite reads a query with. */
const { AbstractValueIterator: Iterator } = createRequire(
  createRequire(createRequire(import.meta.url).resolve('dynalite')).resolve('level'),
)('abstract-level') as { readonly AbstractValueIterator: new () => object };

function storeOn({ endpoint, region, table, credentials }: Embedded) {
  const client = createDynamoClient({ region, endpoint, credentials });
  const store = createStore({ ...testKind, client, table, clock: systemClock, emulated: true });
  return { store, client };
}

describe('the embedded store', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amiable-embedded-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('keeps nothing open of what it has read', async () => {
    const embedded = await openEmbedded({ path: join(folder, 'read') });
    const { store, client } = storeOn(embedded);
    const open = () => Number(queryObjects(Iterator));
    const before = open();
    for (let n = 0; n < 20; n += 1) await store.rollouts.load(newRollout());
    expect(open()).toBeLessThan(before + 5);
    client.destroy();
    await embedded.close();
  });

  test('has what was written after it was closed and opened again', async () => {
    const path = join(folder, 'again', 'deeper');
    const id = newRollout();
    const before = await openEmbedded({ path });
    const first = storeOn(before);
    const event = { type: 'Approved', by: 'U0ANN' } as const;
    await first.store.rollouts.append(id, undefined, { events: [event], actor: amiable, at: noon });
    await first.store.heads.wake(id, noon);
    first.client.destroy();
    await before.close();

    const after = await openEmbedded({ path });
    const second = storeOn(after);
    const [commit] = await second.store.rollouts.load(id);
    expect(commit?.events).toEqual([event]);
    expect((await second.store.heads.open()).map(({ rollout }) => rollout)).toEqual([id]);
    expect(
      await second.store.rollouts.append(id, undefined, {
        events: [event],
        actor: amiable,
        at: noon,
      }),
    ).toBeUndefined();
    second.client.destroy();
    await after.close();
  });

  test('refuses a second process on the same folder, naming it and its lock', async () => {
    const path = join(folder, 'locked');
    const module = new URL('../../../src/adapters/dynamodb/embedded.ts', import.meta.url).href;
    const elsewhere = async () => {
      const args = [
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        openElsewhere,
        module,
        path,
      ];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      await once(child, 'close');
      return said;
    };
    const embedded = await openEmbedded({ path });
    expect(await elsewhere()).toBe(
      `The record store in ${path} is in use by another process: it holds ${path}/LOCK`,
    );
    await embedded.close();
    expect(await elsewhere()).toBe('opened');
  });

  test('says when its folder cannot be one', async () => {
    const path = join(folder, 'a-file');
    await writeFile(path, '');
    await expect(openEmbedded({ path })).rejects.toThrow(/a-file/);
  });

  test('serves only clients that have the credentials it gave out', async () => {
    const embedded = await openEmbedded();
    const other = storeOn({
      ...embedded,
      credentials: { accessKeyId: 'other', secretAccessKey: 'other' },
    });
    await expect(other.store.heads.open()).rejects.toThrow(/UnrecognizedClientException/);
    other.client.destroy();
    await embedded.close();
  });

  test('finishes what it was asked before it closes', async () => {
    const embedded = await openEmbedded({ path: join(folder, 'closing') });
    const { store, client } = storeOn(embedded);
    const id = newRollout();
    const asked = Array.from({ length: 40 }, () => store.heads.wake(id, noon).catch(() => 'cut'));
    await Promise.race(asked);
    await embedded.close();
    await Promise.all(asked);
    client.destroy();
    // The process is still there to say so, and the folder is free again.
    const again = await openEmbedded({ path: join(folder, 'closing') });
    const second = storeOn(again);
    expect((await second.store.heads.read(id))?.wakes).toBeGreaterThan(0);
    second.client.destroy();
    await again.close();
  });

  test('forgets everything when it was opened without a folder', async () => {
    const id = newRollout();
    for (const round of [1, 2]) {
      const embedded = await openEmbedded();
      const { store, client } = storeOn(embedded);
      expect(await store.heads.read(id), `round ${round}`).toBeUndefined();
      await store.heads.wake(id, noon);
      client.destroy();
      await embedded.close();
    }
  });
});
