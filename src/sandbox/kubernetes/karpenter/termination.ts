import type { Instant } from '../../../shared/time.ts';
import { second } from '../../../shared/time.ts';
import { durationMs } from '../duration.ts';
import { recordEvent, recordTransition } from '../events.ts';
import type { Node, NodeClaim } from '../objects.ts';
import { stamp } from '../objects.ts';
import type { ClaimPlan, Simulation } from '../simulation.ts';
import { is, isDeleting, markClaim, nodeOf, plan, podsOn, poolOf, taintNode } from './claims.ts';
import { evict, evictionMs } from './eviction.ts';
import { isLeaving } from './leaving-pods.ts';

/** How many vanished nodes the control API still tells about. */
const rememberedGone = 50;

/** Takes deleted NodeClaims away: drain, volumes, instance, then both objects vanish. */
export function stepTerminations(simulation: Simulation, now: Instant): void {
  for (const claim of simulation.store.list('nodeclaims')) {
    const planned = simulation.memory.claims[claim.metadata.name];
    if (!isDeleting(claim) || planned === undefined) continue;
    const node = nodeOf(simulation.store, claim);
    if (planned.goneAt !== undefined) {
      if (now >= planned.goneAt) vanish(simulation, claim, node, now);
    } else if (node === undefined || is(claim, 'Drained')) {
      if (planned.volumesAt === undefined || now >= planned.volumesAt)
        terminate(simulation, claim, node, now);
    } else {
      drain(simulation, claim, node, planned, now);
    }
  }
}

function drain(
  simulation: Simulation,
  claim: NodeClaim,
  node: Node,
  planned: ClaimPlan,
  now: Instant,
): void {
  const { store } = simulation;
  const { name } = claim.metadata;
  if (node.metadata.deletionTimestamp === undefined) {
    beginDrain(simulation, claim, node, now);
    return;
  }
  const pods = podsOn(store, node.metadata.name);
  if (pods.length === 0) {
    markClaim(simulation, name, 'Drained', { status: 'True' }, now);
    recordTransition(simulation, claim, 'Drained', now);
    const reason = 'AwaitingVolumeDetachment';
    const waiting = { status: 'Unknown', reason, message: reason } as const;
    markClaim(simulation, name, 'VolumesDetached', waiting, now);
    plan(simulation, name, { volumesAt: now + simulation.random.between(2, 6) * second });
    return;
  }
  if (now < (planned.nextEvictionAt ?? 0)) return;
  plan(simulation, name, { nextEvictionAt: now + evictionMs });
  const force = now >= forcedAt(claim);
  const staying = pods.filter((pod) => !isLeaving(pod));
  const evicted = staying.filter((pod) => evict(simulation, pod, { force }, now));
  for (const pod of evicted)
    recordEvent(simulation, pod, { reason: 'Evicted', message: 'Evicted pod: Drifted' }, now);
  if (evicted.length > 0 || staying.length === 0) return;
  const message = `Failed to drain node, ${pods.length} pods are waiting to be evicted`;
  recordEvent(simulation, node, { type: 'Warning', reason: 'FailedDraining', message }, now);
}

function beginDrain(simulation: Simulation, claim: NodeClaim, node: Node, now: Instant): void {
  const { store } = simulation;
  const balancers = 'node.kubernetes.io/exclude-from-external-load-balancers';
  const leaving = store.put(
    'nodes',
    {
      ...node,
      metadata: {
        ...node.metadata,
        deletionTimestamp: stamp(now),
        labels: { ...node.metadata.labels, [balancers]: 'karpenter' },
      },
    },
    now,
  );
  taintNode(simulation, leaving, true, now);
  const draining = { status: 'Unknown', reason: 'Draining', message: 'Draining' } as const;
  markClaim(simulation, claim.metadata.name, 'Drained', draining, now);
  const until = forcedAt(claim);
  if (until === Number.POSITIVE_INFINITY) return;
  const key = 'karpenter.sh/nodeclaim-termination-timestamp';
  const drained = store.get('nodeclaims', claim.metadata.name) ?? claim;
  const annotations = { ...drained.metadata.annotations, [key]: stamp(until) };
  store.put('nodeclaims', { ...drained, metadata: { ...drained.metadata, annotations } }, now);
  const message = `All pods will be deleted by ${stamp(until)}`;
  const said = { type: 'Warning', reason: 'TerminationGracePeriodExpiring', message } as const;
  recordEvent(simulation, claim, said, now);
  recordEvent(simulation, leaving, said, now);
}

/** When pods are removed whatever protects them; never, without a grace period. */
function forcedAt({ spec, metadata }: NodeClaim): Instant {
  const graceMs = durationMs(spec.terminationGracePeriod) ?? Number.POSITIVE_INFINITY;
  return Date.parse(metadata.deletionTimestamp ?? '') + graceMs;
}

function terminate(
  simulation: Simulation,
  claim: NodeClaim,
  node: Node | undefined,
  now: Instant,
): void {
  const { name } = claim.metadata;
  if (node !== undefined) markClaim(simulation, name, 'VolumesDetached', { status: 'True' }, now);
  markClaim(simulation, name, 'InstanceTerminating', { status: 'True' }, now);
  plan(simulation, name, { goneAt: now + simulation.random.between(20, 45) * second });
}

function vanish(
  simulation: Simulation,
  claim: NodeClaim,
  node: Node | undefined,
  now: Instant,
): void {
  const { store, memory } = simulation;
  const { name } = claim.metadata;
  const finalized = { reason: 'Finalized', message: 'Finalized karpenter.sh/termination' };
  recordEvent(simulation, claim, finalized, now);
  if (node !== undefined) store.remove('nodes', node.metadata.name);
  store.remove('nodeclaims', name);
  delete memory.claims[name];
  const imageId = claim.status?.imageID;
  const gone = {
    name,
    nodePool: poolOf(claim),
    at: now,
    ...(imageId !== undefined && { imageId }),
  };
  memory.gone = [...memory.gone, gone].slice(-rememberedGone);
}
