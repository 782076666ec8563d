import type { DecisionRecord, DecisionStream } from '../../workflow/ports/records.ts';
import type { GlobalEvent } from '../../workflow/ports/store.ts';
import { commitOfItem } from './commit-item.ts';
import { decisionsIndex } from './describe-table.ts';
import { streamOf } from './keys.ts';
import type { Opener } from './log.ts';
import { queryAll, type TableAccess } from './table-access.ts';

/**
 * Decisions of one month (`2026-11`, in UTC), oldest first. The index follows the log within moments, so the very
 * newest may be missing; what is read here is for people to look at, and never decided on.
 */
export async function* listDecisions<Event>(
  access: TableAccess,
  month: string,
  openers: { readonly rollouts: Opener<Event>; readonly global: Opener<GlobalEvent> },
): AsyncGenerator<DecisionRecord<Event>> {
  const doing = { operation: 'decisions.list', what: `decisions of ${month}` };
  const items = queryAll(access, doing, {
    IndexName: decisionsIndex,
    KeyConditionExpression: '#pk = :month',
    ExpressionAttributeNames: { '#pk': `${decisionsIndex}Pk` },
    ExpressionAttributeValues: { ':month': month },
  });
  for await (const item of items) {
    const stream = streamOf(String(item['pk']));
    const stored = commitOfItem(item);
    if (stream === 'global')
      yield { stream: 'global', commit: openers.global.open(stream, stored) };
    else yield { stream, commit: openers.rollouts.open(stream, stored) };
  }
}

/** Streams with a decision in a month, by their keys alone: also where a record can no longer be read. */
export async function streamsDecided(
  access: TableAccess,
  month: string,
): Promise<ReadonlySet<DecisionStream>> {
  const doing = { operation: 'decisions.streams', what: `streams of ${month}` };
  const items = queryAll(access, doing, {
    IndexName: decisionsIndex,
    KeyConditionExpression: '#index = :month',
    ProjectionExpression: '#pk',
    ExpressionAttributeNames: { '#index': `${decisionsIndex}Pk`, '#pk': 'pk' },
    ExpressionAttributeValues: { ':month': month },
  });
  const found = new Set<DecisionStream>();
  for await (const { pk } of items) found.add(streamOf(String(pk)));
  return found;
}
