import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import {
  type CommitObject,
  decodeCommit,
  decodeTree,
  encodeCommit,
  encodeTree,
  type GitObject,
  type ObjectType,
  objectId,
  type TreeEntry,
} from './git-objects.ts';

/** Git objects by id, as `.git/objects` holds them. Reads of an unknown id or another type give `undefined`. */
export type ObjectStore = {
  get(sha: string): GitObject | undefined;
  blob(sha: string): Buffer | undefined;
  tree(sha: string): readonly TreeEntry[] | undefined;
  commit(sha: string): CommitObject | undefined;
  putBlob(bytes: Buffer): string;
  putTree(entries: readonly TreeEntry[]): string;
  putCommit(commit: CommitObject): string;
};

/** With a folder, objects are kept there too, as Git's own loose objects, and read again at the next start. */
export function createObjectStore(folder?: string): ObjectStore {
  const objects = folder === undefined ? new Map<string, GitObject>() : readLoose(folder);
  const bytesOf = (type: ObjectType, sha: string) => {
    const found = objects.get(sha);
    return found?.type === type ? found.bytes : undefined;
  };
  const put = (type: ObjectType, bytes: Buffer) => {
    const object = { type, bytes };
    const sha = objectId(object);
    if (!objects.has(sha)) {
      objects.set(sha, object);
      if (folder !== undefined) writeLoose(folder, sha, object);
    }
    return sha;
  };
  return {
    get: (sha) => objects.get(sha),
    blob: (sha) => bytesOf('blob', sha),
    tree(sha) {
      const bytes = bytesOf('tree', sha);
      return bytes && decodeTree(bytes);
    },
    commit(sha) {
      const bytes = bytesOf('commit', sha);
      return bytes && decodeCommit(bytes);
    },
    putBlob: (bytes) => put('blob', bytes),
    putTree: (entries) => put('tree', encodeTree(entries)),
    putCommit: (commit) => put('commit', encodeCommit(commit)),
  };
}

function pathOf(folder: string, sha: string): string {
  return join(folder, sha.slice(0, 2), sha.slice(2));
}

function writeLoose(folder: string, sha: string, { type, bytes }: GitObject): void {
  const path = pathOf(folder, sha);
  mkdirSync(dirname(path), { recursive: true });
  const content = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
  // Written beside and renamed: a crash leaves a whole object or none.
  writeFileSync(`${path}.tmp`, deflateSync(content));
  renameSync(`${path}.tmp`, path);
}

function readLoose(folder: string): Map<string, GitObject> {
  const objects = new Map<string, GitObject>();
  if (!existsSync(folder)) return objects;
  for (const start of readdirSync(folder).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    for (const rest of readdirSync(join(folder, start)).filter((name) =>
      /^[0-9a-f]{38}$/.test(name),
    )) {
      const content = inflateSync(readFileSync(join(folder, start, rest)));
      const end = content.indexOf(0);
      const type = content.toString('ascii', 0, content.indexOf(0x20));
      if (type === 'blob' || type === 'tree' || type === 'commit') {
        objects.set(start + rest, { type, bytes: content.subarray(end + 1) });
      }
    }
  }
  return objects;
}
