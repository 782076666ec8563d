import type { NodeClaimView } from './types.ts';

/**
 * Where a NodeClaim stands in a rollout. `blocked`, the tenth phase people speak of, is not here: it is `drifted` plus a
 * DisruptionBlocked event, and a NodeClaim does not carry its events.
 */
export type Phase =
  /** Its pods are gone and the instance is being terminated. */
  | 'terminating'
  /** It is deleted, and its pods are on their way out. */
  | 'draining'
  /** Chosen for disruption; its replacement comes up first. */
  | 'replacing'
  /** On another image, known to Karpenter, waiting for its turn. */
  | 'drifted'
  /** On another image, and Karpenter has not looked yet. */
  | 'unseen'
  | 'launching'
  | 'registering'
  | 'initializing'
  /** On a wanted image, initialized once, and now not Ready. */
  | 'not-ready'
  | 'done';

/**
 * @param wanted ids of the approved release for this cluster (region, minor, architectures, variants), resolved by us:
 * `status.amis` still holds the old ids right after a sync.
 */
export function phaseOf(nodeClaim: NodeClaimView, wanted: ReadonlySet<string>): Phase {
  const { imageId, launched, registered, initialized, ready } = nodeClaim;
  if (nodeClaim.terminating === true) return 'terminating';
  if (nodeClaim.deleting) return 'draining';
  if (nodeClaim.disrupting) return 'replacing';
  if (imageId !== undefined && !wanted.has(imageId))
    return nodeClaim.drifted ? 'drifted' : 'unseen';
  // Drift of a node that runs a wanted image has another cause (a changed NodePool, say): not this rollout's concern.
  if (imageId === undefined || !launched) return 'launching';
  if (!registered) return 'registering';
  if (!initialized) return 'initializing';
  return ready ? 'done' : 'not-ready';
}
