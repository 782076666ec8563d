import { createHash } from 'node:crypto';

/** The SHA-1 Git gives a file's content: 40 hexadecimal digits. Source: git-hash-object(1). */
export function gitBlobSha(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.byteLength}\0`).update(content).digest('hex');
}
