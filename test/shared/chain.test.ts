import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChainedCommit, chainStart, commitHash, verifyChain } from '../../src/shared/chain.ts';

/** A stream of as many commits as there are notes, properly chained. */
function chainOf(notes: readonly string[]): ChainedCommit[] {
  const commits: ChainedCommit[] = [];
  for (const note of notes) {
    const last = commits.at(-1);
    commits.push({
      sequence: commits.length + 1,
      events: [{ type: 'Seen', note }],
      actor: { kind: 'amiable' },
      at: 1_000 + commits.length,
      previous: last === undefined ? chainStart : commitHash(last),
    });
  }
  return commits;
}

describe('a chain of commits', () => {
  test('holds when nobody touched it, and when there is nothing in it', () => {
    expect(verifyChain(chainOf(['a', 'b', 'c']))).toBeUndefined();
    expect(verifyChain([])).toBeUndefined();
  });

  test.each([
    { what: 'its events', change: { events: [{ type: 'Seen', note: 'x' }] } },
    { what: 'its actor', change: { actor: { kind: 'slack', id: 'U0BO' } } },
    { what: 'its time', change: { at: 1_000 } },
    { what: 'its cause', change: { cause: 'slack:1' } },
  ])('breaks after a commit when somebody changed $what', ({ change }) => {
    const commits = chainOf(['a', 'b', 'c']).map((commit) =>
      commit.sequence === 2 ? { ...commit, ...change } : commit,
    );
    expect(verifyChain(commits)).toEqual({ sequence: 3, because: 'altered' });
  });

  test('names the commit that was taken out', () => {
    const [first, , third] = chainOf(['a', 'b', 'c']);
    if (first === undefined || third === undefined) throw new Error('too short');
    expect(verifyChain([first, third])).toEqual({ sequence: 2, because: 'missing' });
    expect(verifyChain([third])).toEqual({ sequence: 1, because: 'missing' });
  });

  test('breaks at a first commit that names a predecessor', () => {
    const [first] = chainOf(['a']);
    if (first === undefined) throw new Error('too short');
    const forged = { ...first, previous: 'f'.repeat(64) };
    expect(verifyChain([forged])).toEqual({ sequence: 1, because: 'altered' });
  });

  test('breaks where time runs backward', () => {
    const [first] = chainOf(['a']);
    if (first === undefined) throw new Error('too short');
    const earlier = { ...first, sequence: 2, at: 999, previous: commitHash(first) };
    expect(verifyChain([first, earlier])).toEqual({
      sequence: 2,
      because: 'earlier-than-predecessor',
    });
  });

  test('breaks at or right after whichever commit was rewritten, unless it was the last', () => {
    const notes = fc.array(fc.string(), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(notes, fc.nat(), (texts, where) => {
        const at = where % (texts.length - 1);
        const commits = chainOf(texts).map((commit, n) =>
          n === at ? { ...commit, events: [{ type: 'Forged' }] } : commit,
        );
        expect(verifyChain(commits)).toEqual({ sequence: at + 2, because: 'altered' });
      }),
    );
  });

  test('does not depend on the order of members, nor on what else an item carries', () => {
    const [first] = chainOf(['a']);
    if (first === undefined) throw new Error('too short');
    const reordered = Object.fromEntries(Object.entries(first).reverse()) as ChainedCommit;
    expect(commitHash({ ...reordered, ...{ pk: 'log#x', writeId: 'w' } })).toBe(commitHash(first));
  });
});
