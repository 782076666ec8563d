import { z } from 'zod';
import type { StoredRecord } from '../../audit/stored-record.ts';
import type { Json } from '../../shared/canonical.ts';
import type { ChainedCommit } from '../../shared/chain.ts';
import type { Actor } from '../../workflow/ports/store.ts';
import { type Key, logPk, monthOf, type StreamId, sequenceSk, timedSk } from './keys.ts';
import type { RawItem } from './table-access.ts';

/** A commit before its events are parsed. */
export type StoredCommit = ChainedCommit & { readonly actor: Actor };

const ActorOfItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('slack'), id: z.string() }),
  z.object({ kind: z.literal('github'), id: z.string() }),
  z.object({ kind: z.literal('cloud'), id: z.string() }),
  z.object({ kind: z.literal('amiable') }),
]);

const CommitItem = z.object({
  sk: z.string().regex(/^[0-9]{8}$/),
  events: z.array(z.custom<Json>((value) => value !== undefined)),
  actor: ActorOfItem,
  at: z.number(),
  cause: z.string().optional(),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Spells a commit as an item. Events are a native list of maps: smaller than JSON text in DynamoDB's count (no quotes,
 * half a byte a digit), and open to the console's filters. A decision also gets its place in the index of decisions.
 */
export function commitItem(
  stream: StreamId,
  { sequence, ...commit }: StoredCommit,
  decision: boolean,
): Key & RawItem {
  const sk = sequenceSk(sequence);
  return {
    pk: logPk(stream),
    sk,
    ...commit,
    ...(decision
      ? { decisionsPk: monthOf(commit.at), decisionsSk: timedSk(commit.at, `${stream}#${sk}`) }
      : {}),
  };
}

/** Reads back what `commitItem` spelled. @throws Error when the item is no commit. */
export function commitOfItem(item: RawItem): StoredCommit {
  const { sk, cause, ...commit } = CommitItem.parse(item);
  return { sequence: Number(sk), ...commit, ...(cause === undefined ? {} : { cause }) };
}

/** An item of a stream, whatever it is: the commit is left out where it is none. */
export function recordOfItem(item: RawItem): StoredRecord {
  const key = String(item['sk']);
  const { success } = CommitItem.safeParse(item);
  return success ? { key, commit: commitOfItem(item) } : { key };
}
