import { type ChainedCommit, chainStart, commitHash } from '../shared/chain.ts';
import type { Finding } from './finding.ts';
import type { Mark, StoredRecord } from './stored-record.ts';

/** What was found in one stream. */
export type Examination = {
  readonly findings: readonly Finding[];
  readonly records: number;
  /** Records up to this one are vouched for by an anchor; 0: none. */
  readonly anchored: number;
};

/**
 * Looks at every record of a stream. Each names the hash of the one before, so a record is judged by what its successor
 * says of it, from the last to the first; the last one of all is judged by an anchor alone.
 * @param marks what anchors say of this stream.
 * @param known the stream is known to have had this many records; a hint from elsewhere in the table.
 */
export function examineStream(
  stream: string,
  stored: readonly StoredRecord[],
  marks: readonly Mark[],
  known = 0,
): Examination {
  const said = new Map(marks.map((mark) => [mark.sequence, mark]));
  const anchored = Math.max(0, ...said.keys());
  const places = placesOf(stored);
  const end = Math.max(anchored, known, ...places.keys(), 0);
  const findings: Finding[] = foreignOnes(stream, stored);
  if (end > 0 && stored.length === 0) {
    const by = anchored > 0 ? `the anchor of ${said.get(anchored)?.day}` : 'the list of rollouts';
    const says = `the whole stream is gone; ${by} has ${end} records of it`;
    return { findings: [{ stream, kind: 'dropped', says }], records: 0, anchored };
  }
  const claims = new Set([
    ...marks.map(({ hash }) => hash),
    ...[...places.values()].flatMap((commit) => (commit === undefined ? [] : [commit.previous])),
  ]);
  /** What the record at a place must hash to, and whether that is beyond doubt. */
  let expected: { readonly hash: string; readonly sure: boolean } | undefined;
  for (let place = end; place >= 1; place -= 1) {
    const mark = said.get(place);
    if (mark !== undefined) expected = { hash: mark.hash, sure: true };
    if (!places.has(place)) {
      findings.push(missing(stream, place, mark));
      expected = undefined;
      continue;
    }
    const commit = places.get(place);
    const found = judged({ stream, place, commit, expected, claims, end });
    if (found !== undefined) findings.push(found);
    if (commit === undefined) expected = undefined;
    // What a record that was changed says of its predecessor is no proof.
    else expected = { hash: commit.previous, sure: found === undefined };
  }
  if (expected?.sure === true && expected.hash !== chainStart && places.has(1)) {
    const says = 'record 1 names a record before it, and there is none';
    findings.push({ stream, kind: 'changed', sequence: 1, says });
  }
  findings.push(...backward(stream, places, findings));
  findings.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
  return { findings: joined(findings), records: stored.length, anchored };
}

function placesOf(stored: readonly StoredRecord[]): Map<number, ChainedCommit | undefined> {
  return new Map(
    stored.filter(({ key }) => isPlace(key)).map(({ key, commit }) => [Number(key), commit]),
  );
}

function isPlace(key: string): boolean {
  return /^[0-9]{8}$/.test(key) && Number(key) > 0;
}

function foreignOnes(stream: string, stored: readonly StoredRecord[]): Finding[] {
  return stored
    .filter(({ key }) => !isPlace(key))
    .map(({ key }) => ({ stream, kind: 'foreign', says: `an item ${key} is no record of ours` }));
}

function missing(stream: string, place: number, mark: Mark | undefined): Finding {
  const says =
    mark === undefined ? 'is missing' : `is missing, and the anchor of ${mark.day} has it`;
  return { stream, kind: 'missing', sequence: place, says: `record ${place} ${says}` };
}

function judged({
  stream,
  place,
  commit,
  expected,
  claims,
  end,
}: {
  readonly stream: string;
  readonly place: number;
  readonly commit: ChainedCommit | undefined;
  readonly expected: { readonly hash: string; readonly sure: boolean } | undefined;
  readonly claims: ReadonlySet<string>;
  readonly end: number;
}): Finding | undefined {
  const at = { stream, sequence: place };
  if (commit === undefined) {
    return { ...at, kind: 'changed', says: `record ${place} cannot be read as a record any more` };
  }
  const hash = commitHash({ ...commit, sequence: place });
  if (hash === expected?.hash) return undefined;
  // Its successor was moved or changed, and yet somebody names this very record: it is where it was.
  if (expected?.sure === false && claims.has(hash)) return undefined;
  const from = placeOf(commit, place, claims, end);
  if (from !== undefined) {
    return { ...at, kind: 'reordered', says: `record ${from} stands in the place of ${place}` };
  }
  if (expected === undefined) return undefined;
  return expected.sure
    ? { ...at, kind: 'changed', says: `record ${place} is not what was written` }
    : {
        ...at,
        kind: 'doubtful',
        says: `record ${place} is not what record ${place + 1} says, which was changed itself`,
      };
}

/** Where a record stood when it was written, if that was elsewhere: somebody names the hash it had there. */
function placeOf(
  commit: ChainedCommit,
  place: number,
  claims: ReadonlySet<string>,
  end: number,
): number | undefined {
  for (let other = 1; other <= end; other += 1) {
    if (other === place) continue;
    if (claims.has(commitHash({ ...commit, sequence: other }))) return other;
  }
  return undefined;
}

/** Receipt times never run backward; told only where nothing else is told of the record. */
function backward(
  stream: string,
  places: ReadonlyMap<number, ChainedCommit | undefined>,
  findings: readonly Finding[],
): Finding[] {
  const named = new Set(findings.map(({ sequence }) => sequence));
  return [...places].flatMap(([place, commit]): Finding[] => {
    const before = places.get(place - 1);
    if (commit === undefined || before === undefined || commit.at >= before.at) return [];
    if (named.has(place) || named.has(place - 1)) return [];
    const says = `record ${place} says it is older than record ${place - 1}`;
    return [{ stream, kind: 'changed', sequence: place, says }];
  });
}

/** Missing records in a row are told in one sentence. */
function joined(findings: readonly Finding[]): Finding[] {
  const told: Finding[] = [];
  for (const finding of findings) {
    const last = told.at(-1);
    const lastOne = last?.through ?? last?.sequence;
    const follows = lastOne !== undefined && finding.sequence === lastOne + 1;
    if (last?.kind === 'missing' && finding.kind === 'missing' && follows) {
      const anchor = / and the anchor of .*$/.exec(finding.says)?.[0] ?? '';
      told[told.length - 1] = {
        ...last,
        through: lastOne + 1,
        says: `records ${last.sequence} to ${lastOne + 1} are missing${anchor === '' ? '' : `,${anchor}`}`,
      };
    } else {
      told.push(finding);
    }
  }
  return told;
}
