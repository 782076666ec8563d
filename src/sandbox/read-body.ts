import type { IncomingMessage } from 'node:http';

/** What a request holds as text; `undefined` when it is longer than `mostBytes`, and the rest is not read. */
export async function readBody(
  request: IncomingMessage,
  mostBytes: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > mostBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
