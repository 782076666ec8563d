import type { Instant } from '../../../shared/time.ts';
import { minute, second } from '../../../shared/time.ts';
import { recordEvent } from '../events.ts';
import type { Node, NodeClaim, NodePool } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { allowedDisruptions, defaultBudgets } from './budgets.ts';
import {
  claimsOf,
  deleteClaim,
  doNotDisrupt,
  is,
  isDeleting,
  isNodeReady,
  markClaim,
  nodeOf,
  podsOn,
  taintNode,
} from './claims.ts';
import { createClaim, machineOf } from './new-claim.ts';
import { isPoolReady } from './node-pool-controller.ts';
import { budgetsOver, freePlaces } from './pods.ts';

const pollMs = 10 * second;
const replacementMs = 10 * minute;

/** The disruption loop: every 10 s it takes as many drifted nodes as the budgets leave, one a command. */
export function stepDisruption(simulation: Simulation, now: Instant): void {
  followCommands(simulation, now);
  if (now < simulation.memory.disruptAt) return;
  simulation.memory.disruptAt = now + pollMs;
  for (const nodePool of simulation.store.list('nodepools')) disruptPool(simulation, nodePool, now);
}

function disruptPool(simulation: Simulation, nodePool: NodePool, now: Instant): void {
  const { store, memory } = simulation;
  const claims = claimsOf(store, nodePool.metadata.name);
  const drifted = claims.filter((claim) => is(claim, 'Drifted') && !isTaken(simulation, claim));
  if (drifted.length === 0) return;
  const counted = claims.filter(
    (claim) => is(claim, 'Initialized') && !is(claim, 'InstanceTerminating'),
  );
  const disrupting = counted.filter(
    (claim) => !isNodeReady(nodeOf(store, claim)) || isTaken(simulation, claim),
  );
  const budgets = nodePool.spec.disruption?.budgets ?? defaultBudgets;
  const allowed = allowedDisruptions(budgets, { total: counted.length, reason: 'Drifted', now });
  let remaining = Math.max(0, allowed - disrupting.length);
  if (remaining === 0 && counted.length > 0) {
    const message = 'No allowed disruptions for disruption reason Drifted due to blocking budget';
    recordEvent(
      simulation,
      nodePool,
      { reason: 'DisruptionBlocked', message, quietMs: minute },
      now,
    );
  }
  for (const claim of inOrder(simulation, drifted)) {
    if (remaining === 0) return;
    const node = nodeOf(store, claim);
    const blocked = whyBlocked(simulation, claim, node);
    if (blocked !== undefined) {
      const said = { reason: 'DisruptionBlocked', message: blocked };
      recordEvent(simulation, claim, said, now);
      if (node !== undefined) recordEvent(simulation, node, said, now);
      continue;
    }
    if (node === undefined) continue;
    const pods = podsOn(store, node.metadata.name);
    const fits = freePlaces(simulation, nodePool.metadata.name, claim) >= pods.length;
    // Where a replacement is needed and none can launch, Karpenter finds no place for the pods and lets it be.
    if (!fits && !isPoolReady(nodePool)) continue;
    const replacements = fits ? [] : [createClaim(simulation, nodePool, machineOf(claim), now)];
    start(simulation, claim, node, replacements, now);
    memory.commands.push({
      candidate: claim.metadata.name,
      replacements: replacements.map(({ metadata }) => metadata.name),
      timeoutAt: now + replacementMs,
    });
    remaining -= 1;
  }
}

function start(
  simulation: Simulation,
  claim: NodeClaim,
  node: Node,
  replacements: readonly NodeClaim[],
  now: Instant,
): void {
  taintNode(simulation, node, true, now);
  const said = { status: 'True', reason: 'Drifted', message: 'Drifted' } as const;
  markClaim(simulation, claim.metadata.name, 'DisruptionReason', said, now);
  for (const replacement of replacements) {
    const launching = { reason: 'DisruptionLaunching', message: 'Launching NodeClaim: Drifted' };
    recordEvent(simulation, replacement, launching, now);
    const waiting = 'Waiting on readiness to continue disruption';
    recordEvent(
      simulation,
      replacement,
      { reason: 'DisruptionWaitingReadiness', message: waiting },
      now,
    );
  }
}

/** Deletes the old node once all its replacements are initialized; gives up when one is lost or takes too long. */
function followCommands(simulation: Simulation, now: Instant): void {
  const { store, memory } = simulation;
  memory.commands = memory.commands.filter(({ candidate, replacements, timeoutAt }) => {
    const claim = store.get('nodeclaims', candidate);
    if (claim === undefined || isDeleting(claim)) return false;
    const found = replacements.map((name) => store.get('nodeclaims', name));
    if (found.every((replacement) => replacement !== undefined && is(replacement, 'Initialized'))) {
      const node = nodeOf(store, claim);
      const reason = 'DisruptionTerminating';
      recordEvent(simulation, claim, { reason, message: 'Disrupting NodeClaim: Drifted' }, now);
      if (node !== undefined)
        recordEvent(simulation, node, { reason, message: 'Disrupting Node: Drifted' }, now);
      deleteClaim(simulation, candidate, now);
      return false;
    }
    const lost = found.some((replacement) => replacement === undefined || isDeleting(replacement));
    if (!lost && now < timeoutAt) return true;
    const node = nodeOf(store, claim);
    if (node !== undefined) taintNode(simulation, node, false, now);
    markClaim(simulation, candidate, 'DisruptionReason', 'absent', now);
    return false;
  });
}

/** Being deleted, or part of a command that runs. */
function isTaken({ memory }: Simulation, claim: NodeClaim): boolean {
  return (
    isDeleting(claim) || memory.commands.some(({ candidate }) => candidate === claim.metadata.name)
  );
}

/** Empty nodes first, then by how long they have been known to drift. */
function inOrder({ store }: Simulation, claims: readonly NodeClaim[]): readonly NodeClaim[] {
  const order = (claim: NodeClaim) => {
    const since = claim.status?.conditions.find(({ type }) => type === 'Drifted');
    const occupied = podsOn(store, claim.status?.nodeName).length > 0 ? '1' : '0';
    return `${occupied}${since?.lastTransitionTime ?? ''}${claim.metadata.name}`;
  };
  return [...claims].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Why a node is no candidate, in the words of Karpenter 1.7 and later. */
function whyBlocked(
  { store }: Simulation,
  claim: NodeClaim,
  node: Node | undefined,
): string | undefined {
  if (node === undefined) return 'Nodeclaim does not have an associated node';
  if (!is(claim, 'Initialized')) return "Node isn't initialized";
  if (node.metadata.annotations?.[doNotDisrupt] === 'true')
    return 'Disruption is blocked through the "karpenter.sh/do-not-disrupt" annotation';
  // with a grace period the pods' own vetoes only hold until it ends
  if (claim.spec.terminationGracePeriod !== undefined) return undefined;
  for (const pod of podsOn(store, node.metadata.name)) {
    const { name, namespace, annotations } = pod.metadata;
    if (annotations?.[doNotDisrupt] === 'true')
      return `Pod has "karpenter.sh/do-not-disrupt" annotation (Pod=${namespace}/${name})`;
    const budgets = budgetsOver(store, pod);
    const names = budgets.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    if (budgets.length > 1)
      return `Eviction does not support multiple PDBs (PodDisruptionBudget(s)=[${names.join(' ')}])`;
    if (budgets.some(({ status }) => status?.disruptionsAllowed === 0))
      return `Pdb prevents pod evictions (PodDisruptionBudget=[${names.join(' ')}])`;
  }
  return undefined;
}
