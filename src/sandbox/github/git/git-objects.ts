import { createHash } from 'node:crypto';

export type ObjectType = 'blob' | 'tree' | 'commit';
export type GitObject = { readonly type: ObjectType; readonly bytes: Buffer };

/** One line of a tree. `mode` as Git spells it to people: six digits, `040000` for a folder. */
export type TreeEntry = { readonly mode: string; readonly name: string; readonly sha: string };

/** Whose name a commit carries; `at` in ms, stored by Git in whole seconds. */
export type Signature = { readonly name: string; readonly email: string; readonly at: number };

export type CommitObject = {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
};

/** The id Git gives an object: SHA-1 over `<type> <length>\0<bytes>`. */
export function objectId({ type, bytes }: GitObject): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

/** A tree's bytes: entries in Git's order, which compares a folder's name as if it ended in a slash. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const key = ({ mode, name }: TreeEntry) => Buffer.from(mode === '040000' ? `${name}/` : name);
  const lines = [...entries]
    .sort((a, b) => Buffer.compare(key(a), key(b)))
    .map(({ mode, name, sha }) =>
      Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(sha, 'hex')]),
    );
  return Buffer.concat(lines);
}

export function decodeTree(bytes: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    entries.push({
      mode: bytes.toString('ascii', at, space).padStart(6, '0'),
      name: bytes.toString('utf8', space + 1, end),
      sha: bytes.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

function encodeSignature({ name, email, at }: Signature): string {
  return `${name} <${email}> ${Math.floor(at / 1000)} +0000`;
}

function decodeSignature(text: string): Signature {
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+) /.exec(text) ?? [];
  return { name, email, at: Number(seconds) * 1000 };
}

export function encodeCommit({ tree, parents, author, committer, message }: CommitObject): Buffer {
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${encodeSignature(author)}`,
    `committer ${encodeSignature(committer)}`,
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${message}`);
}

export function decodeCommit(bytes: Buffer): CommitObject {
  const text = bytes.toString('utf8');
  const end = text.indexOf('\n\n');
  const lines = text.slice(0, end).split('\n');
  const all = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: decodeSignature(all('author')[0] ?? ''),
    committer: decodeSignature(all('committer')[0] ?? ''),
    message: text.slice(end + 2),
  };
}
