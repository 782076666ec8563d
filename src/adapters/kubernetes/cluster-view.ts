import type { Instant } from '../../shared/time.ts';
import type {
  ClusterView,
  NodeClaimView,
  NodeClassView,
  NodePoolView,
} from '../../tracking/types.ts';

/** Joins what the resources say. A NodeClaim is Ready only when its Node is known and Ready too. */
export function clusterViewOf(
  {
    nodeClasses,
    nodePools,
    nodeClaims,
    readyNodes,
  }: {
    readonly nodeClasses: readonly NodeClassView[];
    readonly nodePools: readonly NodePoolView[];
    readonly nodeClaims: Iterable<NodeClaimView>;
    /** By name, whether it is Ready. */
    readonly readyNodes: ReadonlyMap<string, boolean>;
  },
  observedAt: Instant,
): ClusterView {
  const pools = new Map(nodePools.map((pool) => [pool.name, pool]));
  const classes = new Set(nodeClasses.map(({ name }) => name));
  const isHandled = (claim: NodeClaimView): boolean => {
    if (claim.otherGroup === true) return false;
    const pool = pools.get(claim.nodePool);
    // a pool that is gone or cannot be read says nothing of the group; then the class has to be one of ours
    if (pool !== undefined && pool.nodeClass !== '') return pool.managedHere;
    return claim.detail !== undefined || classes.has(claim.nodeClass);
  };
  const handled: NodeClaimView[] = [];
  let notHandled = 0;
  for (const claim of nodeClaims) {
    if (!isHandled(claim)) notHandled += 1;
    else if (claim.ready && readyNodes.get(claim.nodeName ?? '') !== true)
      handled.push({ ...claim, ready: false });
    else handled.push(claim);
  }
  return { nodeClasses, nodePools, nodeClaims: handled, notHandled, observedAt };
}
