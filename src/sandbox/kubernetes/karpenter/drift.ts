import type { Instant } from '../../../shared/time.ts';
import { minute, second } from '../../../shared/time.ts';
import type { NodeClaim } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { is, isDeleting, markClaim, plan, poolOf } from './claims.ts';
import { compatibleImages } from './compatible-image.ts';
import { poolHash } from './node-pool-controller.ts';

/** Every claim is looked at again no later than this, whatever happened. */
const recheckMs = 5 * minute;

/** Marks and unmarks drift, each claim when its own look is due: that is the lag people see after a sync. */
export function stepDrift(simulation: Simulation, now: Instant): void {
  for (const claim of simulation.store.list('nodeclaims')) {
    const { name } = claim.metadata;
    const planned = simulation.memory.claims[name];
    if (planned === undefined || now < planned.driftCheckAt) continue;
    plan(simulation, name, {
      driftCheckAt: now + simulation.random.between(recheckMs / 2, recheckMs),
    });
    if (isDeleting(claim) || !is(claim, 'Launched')) continue;
    const reason = driftReason(simulation, claim);
    if (reason === 'undecided') continue;
    const marked = is(claim, 'Drifted');
    // no event is ever sent for it: it appears as True and is removed, never set False
    if (reason === undefined && marked) markClaim(simulation, name, 'Drifted', 'absent', now);
    if (reason !== undefined)
      markClaim(simulation, name, 'Drifted', { status: 'True', reason, message: reason }, now);
  }
}

/** Plans an early look at the claims that a change of their class or pool concerns. */
export function lookSoon(
  { store, memory, random }: Simulation,
  concerns: (claim: NodeClaim) => boolean,
  now: Instant,
): void {
  for (const claim of store.list('nodeclaims')) {
    const { name } = claim.metadata;
    const planned = memory.claims[name];
    if (planned === undefined || !concerns(claim)) continue;
    const soon = now + random.between(2, 50) * second;
    memory.claims[name] = { ...planned, driftCheckAt: Math.min(planned.driftCheckAt, soon) };
  }
}

/** The first reason that holds, in Karpenter's order; `undecided` where it cannot tell and leaves things as they are. */
function driftReason({ store }: Simulation, claim: NodeClaim): string | undefined {
  const nodePool = store.get('nodepools', poolOf(claim));
  const nodeClass = store.get('ec2nodeclasses', claim.spec.nodeClassRef.name);
  if (nodePool === undefined || nodeClass === undefined) return 'undecided';
  const annotations = claim.metadata.annotations ?? {};
  if (annotations['karpenter.sh/nodepool-hash'] !== poolHash(nodePool)) return 'NodePoolDrifted';
  const hash = 'karpenter.k8s.aws/ec2nodeclass-hash';
  const classHash = nodeClass.metadata.annotations?.[hash];
  if (classHash !== undefined && annotations[hash] !== classHash) return 'NodeClassDrift';
  if ((nodeClass.status?.amis ?? []).length === 0) return 'undecided';
  const fits = compatibleImages(nodeClass, claim).some(({ id }) => id === claim.status?.imageID);
  return fits ? undefined : 'AMIDrift';
}
