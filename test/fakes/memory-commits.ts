import { createHash } from 'node:crypto';
import { gitBlobSha } from '../../src/shared/git-blob.ts';
import type { Clock, Instant } from '../../src/shared/time.ts';
import type { ChangedFile } from '../../src/workflow/ports/git-host.ts';

export type Files = ReadonlyMap<string, { readonly content: Uint8Array; readonly mode: string }>;
type CommitObject = {
  readonly parents: readonly string[];
  readonly files: Files;
  readonly at: Instant;
};

/** Commits in memory: whole file lists, parents, and what Git computes from them. */
export function memoryCommits(clock: Clock) {
  const commits = new Map<string, CommitObject>();

  const at = (sha: string): CommitObject => {
    const commit = commits.get(sha);
    if (commit === undefined) throw new Error(`no commit ${sha}`);
    return commit;
  };
  const ancestors = (sha: string): Set<string> => {
    const seen = new Set([sha]);
    for (const one of seen) for (const parent of at(one).parents) seen.add(parent);
    return seen;
  };
  const mergeBase = (a: string, b: string): string => {
    const ofA = ancestors(a);
    for (const one of ancestors(b)) if (ofA.has(one)) return one;
    throw new Error('unrelated histories');
  };
  /** Commits that `to` has and `from` has not, oldest first. */
  const between = (from: string, to: string): readonly string[] => {
    const known = ancestors(from);
    return [...ancestors(to)].filter((sha) => !known.has(sha)).reverse();
  };
  const write = (parents: readonly string[], files: Files): string => {
    const sha = createHash('sha1')
      .update(`${commits.size} ${parents.join(' ')}`)
      .digest('hex');
    commits.set(sha, { parents, files, at: clock.now() });
    return sha;
  };
  return {
    at,
    between,
    mergeBase,
    write,
    knows: (sha: string) => commits.has(sha),
    isAncestor: (ancestor: string, of: string) => ancestors(of).has(ancestor),
    /** The content of a blob, whichever commit has it. */
    blob(sha: string): Uint8Array | undefined {
      for (const { files } of commits.values()) {
        for (const { content } of files.values()) if (gitBlobSha(content) === sha) return content;
      }
      return undefined;
    },
    /** Base and head merged, a file at a time; `undefined`: they conflict. */
    merged: (base: string, head: string): Files | undefined =>
      threeWay(at(mergeBase(base, head)).files, at(base).files, at(head).files),
    /** Each commit again on the base, but for merges; `undefined`: one conflicts. */
    rebased(base: string, head: string): string | undefined {
      let onto = base;
      for (const sha of between(base, head)) {
        const { parents, files } = at(sha);
        const [parent] = parents;
        if (parent === undefined || parents.length > 1) continue;
        const merged = threeWay(at(parent).files, at(onto).files, files);
        if (merged === undefined) return undefined;
        onto = write([onto], merged);
      }
      return onto;
    },
  };
}
export type MemoryCommits = ReturnType<typeof memoryCommits>;

function threeWay(was: Files, ours: Files, theirs: Files): Files | undefined {
  const merged = new Map(ours);
  for (const path of new Set([...was.keys(), ...theirs.keys()])) {
    const [before, here, there] = [was.get(path), ours.get(path), theirs.get(path)];
    if (same(before, there) || same(here, there)) continue;
    if (!same(before, here)) return undefined;
    if (there === undefined) merged.delete(path);
    else merged.set(path, there);
  }
  return merged;
}

type File = { readonly content: Uint8Array; readonly mode: string };

function same(a: File | undefined, b: File | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.mode === b.mode && Buffer.from(a.content).equals(b.content);
}

/** What turns one list of files into another. */
export function filesChanged(from: Files, to: Files): ChangedFile[] {
  const out: ChangedFile[] = [];
  for (const [path, file] of to) {
    const before = from.get(path);
    if (same(before, file)) continue;
    const { mode, content } = file;
    const status = before === undefined ? 'added' : 'modified';
    out.push({ path, status, mode, blob: gitBlobSha(content) });
  }
  for (const path of from.keys()) if (!to.has(path)) out.push({ path, status: 'removed' });
  return out;
}
