import type { AnchorEvent as Anchor } from '../audit/anchored.ts';
import { AnchorEvent, marksOf } from '../audit/anchored.ts';
import { examineStream } from '../audit/examine-stream.ts';
import type { Finding } from '../audit/finding.ts';
import type { StoredRecord } from '../audit/stored-record.ts';
import { RolloutEvent } from '../rollout/events.ts';
import { commitHash } from '../shared/chain.ts';
import type { Digest } from '../shared/ids.ts';
import { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { allStreams } from './all-streams.ts';
import type { AuditReads, DecisionStream } from './ports/records.ts';

/** What was found of the whole record, and how far it is vouched for. */
export type Verification = {
  readonly findings: readonly Finding[];
  readonly streams: number;
  readonly records: number;
  /** Records that no anchor names yet: their last one could have been changed without a trace. */
  readonly unanchored: number;
  /** The newest anchor; absent: nothing is vouched for. */
  readonly anchor?: { readonly day: string; readonly sequence: number; readonly hash: string };
};

/**
 * Reads the whole record and says what of it is not as it was written.
 * @param options.kept the hash of an anchor that somebody kept elsewhere (each digest in Slack names one): the chain of
 * anchors must hold it, which also shows when anchors were cut off or written anew.
 */
export async function verifyRecord(
  reads: AuditReads,
  { now, kept }: { readonly now: Instant; readonly kept?: string },
): Promise<Verification> {
  const anchorRecords = await all(reads.records('anchors'));
  const ofAnchors = examineStream('anchors', anchorRecords, []);
  const findings: Finding[] = [...ofAnchors.findings, ...keptFinding(anchorRecords, kept)];
  const anchors = anchorRecords.flatMap(anchorsIn);
  const marks = marksOf(anchors);
  const streams = new Set<DecisionStream>([
    ...(marks.keys() as Iterable<DecisionStream>),
    ...(await allStreams(reads, now)),
  ]);
  const digests = new Set<Digest>();
  let records = ofAnchors.records;
  let unanchored = 0;
  for (const stream of [...streams].sort()) {
    const stored = await all(reads.records(stream));
    const { sequence = 0 } = isRollout(stream) ? ((await reads.heads.read(stream)) ?? {}) : {};
    const seen = examineStream(stream, stored, marks.get(stream) ?? [], sequence);
    findings.push(...seen.findings);
    records += seen.records;
    unanchored += Math.max(0, seen.records - seen.anchored);
    for (const digest of stored.flatMap(digestsIn)) digests.add(digest);
  }
  for (const digest of digests) findings.push(...(await changeFinding(reads, digest)));
  const last = anchorRecords.findLast(({ commit }) => commit !== undefined)?.commit;
  const day = anchors.at(-1)?.day;
  return {
    findings,
    streams: streams.size,
    records,
    unanchored,
    ...(last === undefined || day === undefined
      ? {}
      : { anchor: { day, sequence: last.sequence, hash: commitHash(last) } }),
  };
}

async function all(records: AsyncIterable<StoredRecord>): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
}

function isRollout(stream: DecisionStream): stream is RolloutId {
  return RolloutId.safeParse(stream).success;
}

function keptFinding(anchors: readonly StoredRecord[], kept: string | undefined): Finding[] {
  if (kept === undefined) return [];
  const there = anchors.some(({ commit }) => commit !== undefined && commitHash(commit) === kept);
  if (there) return [];
  const says = `no anchor has the hash ${kept}: anchors were cut off or written anew`;
  return [{ stream: 'anchors', kind: 'missing', says }];
}

function anchorsIn({ commit }: StoredRecord): readonly Anchor[] {
  return (commit?.events ?? []).flatMap((event) => {
    const parsed = AnchorEvent.safeParse(event);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The changes that the record of a rollout says people were asked about. */
function digestsIn({ commit }: StoredRecord): readonly Digest[] {
  return (commit?.events ?? []).flatMap((json) => {
    const { success, data: event } = RolloutEvent.safeParse(json);
    if (!success) return [];
    if (event.type === 'ApprovalRequested') return [event.digest];
    return event.type === 'RollbackRequested' ? event.recoveries.map(({ digest }) => digest) : [];
  });
}

/** The manifest beside a digest must hash to it; the store looks when it reads. */
async function changeFinding(
  { changes }: Pick<AuditReads, 'changes'>,
  digest: Digest,
): Promise<Finding[]> {
  const at = { stream: 'change' } as const;
  const says = `the change ${digest}, which people were asked about,`;
  try {
    if ((await changes.get(digest)) !== undefined) return [];
    return [{ ...at, kind: 'missing', says: `${says} is missing` }];
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return [{ ...at, kind: 'changed', says: `${says} is not what was written (${why})` }];
  }
}
