import { mrkdwnLink } from '../src/shared/link.ts';
import type { Blocker } from '../src/tracking/blocker.ts';
import { groupedText } from '../src/tracking/blocker-text.ts';
import type { Message } from './block-kit.ts';
import { section } from './block-kit.ts';
import { blockerLine } from './blockers.ts';
import { clause, named } from './phrases.ts';

const mostSentences = 2;

/** What of an owner's holds nodes of a cluster. */
export type OwnerHeld = {
  readonly cluster: string;
  readonly what: string;
  /** Empty: it holds nothing any more. */
  readonly blockers: readonly Blocker[];
};

/**
 * One line for whoever owns what holds nodes, in their own channel: it mentions nobody. `worth` changes when something
 * else holds them, or nothing any more; not with each node.
 */
export function ownerLine(
  { cluster, what, blockers }: OwnerHeld,
  { release, cardUrl }: { readonly release: string; readonly cardUrl: string | undefined },
): Message & { readonly worth: string } {
  const link = cardUrl === undefined ? '' : ` ${mrkdwnLink('Open the card', cardUrl)}`;
  const where = `${named(cluster)}, node image ${named(release)}`;
  const why = groupedText(blockers, mostSentences).map((sentence) => blockerLine(sentence));
  const text =
    why.length === 0
      ? `${where}: ${clause(what)} holds no node any more.`
      : `${where}: nodes wait to be replaced. ${why.join(' ')}`;
  const causes = [...new Set(blockers.map(({ cause }) => cause))].sort();
  return { text, blocks: [section(`${text}${link}`)], worth: JSON.stringify(causes) };
}
