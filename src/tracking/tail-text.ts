import type { Instant } from '../shared/time.ts';
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
  const groups = new Map<
    string,
    { names: string[]; pools: Set<string>; drifted: Instant[]; by?: Blocker }
  >();
  for (const claim of tail) {
    const by = blockerOf(claim, blockers);
    const key = JSON.stringify([by?.cause, by?.owner ?? by?.object]);
    const group = groups.get(key) ?? {
      names: [],
      pools: new Set(),
      drifted: [],
      ...(by && { by }),
    };
    groups.set(key, group);
    group.names.push(claim.nodeName ?? claim.name);
    group.pools.add(claim.nodePool);
    group.drifted.push(...driftedSince(claim));
  }
  return [...groups.values()].map(({ names, pools, drifted, by }) => {
    const more = names.length > mostNodes ? ` and ${names.length - mostNodes} more` : '';
    const lead = `${names.slice(0, mostNodes).join(', ')}${more} (NodePool ${[...pools].join(', ')})`;
    // where nobody said since when it holds them, they wait since they drifted
    const since = by?.since ?? (drifted.length === 0 ? undefined : Math.min(...drifted));
    const age = since === undefined ? [] : [`since ${isoOf(since)}`];
    const why =
      by === undefined
        ? ['nothing known holds them', ...age]
        : whyTexts(by, { age, isNamed: names.length === 1 });
    return `${lead}: ${why.join('; ')}`;
  });
}

function driftedSince({ detail }: NodeClaimView): readonly Instant[] {
  const drifted = detail?.conditions.find(({ type }) => type === 'Drifted');
  return drifted?.since === undefined ? [] : [drifted.since];
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

/** @param of.isNamed the one node that it speaks of stands before it. */
function whyTexts(
  blocker: Blocker,
  { age, isNamed }: { readonly age: readonly string[]; readonly isNamed: boolean },
): readonly string[] {
  const { node, opensAt, owner, object } = blocker;
  // budgets say themselves when they open
  const release = opensAt === undefined && !blocker.cause.startsWith('budget');
  const ofPods = /^(?:Pod|PodDisruptionBudget)\//.test(object);
  const text = blockerText(blocker).replace(/\.$/, '');
  return [
    isNamed && node !== undefined && text.startsWith(`${node} `)
      ? text.slice(node.length + 1)
      : text,
    ...age,
    ...(owner === undefined && ofPods ? ['its owner is not known'] : []),
    ...(release ? ['nobody can say when it lets go'] : []),
  ];
}
