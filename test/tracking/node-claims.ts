import type { NodeClaimView } from '../../src/tracking/types.ts';

/** A NodeClaim that runs well on `ami-new`, but for what the test changes. */
export function claim(changes: Partial<NodeClaimView> = {}): NodeClaimView {
  return {
    name: 'general-a',
    uid: 'uid-a',
    nodePool: 'general',
    nodeClass: 'default',
    imageId: 'ami-new',
    nodeName: 'ip-10-0-0-1',
    launched: true,
    registered: true,
    initialized: true,
    ready: true,
    drifted: false,
    deleting: false,
    disrupting: false,
    ...changes,
  };
}

/** The same without an image: not launched yet. */
export function unlaunched(changes: Partial<NodeClaimView> = {}): NodeClaimView {
  const {
    imageId: _,
    nodeName: __,
    ...rest
  } = claim({
    launched: false,
    registered: false,
    initialized: false,
    ready: false,
    ...changes,
  });
  return rest;
}

export const wanted: ReadonlySet<string> = new Set(['ami-new', 'ami-new-arm']);
