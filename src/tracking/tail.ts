import { progressOf } from './progress.ts';
import type { NodeClaimView } from './types.ts';

/**
 * NodeClaims that may follow later: in each NodePool at least a share runs a wanted image, and what is left is old and
 * only waits. `undefined` where a pool is short of its share, or a new node is coming up or is not Ready: that is no tail.
 * @param options.atLeast share of a NodePool's nodes that is enough, from 0 exclusive to 1 inclusive.
 * @param options.begun the wave went on without them already: one that moves at last, with its replacement, is no news.
 */
export function tailOf(
  nodeClaims: readonly NodeClaimView[],
  wanted: ReadonlySet<string>,
  { atLeast, begun }: { readonly atLeast: (nodePool: string) => number; readonly begun: boolean },
): readonly string[] | undefined {
  const names = new Set(nodeClaims.map(({ nodePool }) => nodePool));
  const tail: string[] = [];
  for (const name of names) {
    const claims = nodeClaims.filter(({ nodePool }) => nodePool === name);
    const { counts, remaining } = progressOf(claims, wanted);
    const isMoving = begun && remaining.length > counts.launching;
    if (counts.notReady > 0 || (counts.launching > 0 && !isMoving)) return undefined;
    if (counts.replaced < atLeast(name) * (counts.total - counts.launching)) return undefined;
    tail.push(...remaining);
  }
  return tail;
}
