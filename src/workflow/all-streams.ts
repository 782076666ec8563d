import type { Instant } from '../shared/time.ts';
import type { AuditReads, DecisionStream } from './ports/records.ts';

/** No record of ours is older. */
const firstMonth = '2026-01';

/**
 * Every stream there is, as far as the table can tell without reading all of it: each rollout's opening is in the index
 * of decisions. What was dropped altogether is not among them; anchors know of it.
 * @param since months before this one (`2026-11`) are left out; absent: none is.
 */
export async function allStreams(
  { streamsDecided, heads }: Pick<AuditReads, 'streamsDecided' | 'heads'>,
  now: Instant,
  since: string = firstMonth,
): Promise<ReadonlySet<DecisionStream>> {
  const found = new Set<DecisionStream>(['global']);
  for (const month of monthsFrom(since, now)) {
    for (const stream of await streamsDecided(month)) found.add(stream);
  }
  // The index follows the log: a rollout that was opened this very moment may be known by its head only.
  for (const { rollout } of await heads.open()) found.add(rollout);
  return found;
}

/** Months from one to that of an instant, as `2026-11`; that one alone when it is the earlier. */
function monthsFrom(first: string, now: Instant): readonly string[] {
  const last = new Date(now).toISOString().slice(0, 7);
  const months: string[] = [];
  for (let month = first; month < last; month = after(month)) months.push(month);
  return [...months, last];
}

function after(month: string): string {
  const [year = 0, of = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, of, 1)).toISOString().slice(0, 7);
}
