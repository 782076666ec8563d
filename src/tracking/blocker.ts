import type { Instant } from '../shared/time.ts';

/** Why a node is not being replaced now. What people and scripts read: causes are added, never renamed. */
export type BlockerCause =
  /** The EC2NodeClass is not Ready: no new node can launch. */
  | 'nodeclass-not-ready'
  /** Its selector finds no image: no new node can launch. */
  | 'no-image'
  | 'nodepool-missing'
  /** The NodePool's disruption budget allows nothing now. */
  | 'budget'
  /** A budget's schedule cannot be read, and Karpenter allows nothing at all. */
  | 'budget-invalid'
  /** The budget is taken by nodes that are not Ready. */
  | 'budget-used'
  /** The budget is taken by nodes that have drained for long, whatever made them leave. */
  | 'budget-draining'
  | 'nodepool-limits'
  | 'pdb'
  | 'several-pdbs'
  | 'do-not-disrupt-pod'
  | 'do-not-disrupt-node'
  /** Its pods have no other place. */
  | 'no-place'
  | 'unschedulable'
  | 'capacity'
  | 'subnet-addresses'
  | 'launch'
  | 'not-registering'
  | 'not-ready'
  /** It drains, and its terminationGracePeriod overrides what protects its pods. */
  | 'grace-period'
  | 'volumes';

export type Blocker = {
  readonly cause: BlockerCause;
  /** The Node that waits, or its NodeClaim where there is no Node; absent: it holds back a whole pool or class. */
  readonly node?: string;
  /** What stands in the way: `Kind/name` or `Kind/namespace/name`. */
  readonly object: string;
  /** Whose it is, as `Deployment payments/ledger`; absent: not known. */
  readonly owner?: string;
  /** Since when, as far as anybody said. */
  readonly since?: Instant;
  /** When it ends by itself; absent: nobody can tell. */
  readonly opensAt?: Instant;
  /** How many nodes it holds back. */
  readonly nodes: number;
  /** Karpenter's, the scheduler's or AWS's own words: outside text. */
  readonly words?: string;
};

/** The same blocker is named once, with the first time and the most that is known of it. */
export function withoutTwins(blockers: readonly Blocker[]): readonly Blocker[] {
  const byKey = new Map<string, Blocker>();
  for (const blocker of blockers) {
    const key = JSON.stringify([blocker.cause, blocker.node, blocker.object]);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? blocker : merged(known, blocker));
  }
  return [...byKey.values()];
}

function merged(a: Blocker, b: Blocker): Blocker {
  const since = earliest(a.since, b.since);
  return {
    ...b,
    ...a,
    ...(since === undefined ? {} : { since }),
    nodes: Math.max(a.nodes, b.nodes),
  };
}

function earliest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
