import { BatchGetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Json } from '../../shared/canonical.ts';
import { storedJson } from '../../shared/stored-json.ts';
import type { Clock } from '../../shared/time.ts';
import type { Memory } from '../../workflow/ports/store.ts';
import { StoreUnavailableError } from '../../workflow/ports/store-unavailable-error.ts';
import { expiresAt, isOver } from './expiry.ts';
import { refuseTooLarge } from './item-size.ts';
import { afterKind, memoryKey } from './keys.ts';
import type { RawItem, TableAccess } from './table-access.ts';

/** The most keys that one BatchGetItem takes. */
const keysACall = 100;

/** Rounds in which DynamoDB may leave some keys for later (over 16 MB, or limited) before we call it unavailable. */
const rounds = 8;

const MemoryItem = z.object({
  pk: z.string(),
  value: z.string(),
  expiresAt: z.number().optional(),
});

/** Small values by key, read eventually consistently; stored as JSON text, since nobody searches them. */
export function createMemory(access: TableAccess, clock: Clock): Memory {
  const { document, table, call } = access;

  const batch = async (keys: readonly string[]): Promise<readonly RawItem[]> => {
    const found: RawItem[] = [];
    let open: Record<string, unknown>[] = keys.map(memoryKey);
    for (let round = 0; open.length > 0; round += 1) {
      if (round === rounds) {
        throw new StoreUnavailableError(`${open.length} keys`, { cause: 'left unprocessed' });
      }
      if (round > 0) await clock.sleep(25 * 2 ** round);
      const get = new BatchGetCommand({
        RequestItems: { [table]: { Keys: open } },
        ReturnConsumedCapacity: 'INDEXES',
      });
      const doing = {
        operation: 'memory.get',
        what: `${open.length} keys`,
        kind: 'reads',
      } as const;
      const reply = await call(doing, (options) => document.send(get, options));
      found.push(...(reply.Responses?.[table] ?? []));
      open = reply.UnprocessedKeys?.[table]?.Keys ?? [];
    }
    return found;
  };

  return {
    async get(keys) {
      // A key given twice is refused by DynamoDB.
      const wanted = [...new Set(keys)];
      const values = new Map<string, Json>();
      for (let from = 0; from < wanted.length; from += keysACall) {
        for (const item of await batch(wanted.slice(from, from + keysACall))) {
          const { pk, value, expiresAt: end } = MemoryItem.parse(item);
          if (!isOver(end, clock.now())) values.set(afterKind(pk), JSON.parse(value) as Json);
        }
      }
      return values;
    },

    async put(key, value, keepForMs) {
      const item = {
        ...memoryKey(key),
        value: JSON.stringify(storedJson(value)),
        ...(keepForMs === undefined ? {} : { expiresAt: expiresAt(clock.now(), keepForMs) }),
      };
      const what = `value ${key}`;
      refuseTooLarge(what, item);
      const put = new PutCommand({
        TableName: table,
        Item: item,
        ReturnConsumedCapacity: 'INDEXES',
      });
      await call({ operation: 'memory.put', what, kind: 'writes' }, (options) =>
        document.send(put, options),
      );
    },
  };
}
