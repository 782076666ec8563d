import { systemClock } from '../shared/clock.ts';
import { day } from '../shared/time.ts';
import type { AuditReads } from '../workflow/ports/records.ts';
import type { Verification } from '../workflow/verify-record.ts';
import { verifyRecord } from '../workflow/verify-record.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/**
 * Reads the whole record and names what is not as it was written.
 * @throws CommandError (1) when there is anything.
 */
export async function auditVerify(
  reads: AuditReads,
  { json, anchor: kept }: Options,
  { out }: Output,
): Promise<void> {
  if (kept !== undefined && !/^[0-9a-f]{64}$/.test(kept)) {
    throw new CommandError('--anchor takes the 64 hexadecimal digits that a digest shows.', 2);
  }
  const seen = await verifyRecord(reads, {
    // A sandbox runs ahead of this machine's clock.
    now: systemClock.now() + 366 * day,
    ...(kept === undefined ? {} : { kept }),
  });
  if (json === true) {
    out(JSON.stringify(seen, undefined, 2));
  } else {
    for (const { kind, stream, says } of seen.findings) out(`${kind.padEnd(9)} ${stream}: ${says}`);
    out(summaryOf(seen));
  }
  const { length } = seen.findings;
  if (length > 0) {
    const things = length === 1 ? 'thing is' : 'things are';
    throw new CommandError(`${length} ${things} not as it was written.`, 1);
  }
}

function summaryOf({ anchor, records, streams, unanchored, findings }: Verification): string {
  const read = `${records} records in ${streams} streams were read`;
  const found = findings.length === 0 ? 'each follows from the one before' : 'see above';
  const vouched =
    anchor === undefined
      ? 'Nothing is anchored yet, so the end of each stream is not vouched for.'
      : `Vouched for up to anchor ${anchor.sequence} of ${anchor.day} (${anchor.hash}).`;
  const newer =
    unanchored === 0
      ? ''
      : ` ${unanchored} newer ${unanchored === 1 ? 'record is' : 'records are'} not anchored: a change to the last of a stream, or a cut end, would not show.`;
  return `${read}; ${found}. ${vouched}${newer}`;
}
