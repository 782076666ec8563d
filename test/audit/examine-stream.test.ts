import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { examineStream } from '../../src/audit/examine-stream.ts';
import type { Mark, StoredRecord } from '../../src/audit/stored-record.ts';
import { type ChainedCommit, chainStart, commitHash } from '../../src/shared/chain.ts';

function chainOf(length: number): ChainedCommit[] {
  const commits: ChainedCommit[] = [];
  for (let n = 1; n <= length; n += 1) {
    const last = commits.at(-1);
    commits.push({
      sequence: n,
      events: [{ type: 'Seen', note: `note ${n}` }],
      actor: { kind: 'amiable' },
      at: 1_000 + n,
      previous: last === undefined ? chainStart : commitHash(last),
    });
  }
  return commits;
}

const keyOf = (place: number) => String(place).padStart(8, '0');
const stored = (commits: readonly ChainedCommit[]): StoredRecord[] =>
  commits.map((commit, i) => ({ key: keyOf(i + 1), commit: { ...commit, sequence: i + 1 } }));
const markAt = (commits: readonly ChainedCommit[], sequence: number): Mark => {
  const commit = commits[sequence - 1];
  if (commit === undefined) throw new Error('too short');
  return { sequence, hash: commitHash(commit), day: '2026-11-20' };
};
const tamper = (commit: ChainedCommit): ChainedCommit => ({
  ...commit,
  events: [{ type: 'Forged' }],
});
const told = (records: readonly StoredRecord[], marks: readonly Mark[] = [], known = 0) =>
  examineStream('ro_1', records, marks, known).findings.map(({ kind, sequence, through }) =>
    [kind, sequence, through].filter((one) => one !== undefined).join(' '),
  );

describe('a stream', () => {
  const chain = chainOf(6);
  const whole = stored(chain);
  const anchor = [markAt(chain, 6)];
  const earlier = [markAt(chain, 3)];

  test('that nobody touched has nothing to tell, with and without an anchor', () => {
    expect(told(whole)).toEqual([]);
    expect(told(whole, anchor)).toEqual([]);
    expect(told(whole, earlier)).toEqual([]);
    expect(told([])).toEqual([]);
    expect(examineStream('ro_1', whole, earlier)).toMatchObject({ records: 6, anchored: 3 });
  });

  test('names the one record that was changed, also the last one when it is anchored', () => {
    for (let at = 1; at <= 6; at += 1) {
      const changed = chain.map((one, i) => (i === at - 1 ? tamper(one) : one));
      expect(told(stored(changed), anchor)).toEqual([`changed ${at}`]);
      // Without an anchor of it a change to the very last one leaves no trace.
      expect(told(stored(changed), earlier)).toEqual(at === 6 ? [] : [`changed ${at}`]);
    }
  });

  test('names two changed neighbours: the second for sure, the first as far as it can be told', () => {
    const changed = chain.map((one, i) => (i === 2 || i === 3 ? tamper(one) : one));
    expect(told(stored(changed), anchor)).toEqual(['doubtful 3', 'changed 4']);
    // An anchor at the third settles it.
    expect(told(stored(changed), [...earlier, ...anchor])).toEqual(['changed 3', 'changed 4']);
  });

  test('names what is missing: in the middle, at the start, several in a row', () => {
    const without = (...gone: number[]) => whole.filter((_, i) => !gone.includes(i + 1));
    expect(told(without(3), anchor)).toEqual(['missing 3']);
    expect(told(without(1), anchor)).toEqual(['missing 1']);
    expect(told(without(2, 3, 5), anchor)).toEqual(['missing 2 3', 'missing 5']);
  });

  test('names a tail that was cut, as far as an anchor or a head knows of it', () => {
    expect(told(whole.slice(0, 4), anchor)).toEqual(['missing 5 6']);
    expect(told(whole.slice(0, 4), earlier)).toEqual([]);
    expect(told(whole.slice(0, 4), earlier, 6)).toEqual(['missing 5 6']);
    expect(told(whole.slice(0, 2), earlier)).toEqual(['missing 3']);
  });

  test('names two records that changed places, wherever they stood', () => {
    for (let a = 1; a <= 6; a += 1) {
      for (let b = a + 1; b <= 6; b += 1) {
        const swapped = [...chain];
        [swapped[a - 1], swapped[b - 1]] = [chain[b - 1], chain[a - 1]] as [
          ChainedCommit,
          ChainedCommit,
        ];
        const all = told(stored(swapped), anchor);
        expect(all).toEqual([`reordered ${a}`, `reordered ${b}`]);
      }
    }
  });

  test('that is gone altogether is told when an anchor or a head knows of it', () => {
    expect(told([], anchor)).toEqual(['dropped']);
    expect(told([], [], 3)).toEqual(['dropped']);
  });

  test('names a record that cannot be read, and what is no record at all', () => {
    const broken = whole.map((one) => (one.key === keyOf(2) ? { key: one.key } : one));
    expect(told(broken, anchor)).toEqual(['changed 2']);
    expect(told([...whole, { key: 'note' }], anchor)).toEqual(['foreign']);
  });

  test('that begins with a record that names another before it was cut at its start', () => {
    const cut = chain.slice(2).map((one, i) => ({ ...one, sequence: i + 1 }));
    expect(told(stored(cut), [])).not.toEqual([]);
  });

  test('that was written anew from some record on, chained well, is told by the anchor', () => {
    const forged: ChainedCommit[] = [...chain.slice(0, 2)];
    for (const one of chain.slice(2)) {
      forged.push({ ...tamper(one), previous: commitHash(forged.at(-1) as ChainedCommit) });
    }
    expect(told(stored(forged))).toEqual([]);
    expect(told(stored(forged), anchor)).toEqual(['changed 6']);
    expect(told(stored(forged), [...earlier, ...anchor])).toEqual(['changed 3', 'changed 6']);
  });
});

test('whatever one thing somebody does to an anchored stream, it is told, and nothing else is blamed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }),
      fc.constantFrom('change', 'delete', 'swap', 'truncate', 'drop'),
      fc.nat(),
      fc.nat(),
      (length, deed, x, y) => {
        const chain = chainOf(length);
        const marks = [markAt(chain, length)];
        const a = 1 + (x % length);
        const other = 1 + (y % length);
        const b = other === a ? (a % length) + 1 : other;
        const done: Readonly<Record<typeof deed, () => StoredRecord[]>> = {
          change: () => stored(chain.map((one, i) => (i === a - 1 ? tamper(one) : one))),
          delete: () => stored(chain).filter((_, i) => i !== a - 1),
          swap: () => {
            const swapped = chain.map((one, i) =>
              i === a - 1 ? chain[b - 1] : i === b - 1 ? chain[a - 1] : one,
            );
            return stored(swapped as ChainedCommit[]);
          },
          truncate: () => stored(chain.slice(0, a - 1)),
          drop: () => [],
        };
        const records = done[deed]();
        const { findings } = examineStream('ro_1', records, marks);
        const kinds = new Set(findings.map(({ kind }) => kind));
        if (records.length === 0) expect(kinds).toEqual(new Set(['dropped']));
        else if (deed === 'change')
          expect(findings).toMatchObject([{ kind: 'changed', sequence: a }]);
        else if (deed === 'delete')
          expect(findings).toMatchObject([{ kind: 'missing', sequence: a }]);
        else if (deed === 'truncate')
          expect(findings).toMatchObject([{ kind: 'missing', sequence: a }]);
        else {
          const places = findings.filter(({ kind }) => kind === 'reordered');
          expect(places.map(({ sequence }) => sequence)).toEqual([a, b].sort((m, n) => m - n));
        }
      },
    ),
  );
});
