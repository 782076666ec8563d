import type { Instant } from '../shared/time.ts';
import { isNode } from './is-node.ts';
import type { EventView, NodeClaimDetail, NodeClaimView } from './types.ts';

/** Why a node leaves. `drift`: by the change that is rolled out. */
export type ChurnCause =
  | 'drift'
  /** By a control-plane upgrade since: it runs an image of the approved release, for another minor. */
  | 'upgrade'
  /** It runs a wanted image, and differs from its NodePool or class in something else. */
  | 'other-drift'
  | 'consolidation'
  | 'expiry'
  /** Spot interruptions, stopped, terminated and failing instances, capacity reservations. */
  | 'interruption'
  /** Node auto repair: its Node was not well for too long. */
  | 'repair'
  /** Deleted by a person, or nothing tells. */
  | 'unknown';

/**
 * Nodes that leave, by cause; a launch that failed is none. What took it there is told by the NodeClaim's own conditions first, then by its age,
 * then by Karpenter's events, which are hints and last an hour; without any of them the cause is unknown.
 * @param outdated images of the approved release for another Kubernetes minor than the cluster runs now.
 */
export function churnOf(
  nodeClaims: readonly NodeClaimView[],
  {
    wanted,
    outdated,
    events,
    now,
  }: {
    readonly wanted: ReadonlySet<string>;
    readonly outdated: ReadonlySet<string>;
    readonly events: readonly EventView[];
    readonly now: Instant;
  },
): ReadonlyMap<ChurnCause, number> {
  const churn = new Map<ChurnCause, number>();
  for (const claim of nodeClaims) {
    if (!claim.deleting && !claim.disrupting && claim.terminating !== true) continue;
    if (!isNode(claim)) continue;
    const cause = causeOf(claim);
    churn.set(cause, (churn.get(cause) ?? 0) + 1);
  }
  return churn;

  function causeOf(claim: NodeClaimView): ChurnCause {
    const { detail, imageId = '' } = claim;
    const reason = detail?.conditions.find(
      ({ type, status }) => type === 'DisruptionReason' && status === 'True',
    )?.reason;
    const hints = events.filter((event) => speaksOf(event, claim));
    const told = reason ?? hints.flatMap(disruptionIn).at(-1);
    if (told === 'Drifted') {
      if (outdated.has(imageId)) return 'upgrade';
      return wanted.has(imageId) ? 'other-drift' : 'drift';
    }
    if (told !== undefined && /^(Underutilized|Empty|Consolid)/i.test(told)) return 'consolidation';
    if (told !== undefined && /^Expired/i.test(told)) return 'expiry';
    if (hints.some(({ reason: said }) => interruptions.has(said))) return 'interruption';
    if (detail !== undefined && isRepair(detail)) return 'repair';
    if (detail?.createdAt !== undefined && detail.expireMs !== undefined) {
      const end = detail.deletedAt ?? now;
      if (end >= detail.createdAt + detail.expireMs) return 'expiry';
    }
    return 'unknown';
  }
}

/** Source: aws/karpenter-provider-aws, pkg/controllers/interruption/events. */
const interruptions: ReadonlySet<string> = new Set([
  'SpotInterrupted',
  'InstanceStopping',
  'InstanceTerminating',
  'InstanceUnhealthy',
  'TerminatingOnInterruption',
  'CapacityReservationInstanceInterrupted',
]);

/**
 * Node auto repair sends no event: it lets the forced end be now, and then deletes the NodeClaim. All others set it, if at
 * all, once the NodeClaim is deleted, to a whole grace period later.
 * Source: karpenter, pkg/controllers/node/health/controller.go.
 */
function isRepair({ deletedAt, forcedEndAt, graceMs }: NodeClaimDetail): boolean {
  return (
    deletedAt !== undefined &&
    forcedEndAt !== undefined &&
    forcedEndAt <= deletedAt &&
    graceMs !== 0
  );
}

function speaksOf({ kind, name }: EventView, claim: NodeClaimView): boolean {
  return (
    (kind === 'NodeClaim' && name === claim.name) || (kind === 'Node' && name === claim.nodeName)
  );
}

/** `Disrupting NodeClaim: Underutilized` → `Underutilized`. */
function disruptionIn({ reason, message }: EventView): readonly string[] {
  if (reason !== 'DisruptionTerminating') return [];
  const [, told] = /^Disrupting \w+: (\w+)/.exec(message) ?? [];
  return told === undefined ? [] : [told];
}

const words: Readonly<Record<Exclude<ChurnCause, 'drift'>, string>> = {
  upgrade: 'a control-plane upgrade',
  'other-drift': 'another drift',
  consolidation: 'consolidation',
  expiry: 'expiry',
  interruption: 'interruption',
  repair: 'repair',
  unknown: 'causes that nothing tells',
};

/** What leaves for other causes than the rollout, as `2 leave by consolidation, 1 by expiry`; `undefined`: nothing. */
export function churnText(churn: ReadonlyMap<ChurnCause, number>): string | undefined {
  const others = [...churn].flatMap(([cause, count]) =>
    cause === 'drift' ? [] : [{ count, word: words[cause] }],
  );
  const [first, ...rest] = others;
  if (first === undefined) return undefined;
  const lead = `${first.count} ${first.count === 1 ? 'leaves' : 'leave'} by ${first.word}`;
  return [lead, ...rest.map(({ count, word }) => `${count} by ${word}`)].join(', ');
}
