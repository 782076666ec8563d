import type { DecisionLine, Identity } from '../audit/decision-line.ts';
import { decisionLines } from '../audit/decision-line.ts';
import { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { allStreams } from './all-streams.ts';
import type { AuditReads, DecisionStream } from './ports/records.ts';

/** A stream that holds something that cannot be read; the others are read all the same. */
export type Unreadable = { readonly stream: string; readonly reason: string };

/** Every decision from `since` on and before `until`, oldest first. Each stream is read whole, so that lines are complete. */
export async function readDecisions(
  reads: Pick<AuditReads, 'streamsDecided' | 'heads' | 'rollouts' | 'global'>,
  {
    since,
    until,
    people,
    from,
  }: {
    readonly since: Instant;
    readonly until: Instant;
    readonly people: readonly Identity[];
    /** Streams without a decision from this month on are left out; absent: none is. */
    readonly from?: string;
  },
): Promise<{
  readonly lines: readonly DecisionLine[];
  readonly unreadable: readonly Unreadable[];
}> {
  const lines: DecisionLine[] = [];
  const unreadable: Unreadable[] = [];
  for (const stream of await allStreams(reads, until, from)) {
    try {
      lines.push(...decisionLines(stream, await commitsOf(reads, stream), people));
    } catch (cause) {
      unreadable.push({ stream, reason: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  const inTime = lines.filter(({ at }) => Date.parse(at) >= since && Date.parse(at) < until);
  return { lines: inTime.sort(byTime), unreadable };
}

/**
 * Decisions since a time, for people to look at: only of streams that the index names for these months, so that it stays
 * quick however old the record is. What cannot be read is left out; `audit verify` names it.
 */
export async function decisionsSince(
  reads: Pick<AuditReads, 'streamsDecided' | 'heads' | 'rollouts' | 'global'>,
  since: Instant,
  now: Instant,
  people: readonly Identity[],
): Promise<readonly DecisionLine[]> {
  const { lines } = await readDecisions(reads, {
    since,
    until: now + 1,
    people,
    from: new Date(since).toISOString().slice(0, 7),
  });
  return lines;
}

async function commitsOf(
  { rollouts, global }: Pick<AuditReads, 'rollouts' | 'global'>,
  stream: DecisionStream,
) {
  const id = RolloutId.safeParse(stream);
  return id.success ? rollouts.load(id.data) : global.load('global');
}

function byTime(a: DecisionLine, b: DecisionLine): number {
  return (
    Date.parse(a.at) - Date.parse(b.at) ||
    (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0) ||
    a.sequence - b.sequence ||
    a.event - b.event
  );
}
