import type { RolloutId } from '../../shared/ids.ts';
import type { Commit, GlobalEvent } from '../../workflow/ports/store.ts';
import { commitOfItem } from './commit-item.ts';
import { decisionsIndex } from './describe-table.ts';
import { streamOf } from './keys.ts';
import type { Opener } from './log.ts';
import { queryAll, type TableAccess } from './table-access.ts';

/** A commit that holds a decision of a person or of policy, and the stream it is in. */
export type DecisionRecord<Event> =
  | { readonly stream: RolloutId; readonly commit: Commit<Event> }
  | { readonly stream: 'global'; readonly commit: Commit<GlobalEvent> };

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
