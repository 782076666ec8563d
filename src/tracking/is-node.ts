import type { NodeClaimView } from './types.ts';

/** Whether a NodeClaim ever became a node: a launch that failed is deleted as a node is, and moves no pods. */
export function isNode({ registered, nodeName }: NodeClaimView): boolean {
  return registered || nodeName !== undefined;
}
