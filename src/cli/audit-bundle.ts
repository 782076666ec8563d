import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleMarkdown } from '../../blocks/audit-bundle.ts';
import { AnchorEvent, marksOf } from '../audit/anchored.ts';
import { type Bundle, bundleOf } from '../audit/bundle.ts';
import type { Identity } from '../audit/decision-line.ts';
import { examineStream } from '../audit/examine-stream.ts';
import type { StoredRecord } from '../audit/stored-record.ts';
import type { RolloutEvent } from '../rollout/events.ts';
import { rolloutOf } from '../rollout/evolve.ts';
import { systemClock } from '../shared/clock.ts';
import type { Digest } from '../shared/ids.ts';
import { RolloutId } from '../shared/ids.ts';
import { day } from '../shared/time.ts';
import { allStreams } from '../workflow/all-streams.ts';
import type { AuditReads } from '../workflow/ports/records.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/**
 * Writes all there is on record of one rollout: Markdown, or JSON with `--json`; with `--out` both, as files.
 * @throws CommandError (1) when there is no such rollout, or its record is not as it was written.
 */
export async function auditBundle(
  reads: AuditReads,
  typed: string | undefined,
  { json, out: folder }: Options,
  { out }: Output,
  people: readonly Identity[],
): Promise<void> {
  const id = await meant(reads, typed);
  const bundle = await readBundle(reads, id, people);
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true });
    const base = join(folder, id);
    await writeFile(`${base}.md`, bundleMarkdown(bundle));
    await writeFile(`${base}.json`, `${JSON.stringify(bundle, undefined, 2)}\n`);
    out(`${base}.md and ${base}.json were written.`);
  } else {
    out(json === true ? JSON.stringify(bundle, undefined, 2) : bundleMarkdown(bundle));
  }
  const { length } = bundle.verification.findings;
  if (length > 0) throw new CommandError('The record of this rollout is not as it was written.', 1);
}

/** The rollout whose id begins like that, be it over since long. */
async function meant(reads: AuditReads, typed = ''): Promise<RolloutId> {
  const start = `ro_${typed.replace(/^ro_/, '').toLowerCase()}`;
  const whole = RolloutId.safeParse(start);
  if (whole.success) return whole.data;
  // A sandbox runs ahead of this machine's clock.
  const streams = await allStreams(reads, systemClock.now() + 366 * day);
  const ids = [...streams].flatMap((stream) => RolloutId.safeParse(stream).data ?? []);
  const fitting = typed === '' ? [] : ids.filter((id) => id.startsWith(start));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const listed = (fitting.length > 0 ? fitting : ids).slice(-10).map((id) => `\n  ${id}`);
  const which = fitting.length > 0 || typed === '' ? 'Which rollout?' : `There is no ${start}.`;
  const known = listed.length === 0 ? ' None is on record.' : ` On record are:${listed.join('')}`;
  throw new CommandError(`${which}${known}`, 2);
}

async function readBundle(
  reads: AuditReads,
  id: RolloutId,
  people: readonly Identity[],
): Promise<Bundle> {
  const commits = await reads.rollouts.load(id);
  const events = commits.flatMap((commit) => commit.events);
  const rollout = rolloutOf(id, events);
  if (rollout === undefined) throw new CommandError(`There is no rollout ${id}.`, 1);
  const record = await all(reads.records(id));
  const anchors = (await all(reads.records('anchors')))
    .flatMap(({ commit }) => commit?.events ?? [])
    .flatMap((json) => AnchorEvent.safeParse(json).data ?? []);
  const { sequence } = (await reads.heads.read(id)) ?? {};
  const seen = examineStream(id, record, marksOf(anchors).get(id) ?? [], sequence);
  const changes: { readonly digest: string; readonly change: NonNullable<unknown> }[] = [];
  for (const digest of new Set(events.flatMap(digestsOf))) {
    const change = await reads.changes.get(digest);
    if (change !== undefined && change !== null) changes.push({ digest, change });
  }
  return bundleOf({
    rollout,
    commits,
    changes: changes as Bundle['changes'],
    people,
    verification: { anchored: seen.anchored, findings: seen.findings },
    record,
    now: systemClock.now(),
  });
}

async function all(records: AsyncIterable<StoredRecord>): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  for await (const record of records) found.push(record);
  return found;
}

function digestsOf(event: RolloutEvent): readonly Digest[] {
  if (event.type === 'ApprovalRequested') return [event.digest];
  return event.type === 'RollbackRequested' ? event.recoveries.map(({ digest }) => digest) : [];
}
