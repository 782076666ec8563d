import { z } from 'zod';
import type { TableRequest } from '../../adapters/dynamodb/emulator.ts';

const Text = z.object({ S: z.string() });
const KeyOfItem = z.object({ pk: Text, sk: Text });
const Write = z.object({
  PutRequest: z.object({ Item: KeyOfItem }).optional(),
  DeleteRequest: z.object({ Key: KeyOfItem }).optional(),
});
const Body = z.object({
  Item: KeyOfItem.optional(),
  Key: KeyOfItem.optional(),
  RequestItems: z.record(z.string(), z.unknown()).optional(),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()).optional(),
});

/** What a request means to do, as far as rights and faults care. */
export type Described = {
  readonly operation: string;
  /** Items it names, as `log#ro_0123456789/00000003`; for a query only the partition. */
  readonly keys: readonly string[];
};

const spelled = ({ pk, sk }: z.infer<typeof KeyOfItem>): string => `${pk.S}/${sk.S}`;

/** Reads the operation and the keys of a request; a body that is no JSON names none. */
export function describeRequest({ operation, body }: TableRequest): Described {
  const parsed = Body.safeParse(jsonOf(body));
  if (!parsed.success) return { operation, keys: [] };
  const { Item, Key, RequestItems = {}, ExpressionAttributeValues = {} } = parsed.data;
  const one = Item ?? Key;
  if (one !== undefined) return { operation, keys: [spelled(one)] };
  if (operation === 'BatchWriteItem') {
    const writes = Object.values(RequestItems).flatMap(
      (list) => z.array(Write).safeParse(list).data ?? [],
    );
    const named = writes.flatMap(({ PutRequest, DeleteRequest }) => {
      const key = PutRequest?.Item ?? DeleteRequest?.Key;
      return key === undefined ? [] : [spelled(key)];
    });
    return { operation, keys: named };
  }
  if (operation === 'Query') {
    const partition = Text.safeParse(Object.values(ExpressionAttributeValues)[0]);
    return { operation, keys: partition.success ? [partition.data.S] : [] };
  }
  return { operation, keys: [] };
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
