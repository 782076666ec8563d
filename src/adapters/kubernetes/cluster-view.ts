import type { Instant } from '../../shared/time.ts';
import type { ClusterView, NodeClassView, NodePoolView } from '../../tracking/types.ts';
import type { NodeClaimRecord } from './node-claim-record.ts';
import type { NodeRecord } from './node-record.ts';

/** Joins what the resources say. A NodeClaim is Ready only when its Node is known and Ready too. */
export function clusterViewOf(
  {
    nodeClasses,
    nodePools,
    nodeClaims,
    nodes,
  }: {
    readonly nodeClasses: readonly NodeClassView[];
    readonly nodePools: readonly NodePoolView[];
    readonly nodeClaims: readonly NodeClaimRecord[];
    readonly nodes: readonly NodeRecord[];
  },
  observedAt: Instant,
): ClusterView {
  const readyNodes = new Set(nodes.filter(({ ready }) => ready).map(({ name }) => name));
  const handled = nodeClaims.filter((claim) => claim.handled);
  return {
    nodeClasses,
    nodePools,
    nodeClaims: handled.map(({ view }) => ({
      ...view,
      ready: view.ready && view.nodeName !== undefined && readyNodes.has(view.nodeName),
    })),
    notHandled: nodeClaims.length - handled.length,
    observedAt,
  };
}
