import type { NodeClaimView, NodeClassView, NodePoolView } from '../../tracking/types.ts';
import { tableForm } from './api-client.ts';
import type { Read } from './kube-object.ts';
import { readNodeClaim } from './node-claim-record.ts';
import { nodeClaimRows } from './node-claim-row.ts';
import { readNodeClass } from './node-class-view.ts';
import { readNodePool } from './node-pool-view.ts';
import { nodeRows, readNode } from './node-record.ts';
import type { Columns, RowReader } from './table.ts';

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
  /** How rows are read where `accept` asks for a table. @throws TableUnusableError when columns are missing. */
  readonly rows?: (columns: Columns) => RowReader<T>;
  /** What a watch's rows carry beside their cells; a list's carry nothing. */
  readonly watchedObject?: 'None' | 'Metadata';
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

/** Whole NodeClaims are 4.6 KB each, and their rows 220 bytes. */
export const nodeClaims: WatchedKind<NodeClaimView> = {
  kind: 'NodeClaim',
  path: '/apis/karpenter.sh/v1/nodeclaims',
  accept: tableForm,
  read: readNodeClaim,
  rows: nodeClaimRows,
  watchedObject: 'Metadata',
};

/** By name, whether it is Ready. */
export const nodes: WatchedKind<boolean> = {
  kind: 'Node',
  path: '/api/v1/nodes',
  // managed node groups' nodes are none of ours
  labelSelector: 'karpenter.sh/nodepool',
  accept: tableForm,
  read: readNode,
  rows: nodeRows,
  watchedObject: 'None',
};
