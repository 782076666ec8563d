import type { Instant } from '../../../shared/time.ts';
import { statusOf, withCondition, withoutCondition, withReady } from '../conditions.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Condition, Node, NodeClaim, Pod, Taint } from '../objects.ts';
import { stamp } from '../objects.ts';
import type { ClaimPlan, Simulation } from '../simulation.ts';

export const doNotDisrupt = 'karpenter.sh/do-not-disrupt';
const disruptedTaint: Taint = { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' };

export function claimsOf({ list }: ObjectStore, nodePool: string): readonly NodeClaim[] {
  return list('nodeclaims').filter((claim) => poolOf(claim) === nodePool);
}

export function poolOf({ metadata }: NodeClaim): string {
  return metadata.labels?.['karpenter.sh/nodepool'] ?? '';
}

export function is(claim: NodeClaim, condition: string): boolean {
  return statusOf(claim.status?.conditions, condition) === 'True';
}

export function isDeleting({ metadata }: NodeClaim): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function nodeOf({ get }: ObjectStore, { status }: NodeClaim): Node | undefined {
  return status?.nodeName === undefined ? undefined : get('nodes', status.nodeName);
}

export function isNodeReady(node: Node | undefined): boolean {
  return statusOf(node?.status?.conditions, 'Ready') === 'True';
}

/** Pods that would have to move when their node goes; pods of DaemonSets are not played. */
export function podsOn({ list }: ObjectStore, nodeName: string | undefined): readonly Pod[] {
  if (nodeName === undefined) return [];
  return podsByNode(list('pods')).get(nodeName) ?? [];
}

/** By list of pods, which is the same array for as long as no pod changes. */
const placed = new WeakMap<readonly Pod[], ReadonlyMap<string, readonly Pod[]>>();

function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const known = placed.get(pods);
  if (known !== undefined) return known;
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (nodeName === undefined) continue;
    const others = byNode.get(nodeName);
    if (others === undefined) byNode.set(nodeName, [pod]);
    else others.push(pod);
  }
  placed.set(pods, byNode);
  return byNode;
}

const ready = ['Launched', 'Registered', 'Initialized'];

/** Sets a condition of a NodeClaim, and Ready after it; `absent` removes it, as Karpenter does with Drifted. */
export function markClaim(
  { store }: Simulation,
  name: string,
  type: string,
  said: { status: Condition['status']; reason?: string; message?: string } | 'absent',
  now: Instant,
): NodeClaim | undefined {
  const claim = store.get('nodeclaims', name);
  if (claim === undefined) return undefined;
  const generation = claim.metadata.generation ?? 1;
  const before = claim.status?.conditions ?? [];
  const marked =
    said === 'absent'
      ? withoutCondition(before, type)
      : withCondition(before, type, { ...said, observedGeneration: generation }, now);
  // a later generation (it is being deleted) does not make Ready stale: Karpenter observes it at once
  const observed = marked.map((condition) =>
    ready.includes(condition.type) ? { ...condition, observedGeneration: generation } : condition,
  );
  const conditions = ready.includes(type) ? withReady(observed, ready, generation, now) : observed;
  return store.put('nodeclaims', { ...claim, status: { ...claim.status, conditions } }, now);
}

/** Deletes as the API server does where finalizers hold on: it sets the time, the controllers do the rest. */
export function deleteClaim({ store }: Simulation, name: string, now: Instant): void {
  const claim = store.get('nodeclaims', name);
  if (claim === undefined || isDeleting(claim)) return;
  store.put(
    'nodeclaims',
    { ...claim, metadata: { ...claim.metadata, deletionTimestamp: stamp(now) } },
    now,
  );
}

export function taintNode({ store }: Simulation, node: Node, tainted: boolean, now: Instant): void {
  const others = (node.spec.taints ?? []).filter(({ key }) => key !== disruptedTaint.key);
  const taints = tainted ? [...others, disruptedTaint] : others;
  const { taints: _, ...spec } = node.spec;
  store.put('nodes', { ...node, spec: { ...spec, ...(taints.length > 0 && { taints }) } }, now);
}

export function plan({ memory }: Simulation, name: string, changes: Partial<ClaimPlan>): void {
  const before = memory.claims[name];
  if (before !== undefined) memory.claims[name] = { ...before, ...changes };
}
