import type { NodeClassView, NodePoolView } from '../../tracking/types.ts';
import type { Read } from './kube-object.ts';
import { type NodeClaimRecord, readNodeClaim } from './node-claim-record.ts';
import { readNodeClass } from './node-class-view.ts';
import { readNodePool } from './node-pool-view.ts';
import { type NodeRecord, readNode } from './node-record.ts';

/** A resource that is watched: where it is listed, which of it, and what is kept of each object. */
export type WatchedKind<T> = {
  readonly kind: string;
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Another form than whole objects. */
  readonly accept?: string;
  /** @throws Error for an object without a name. */
  readonly read: (object: unknown) => Read<T>;
};

export const nodeClasses: WatchedKind<NodeClassView> = {
  kind: 'EC2NodeClass',
  path: '/apis/karpenter.k8s.aws/v1/ec2nodeclasses',
  read: readNodeClass,
};

export const nodePools: WatchedKind<NodePoolView> = {
  kind: 'NodePool',
  path: '/apis/karpenter.sh/v1/nodepools',
  read: readNodePool,
};

export const nodeClaims: WatchedKind<NodeClaimRecord> = {
  kind: 'NodeClaim',
  path: '/apis/karpenter.sh/v1/nodeclaims',
  read: readNodeClaim,
};

export const nodes: WatchedKind<NodeRecord> = {
  kind: 'Node',
  path: '/api/v1/nodes',
  // managed node groups' nodes are none of ours
  labelSelector: 'karpenter.sh/nodepool',
  read: readNode,
};
