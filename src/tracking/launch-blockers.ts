import type { Instant } from '../shared/time.ts';
import { minute } from '../shared/time.ts';
import type { Blocker } from './blocker.ts';
import type { EventView, NodeClaimView } from './types.ts';

/** Karpenter deletes a claim that did not launch for 5 min or register for 15; a good one takes a minute or two. */
const launchMs = 3 * minute;
const registerMs = 6 * minute;
const initializeMs = 6 * minute;

/**
 * What the condition says from the start. A launch that failed has a reason of its own, and is False or, in newer
 * Karpenter, Unknown as well. Source: awslabs/operatorpkg; karpenter, pkg/controllers/nodeclaim/lifecycle/launch.go.
 */
const notTriedYet = 'AwaitingReconciliation';

/** Why a NodeClaim that is coming up does not. */
export function launchBlockers(claim: NodeClaimView, now: Instant): readonly Blocker[] {
  const { name, nodeName, detail, nodePool } = claim;
  const node = nodeName ?? name;
  if (claim.deleting) return [];
  if (claim.initialized)
    return claim.ready ? [] : [{ cause: 'not-ready', node, object: `Node/${node}`, nodes: 1 }];
  if (detail === undefined) return [];
  const object = `NodeClaim/${name}`;
  const saidOf = (type: string) => detail.conditions.find((condition) => condition.type === type);
  const wordsOf = (type: string) => {
    const said = saidOf(type);
    const words = said?.message !== undefined && said.message !== '' ? said.message : said?.reason;
    return words === undefined || words === '' ? {} : { words };
  };
  const launched = saidOf('Launched');
  const blocker = (cause: Blocker['cause'], type: string, since: Instant | undefined): Blocker => ({
    cause,
    node,
    object,
    owner: `NodePool ${nodePool}`,
    nodes: 1,
    ...wordsOf(type),
    ...(since === undefined ? {} : { since }),
  });
  const late = (since: Instant | undefined, afterMs: number) =>
    since !== undefined && now - since > afterMs;
  if (!claim.launched) {
    const failed = launched !== undefined && launched.reason !== notTriedYet;
    if (!failed && !late(detail.createdAt, launchMs)) return [];
    return [blocker(causeOfWords(launched?.message ?? ''), 'Launched', detail.createdAt)];
  }
  if (!claim.registered)
    return late(launched?.since ?? detail.createdAt, registerMs)
      ? [blocker('not-registering', 'Registered', launched?.since ?? detail.createdAt)]
      : [];
  const since = saidOf('Registered')?.since ?? detail.createdAt;
  return late(since, initializeMs) ? [blocker('not-ready', 'Initialized', since)] : [];
}

/** Launches that failed lately, by NodePool and cause: the claim itself is gone at once. */
export function launchFailures(
  events: readonly EventView[],
  { nodePools, now }: { readonly nodePools: ReadonlySet<string>; readonly now: Instant },
): readonly Blocker[] {
  return events.flatMap((event): readonly Blocker[] => {
    if (!failures.has(event.reason) || now - (event.lastAt ?? 0) > 10 * minute) return [];
    const nodePool = poolOf(event, nodePools);
    if (nodePool === undefined) return [];
    const words = event.message.replace(/^NodeClaim \S+ event: /, '');
    const cause =
      event.reason === 'NodeClassNotReady' ? 'nodeclass-not-ready' : causeOfWords(words);
    const since = event.firstAt === undefined ? {} : { since: event.firstAt };
    return [{ cause, object: `NodePool/${nodePool}`, nodes: 0, words, ...since }];
  });
}

const failures = new Set([
  'InsufficientCapacityError',
  'NoCompatibleInstanceTypes',
  'NodeClassNotReady',
]);

/** A NodeClaim is named after its pool, with a suffix of five characters. */
function poolOf({ kind, name }: EventView, nodePools: ReadonlySet<string>): string | undefined {
  const pool = kind === 'NodePool' ? name : name.replace(/-[a-z0-9]+$/, '');
  return nodePools.has(pool) ? pool : undefined;
}

/** The words are AWS's error codes, or Karpenter's own. */
function causeOfWords(words: string): Blocker['cause'] {
  if (/InsufficientFreeAddressesInSubnet|free addresses|no subnets? with/i.test(words))
    return 'subnet-addresses';
  if (/exceed(s|ed)? limits?( for| of)? nodepool|limits? (is|are) exceeded/i.test(words))
    return 'nodepool-limits';
  if (
    /insufficient (instance )?capacity|InsufficientInstanceCapacity|VcpuLimitExceeded|MaxSpotInstanceCountExceeded|UnfulfillableCapacity|InsufficientHostCapacity|ReservationCapacityExceeded/i.test(
      words,
    )
  )
    return 'capacity';
  return 'launch';
}
