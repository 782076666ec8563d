import { canonicalJson, type Json, sha256 } from './canonical.ts';

/** A commit as it is stored: its events still as JSON, since parsing may drop what a newer version wrote. */
export type ChainedCommit = {
  readonly sequence: number;
  readonly events: readonly Json[];
  readonly actor: Json;
  readonly at: number;
  readonly cause?: string;
  readonly previous: string;
};

/** What the first commit of a stream names as its predecessor. */
export const chainStart = '0'.repeat(64);

/** What the next commit names as `previous`: SHA-256 over the canonical JSON of exactly these six members. */
export function commitHash({
  sequence,
  events,
  actor,
  at,
  cause,
  previous,
}: ChainedCommit): string {
  return sha256(canonicalJson({ sequence, events, actor, at, cause, previous }));
}

/** Where a stream stops being what was written. */
export type ChainBreak = {
  /** The first commit that does not follow from the one before; of `altered`, either of the two was changed. */
  readonly sequence: number;
  readonly because: 'missing' | 'altered' | 'earlier-than-predecessor';
};

/**
 * Checks all commits of one stream, oldest first.
 * @returns the first break; `undefined` when there is none. A cut tail and a change to the very last commit leave no
 * trace inside a stream: they are found by comparing with the hash that somebody kept elsewhere.
 */
export function verifyChain(commits: readonly ChainedCommit[]): ChainBreak | undefined {
  let previous = chainStart;
  let last = 0;
  for (const [index, commit] of commits.entries()) {
    const sequence = index + 1;
    if (commit.sequence !== sequence) return { sequence, because: 'missing' };
    if (commit.previous !== previous) return { sequence, because: 'altered' };
    if (commit.at < last) return { sequence, because: 'earlier-than-predecessor' };
    previous = commitHash(commit);
    last = commit.at;
  }
  return undefined;
}
