import { assertNever } from '../shared/assert-never.ts';
import { isNode } from './is-node.ts';
import type { Phase } from './phase.ts';
import { phaseOf } from './phase.ts';
import type { NodeClaimView } from './types.ts';

/** NodeClaims by how far they are; everyone is counted once, so the parts add up to `total`. */
export type Counts = {
  readonly total: number;
  /** On a wanted image and Ready, whatever else happens to it: consolidation of a new node is not work left to do. */
  readonly replaced: number;
  /** On another image and not yet leaving, whether Karpenter has marked it or not. */
  readonly drifted: number;
  /** Leaving, and not `replaced`. */
  readonly draining: number;
  /** On a wanted image, or on none yet, and never initialized. */
  readonly launching: number;
  /** On a wanted image, initialized once, and not Ready now. */
  readonly notReady: number;
};

export type Progress =
  /** Nothing to replace, hence nothing proven: never a success by itself. */
  | { readonly kind: 'no-nodes'; readonly counts: Counts; readonly remaining: readonly string[] }
  /** `remaining` names the NodeClaims that are not `replaced`, in the order given. */
  | { readonly kind: 'replacing'; readonly counts: Counts; readonly remaining: readonly string[] }
  | { readonly kind: 'replaced'; readonly counts: Counts; readonly remaining: readonly string[] };

/**
 * Compares NodeClaims with the images the approved release has for their cluster. It counts by image, not by drift:
 * Karpenter shows only the first drift reason, and marks it up to five minutes late.
 */
export function progressOf(
  nodeClaims: readonly NodeClaimView[],
  wanted: ReadonlySet<string>,
): Progress {
  const counts = { total: nodeClaims.length, ...nothing };
  const remaining: string[] = [];
  for (const nodeClaim of nodeClaims) {
    const standing = standingOf(nodeClaim, wanted);
    counts[standing] += 1;
    if (standing !== 'replaced') remaining.push(nodeClaim.name);
  }
  if (nodeClaims.length === 0) return { kind: 'no-nodes', counts, remaining };
  return { kind: remaining.length === 0 ? 'replaced' : 'replacing', counts, remaining };
}

type Standing = Exclude<keyof Counts, 'total'>;

const nothing: Readonly<Record<Standing, number>> = {
  replaced: 0,
  drifted: 0,
  draining: 0,
  launching: 0,
  notReady: 0,
};

function standingOf(nodeClaim: NodeClaimView, wanted: ReadonlySet<string>): Standing {
  const { imageId, initialized, ready } = nodeClaim;
  const onWanted = imageId !== undefined && wanted.has(imageId);
  if (onWanted && initialized && ready) return 'replaced';
  const phase: Phase = phaseOf(nodeClaim, wanted);
  switch (phase) {
    case 'terminating':
    case 'draining':
      // what goes away without having become a node was a launch, and drains nothing
      return isNode(nodeClaim) || (imageId !== undefined && !onWanted) ? 'draining' : 'launching';
    case 'replacing':
      if (imageId !== undefined && !onWanted) return 'drifted';
      return initialized ? 'notReady' : 'launching';
    case 'drifted':
    case 'unseen':
      return 'drifted';
    case 'launching':
    case 'registering':
    case 'initializing':
      return 'launching';
    case 'not-ready':
    case 'done': // not reached: it is replaced
      return 'notReady';
    default:
      return assertNever(phase);
  }
}
