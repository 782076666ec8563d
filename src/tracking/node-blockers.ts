import type { Instant } from '../shared/time.ts';
import { minute } from '../shared/time.ts';
import type { Blocker } from './blocker.ts';
import { eventCause } from './event-cause.ts';
import { selects } from './selects.ts';
import type {
  EventView,
  NodeClaimView,
  NodePoolView,
  PodBudgetView,
  PodView,
  Surroundings,
} from './types.ts';

/** An event that was not repeated for so long is believed only when an object confirms it. */
const freshMs = 10 * minute;

type Around = Surroundings & {
  readonly nodePool?: NodePoolView | undefined;
  readonly now: Instant;
};

/** Why a node that is to be replaced is not chosen, or does not drain. Events are hints; objects decide. */
export function nodeBlockers(claim: NodeClaimView, around: Around): readonly Blocker[] {
  const pods = (around.pods ?? []).filter(
    ({ nodeName, stays }) => !stays && nodeName !== undefined && nodeName === claim.nodeName,
  );
  return claim.deleting
    ? drainBlockers(claim, pods, around)
    : [
        ...heldNode(claim, around),
        ...podBlockers(claim, pods, around),
        ...toldBlockers(claim, pods, around),
      ];
}

function heldNode(claim: NodeClaimView, { heldNodes }: Around): readonly Blocker[] {
  const node = nodeOf(claim);
  const by = heldNodes?.get(claim.nodeName ?? '');
  if (by === undefined && claim.detail?.doNotDisrupt !== true) return [];
  const owner = by === undefined || by === '' ? {} : { owner: by };
  return [{ cause: 'do-not-disrupt-node', node, object: `Node/${node}`, nodes: 1, ...owner }];
}

function podBlockers(
  claim: NodeClaimView,
  pods: readonly PodView[],
  { budgets = [], nodePool, now }: Around,
): readonly Blocker[] {
  // with a grace period, drift ignores what protects pods: they only hold the node until it ends
  if ((claim.detail === undefined ? nodePool?.graceMs : claim.detail.graceMs) !== undefined)
    return [];
  return pods.flatMap((pod) => [
    ...protectedPod(claim, pod, now),
    ...budgetBlockers(claim, pod, budgets),
  ]);
}

function protectedPod(claim: NodeClaimView, pod: PodView, now: Instant): readonly Blocker[] {
  if (pod.doNotDisrupt === undefined || pod.deleting) return [];
  const until = pod.doNotDisrupt === true ? undefined : (pod.startedAt ?? now) + pod.doNotDisrupt;
  if (until !== undefined && until <= now) return [];
  return [
    {
      cause: 'do-not-disrupt-pod',
      node: nodeOf(claim),
      object: `Pod/${pod.namespace}/${pod.name}`,
      nodes: 1,
      ...ownerOf(pod),
      ...(until === undefined ? {} : { opensAt: until }),
    },
  ];
}

function budgetBlockers(
  claim: NodeClaimView,
  pod: PodView,
  budgets: readonly PodBudgetView[],
): readonly Blocker[] {
  if (pod.deleting) return [];
  const over = budgetsOver(pod, budgets);
  if (over.length > 1)
    return [
      {
        cause: 'several-pdbs',
        node: nodeOf(claim),
        object: `Pod/${pod.namespace}/${pod.name}`,
        nodes: 1,
        words: over.map(({ namespace, name }) => `${namespace}/${name}`).join(', '),
        ...ownerOf(pod),
      },
    ];
  return over
    .filter((budget) => keeps(budget, pod))
    .map((budget) => ({ ...exhausted(budget, ownerOf(pod)), node: nodeOf(claim) }));
}

/** What Karpenter told of the node, unless an object of now says otherwise. */
function toldBlockers(
  claim: NodeClaimView,
  pods: readonly PodView[],
  around: Around,
): readonly Blocker[] {
  return (around.events ?? [])
    .filter((event) => event.reason === 'DisruptionBlocked' && isAbout(event, claim))
    .flatMap((event) => toldBlocker(event, claim, pods, around));
}

function toldBlocker(
  event: EventView,
  claim: NodeClaimView,
  pods: readonly PodView[],
  around: Around,
): readonly Blocker[] {
  const fresh = around.now - (event.lastAt ?? 0) <= freshMs;
  const since = event.firstAt === undefined ? {} : { since: event.firstAt };
  const node = nodeOf(claim);
  const cause = eventCause(event.message);
  switch (cause.kind) {
    case 'pdb':
    case 'several-pdbs':
      return cause.names.flatMap((name): readonly Blocker[] => {
        const budget = (around.budgets ?? []).find((it) => `${it.namespace}/${it.name}` === name);
        // a budget that is read and allows something again, or is gone, blocks no longer
        if (around.budgets === undefined ? !fresh : budget === undefined) return [];
        if (cause.kind === 'pdb' && budget !== undefined && budget.allowed > 0) return [];
        if (cause.kind === 'several-pdbs')
          return fresh
            ? [
                {
                  cause: 'several-pdbs',
                  node,
                  object: `Node/${node}`,
                  nodes: 1,
                  words: cause.names.join(', '),
                  ...since,
                },
              ]
            : [];
        const protectedOnes = around.pods?.find(
          (pod) => budget !== undefined && isOver(budget, pod),
        );
        return budget === undefined
          ? [{ cause: 'pdb', node, object: `PodDisruptionBudget/${name}`, nodes: 1, ...since }]
          : [{ ...exhausted(budget, ownerOf(protectedOnes)), node, ...since }];
      });
    case 'do-not-disrupt-pod': {
      const pod = pods.find((it) => `${it.namespace}/${it.name}` === cause.pod);
      const known = around.pods !== undefined;
      if (known ? pod?.doNotDisrupt === undefined : !fresh) return [];
      const object = `Pod/${cause.pod}`;
      return [{ cause: 'do-not-disrupt-pod', node, object, nodes: 1, ...ownerOf(pod), ...since }];
    }
    case 'do-not-disrupt-node':
      if (around.heldNodes === undefined ? !fresh : !around.heldNodes.has(claim.nodeName ?? ''))
        return [];
      return [{ cause: 'do-not-disrupt-node', node, object: `Node/${node}`, nodes: 1, ...since }];
    case 'nodepool-missing':
      if (around.nodePool !== undefined) return [];
      return [
        {
          cause: 'nodepool-missing',
          node,
          object: `NodePool/${cause.nodePool}`,
          nodes: 1,
          ...since,
        },
      ];
    case 'no-place':
      if (!fresh) return [];
      return [
        {
          cause: 'no-place',
          node,
          object: `Node/${node}`,
          nodes: 1,
          words: event.message,
          ...since,
        },
      ];
    case 'passing':
      return [];
  }
}

function drainBlockers(
  claim: NodeClaimView,
  pods: readonly PodView[],
  { budgets = [], now }: Around,
): readonly Blocker[] {
  const { detail } = claim;
  const node = nodeOf(claim);
  const since = detail?.deletedAt === undefined ? {} : { since: detail.deletedAt };
  const ends = detail?.forcedEndAt === undefined ? {} : { opensAt: detail.forcedEndAt };
  const held = pods.flatMap((pod) => [
    ...protectedPod(claim, pod, now),
    ...budgetBlockers(claim, pod, budgets),
  ]);
  if (held.length > 0) {
    const [first] = held;
    const forcedEndAt = detail?.forcedEndAt;
    if (forcedEndAt === undefined) return held.map((blocker) => ({ ...since, ...blocker }));
    return [
      ...held.map((blocker) => ({
        ...since,
        ...blocker,
        opensAt: Math.min(blocker.opensAt ?? forcedEndAt, forcedEndAt),
      })),
      {
        cause: 'grace-period',
        node,
        object: `NodeClaim/${claim.name}`,
        nodes: 1,
        ...(first?.owner === undefined ? {} : { owner: first.owner }),
        ...since,
        ...ends,
      },
    ];
  }
  const volumes = detail?.conditions.find(({ type }) => type === 'VolumesDetached');
  if (volumes === undefined || volumes.status === 'True') return [];
  return [
    {
      cause: 'volumes',
      node,
      object: `NodeClaim/${claim.name}`,
      nodes: 1,
      words: volumes.message === '' ? volumes.reason : volumes.message,
      ...(volumes.since === undefined ? since : { since: volumes.since }),
      ...ends,
    },
  ];
}

function exhausted(budget: PodBudgetView, owner: { owner?: string }): Blocker {
  return {
    cause: 'pdb',
    object: `PodDisruptionBudget/${budget.namespace}/${budget.name}`,
    nodes: 1,
    words: `${budget.healthy} healthy, ${budget.desired} needed`,
    ...owner,
    ...(budget.since === undefined ? {} : { since: budget.since }),
  };
}

export function budgetsOver(
  pod: PodView,
  budgets: readonly PodBudgetView[],
): readonly PodBudgetView[] {
  return budgets.filter((budget) => isOver(budget, pod));
}

/** Whether a budget over a pod allows no eviction of it now. Source: karpenter, pkg/utils/pdb. */
export function keeps({ allowed, letsUnreadyGo }: PodBudgetView, { ready }: PodView): boolean {
  return allowed === 0 && (letsUnreadyGo !== true || ready);
}

function isOver(budget: PodBudgetView, pod: PodView): boolean {
  return budget.namespace === pod.namespace && selects(budget.selector, pod.labels);
}

function isAbout({ kind, name }: EventView, claim: NodeClaimView): boolean {
  return (
    (kind === 'NodeClaim' && name === claim.name) || (kind === 'Node' && name === claim.nodeName)
  );
}

function ownerOf(pod: PodView | undefined): { owner?: string } {
  return pod?.owner === undefined ? {} : { owner: pod.owner };
}

function nodeOf({ nodeName, name }: NodeClaimView): string {
  return nodeName ?? name;
}
