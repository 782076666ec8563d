import { isoOf } from '../shared/time.ts';
import type { Blocker } from './blocker.ts';
import { blockerText } from './blocker-text.ts';
import type { NodeClaimView } from './types.ts';

const mostNodes = 3;

/**
 * Which nodes follow later, and why: a sentence for each thing that holds some, with its owner, since when, and when it
 * lets go, as far as anybody can say. Times in ISO 8601; names and words are from outside.
 */
export function tailSentences(
  tail: readonly NodeClaimView[],
  blockers: readonly Blocker[],
): readonly string[] {
  const groups = new Map<string, { names: string[]; pools: Set<string>; by?: Blocker }>();
  for (const claim of tail) {
    const by = blockerOf(claim, blockers);
    const key = JSON.stringify([by?.cause, by?.owner ?? by?.object]);
    const group = groups.get(key) ?? { names: [], pools: new Set(), ...(by && { by }) };
    groups.set(key, group);
    group.names.push(claim.nodeName ?? claim.name);
    group.pools.add(claim.nodePool);
  }
  return [...groups.values()].map(({ names, pools, by }) => {
    const more = names.length > mostNodes ? ` and ${names.length - mostNodes} more` : '';
    const lead = `${names.slice(0, mostNodes).join(', ')}${more} (NodePool ${[...pools].join(', ')})`;
    return by === undefined ? `${lead}: nothing known holds them` : `${lead}: ${whyText(by)}`;
  });
}

/** What holds the node itself, else its whole NodePool. */
function blockerOf(
  { name, nodeName, nodePool }: NodeClaimView,
  blockers: readonly Blocker[],
): Blocker | undefined {
  return (
    blockers.find(({ node }) => node !== undefined && (node === nodeName || node === name)) ??
    blockers.find(({ node, object }) => node === undefined && object === `NodePool/${nodePool}`)
  );
}

function whyText(blocker: Blocker): string {
  const { since, opensAt, owner, object } = blocker;
  // budgets say themselves when they open
  const release = opensAt === undefined && !blocker.cause.startsWith('budget');
  const ofPods = /^(?:Pod|PodDisruptionBudget)\//.test(object);
  return [
    blockerText(blocker).replace(/\.$/, ''),
    ...(since === undefined ? [] : [`since ${isoOf(since)}`]),
    ...(owner === undefined && ofPods ? ['its owner is not known'] : []),
    ...(release ? ['nobody can say when it lets go'] : []),
  ].join('; ');
}
