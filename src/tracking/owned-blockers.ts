import type { Blocker, BlockerCause } from './blocker.ts';

/** Who is told of what holds nodes. A name that ends in `*` stands for all that begin so. */
export type OwnerChannel = {
  readonly namespaces: readonly string[];
  readonly nodePools: readonly string[];
  /** Id of the channel they are told in. */
  readonly channel: string;
};

/** Something of a team's that holds nodes. */
export type OwnedBlocker = {
  /** `Deployment payments/ledger`, or the object where nobody knows whose pods they are; the same for as long as it stands. */
  readonly what: string;
  readonly channel: string;
  /** At least one. */
  readonly blockers: readonly Blocker[];
};

/** What its owner can end, or has to know of. All else is for who runs the rollout. */
const owned: ReadonlySet<BlockerCause> = new Set([
  'budget',
  'pdb',
  'several-pdbs',
  'do-not-disrupt-pod',
  'do-not-disrupt-node',
  'grace-period',
]);

/**
 * What holds nodes and has an owner with a channel, once for each workload or NodePool. The first entry that fits counts.
 * @param nodePoolOf by Node, or by NodeClaim where there is no Node.
 */
export function ownedBlockers(
  blockers: readonly Blocker[],
  {
    owners,
    nodePoolOf,
  }: {
    readonly owners: readonly OwnerChannel[];
    readonly nodePoolOf: ReadonlyMap<string, string>;
  },
): readonly OwnedBlocker[] {
  const found = new Map<string, { channel: string; blockers: Blocker[] }>();
  for (const blocker of blockers) {
    if (!owned.has(blocker.cause)) continue;
    const namespace = namespaceOf(blocker);
    const nodePool =
      /^NodePool\/(.+)$/.exec(blocker.object)?.[1] ?? nodePoolOf.get(blocker.node ?? '');
    const channel = owners.find(
      ({ namespaces, nodePools }) => fits(namespaces, namespace) || fits(nodePools, nodePool),
    )?.channel;
    if (channel === undefined) continue;
    const what =
      namespace === undefined
        ? `NodePool ${nodePool}`
        : (blocker.owner ?? blocker.object.replace('/', ' '));
    const known = found.get(what);
    if (known === undefined) found.set(what, { channel, blockers: [blocker] });
    else known.blockers.push(blocker);
  }
  return [...found].map(([what, of]) => ({ what, ...of }));
}

/** Of the pods that hold a node; `undefined` where it is held by no pods. */
function namespaceOf({ object, owner }: Blocker): string | undefined {
  return (
    /^(?:Pod|PodDisruptionBudget)\/([^/]+)\//.exec(object)?.[1] ??
    /^\S+ ([^/\s]+)\/\S+$/.exec(owner ?? '')?.[1]
  );
}

function fits(patterns: readonly string[], name: string | undefined): boolean {
  return (
    name !== undefined &&
    patterns.some((pattern) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
    )
  );
}
