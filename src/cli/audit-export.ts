import { csvHeader, csvLine } from '../audit/decision-csv.ts';
import type { Identity } from '../audit/decision-line.ts';
import { systemClock } from '../shared/clock.ts';
import { day } from '../shared/time.ts';
import type { AuditReads } from '../workflow/ports/records.ts';
import { readDecisions } from '../workflow/read-decisions.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/**
 * Writes one line a decision.
 * @throws CommandError (1) when a stream cannot be read: what could be is written all the same.
 */
export async function auditExport(
  reads: AuditReads,
  { since, until, format = 'jsonl' }: Options,
  { out, err }: Output,
  people: readonly Identity[],
): Promise<void> {
  if (format !== 'jsonl' && format !== 'csv') {
    throw new CommandError('--format is jsonl or csv.', 2);
  }
  const now = systemClock.now();
  // A sandbox runs ahead of this machine's clock: without an end, all of it.
  const range = {
    since: since === undefined ? 0 : instantOf('--since', since),
    until: until === undefined ? now + 366 * day : instantOf('--until', until),
  };
  const { lines, unreadable } = await readDecisions(reads, { ...range, people });
  if (format === 'csv') out(csvHeader);
  for (const line of lines) out(format === 'csv' ? csvLine(line) : JSON.stringify(line));
  for (const { stream, reason } of unreadable) err(`${stream} was left out: ${reason}`);
  if (unreadable.length > 0) {
    throw new CommandError('Not all of the record can be read: amiable audit verify says why.', 1);
  }
}

/** A day begins at midnight UTC. */
function instantOf(option: string, text: string): number {
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/;
  const at = form.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new CommandError(`${option} takes a day as 2026-11-21, or 2026-11-21T09:30Z.`, 2);
  }
  return at;
}
