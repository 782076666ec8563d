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
  return {
    at,
    mergeBase,
    knows: (sha: string) => commits.has(sha),
    isAncestor: (ancestor: string, of: string) => ancestors(of).has(ancestor),
    write(parents: readonly string[], files: Files): string {
      const sha = createHash('sha1')
        .update(`${commits.size} ${parents.join(' ')}`)
        .digest('hex');
      commits.set(sha, { parents, files, at: clock.now() });
      return sha;
    },
    /** The content of a blob, whichever commit has it. */
    blob(sha: string): Uint8Array | undefined {
      for (const { files } of commits.values()) {
        for (const { content } of files.values()) if (gitBlobSha(content) === sha) return content;
      }
      return undefined;
    },
    /** Base and head merged, a file at a time; `undefined`: they conflict. */
    merged(base: string, head: string): Files | undefined {
      const [ours, was, theirs] = [base, mergeBase(base, head), head].map((sha) => at(sha).files);
      if (ours === undefined || was === undefined || theirs === undefined) return undefined;
      const merged = new Map(ours);
      for (const path of new Set([...was.keys(), ...theirs.keys()])) {
        const [before, here, there] = [was.get(path), ours.get(path), theirs.get(path)];
        if (same(before, there) || same(here, there)) continue;
        if (!same(before, here)) return undefined;
        if (there === undefined) merged.delete(path);
        else merged.set(path, there);
      }
      return merged;
    },
  };
}
export type MemoryCommits = ReturnType<typeof memoryCommits>;

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
