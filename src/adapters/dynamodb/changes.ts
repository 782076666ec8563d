import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { canonicalJson, type Json, sha256 } from '../../shared/canonical.ts';
import type { Digest } from '../../shared/ids.ts';
import type { Changes } from '../../workflow/ports/store.ts';
import { changePk, partSk } from './keys.ts';
import { queryAll, type TableAccess } from './table-access.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Under the limit of an item, with room for its key. */
const partBytes = 350 * 1024;

/** No manifest is nearly as large; a part that unpacks to more was not written by us. */
const maxManifestBytes = 64 * 1024 * 1024;

const PartItem = z.object({ bytes: z.instanceof(Uint8Array), parts: z.number().int().min(1) });

/** The digest that a manifest is kept under. */
export const digestOf = (manifest: Json): string => sha256(canonicalJson(manifest));

/** Manifests by content: writing one again, also after a crash half-way, writes the same. */
export function createChanges(access: TableAccess): Changes {
  const { document, table, call } = access;

  const putPart = (digest: Digest, part: number, parts: number, bytes: Uint8Array) => {
    const put = new PutCommand({
      TableName: table,
      Item: { pk: changePk(digest), sk: partSk(part), bytes, parts },
      ReturnConsumedCapacity: 'INDEXES',
    });
    const what = `part ${part + 1} of ${parts} of change ${digest}`;
    return call({ operation: 'changes.put', what, kind: 'writes' }, (options) =>
      document.send(put, options),
    );
  };

  return {
    async put(digest, manifest) {
      const text = canonicalJson(manifest);
      checkDigest(digest, text, 'to be stored');
      const packed = await compress(text, {
        // Level 5 packs within a tenth of the best, thirty times faster.
        params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
      });
      const parts = Math.ceil(packed.byteLength / partBytes);
      for (let part = 0; part < parts; part += 1) {
        const bytes = packed.subarray(part * partBytes, (part + 1) * partBytes);
        await putPart(digest, part, parts, bytes);
      }
    },

    async get(digest) {
      const found: z.infer<typeof PartItem>[] = [];
      const doing = { operation: 'changes.get', what: `change ${digest}` };
      const items = queryAll(access, doing, {
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: { ':pk': changePk(digest) },
        ConsistentRead: true,
      });
      for await (const item of items) found.push(PartItem.parse(item));
      const parts = found[0]?.parts ?? 0;
      // Nothing there, or a writer died half-way: it never returned, so no event names this change yet.
      if (parts === 0 || found.length < parts) return undefined;
      const packed = Buffer.concat(found.slice(0, parts).map(({ bytes }) => bytes));
      const text = (await unpack(digest, packed)).toString('utf8');
      checkDigest(digest, text, 'stored');
      return JSON.parse(text) as Json;
    },
  };
}

async function unpack(digest: Digest, packed: Buffer): Promise<Buffer> {
  try {
    return await decompress(packed, { maxOutputLength: maxManifestBytes });
  } catch (cause) {
    throw new Error(`The stored change ${digest} cannot be unpacked`, { cause });
  }
}

/** People approve the digest; a manifest that does not have it is not what they approved. */
function checkDigest(digest: Digest, text: string, state: 'to be stored' | 'stored'): void {
  const is = sha256(text);
  if (is !== digest) throw new Error(`The manifest ${state} as change ${digest} is ${is}`);
}
