import type { Instant } from '../../../shared/time.ts';
import { minute } from '../../../shared/time.ts';
import { statusOf, withCondition } from '../conditions.ts';
import { recordEvent, recordTransition } from '../events.ts';
import type { NodeClaim } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { deleteClaim, is, isDeleting, markClaim, nodeOf, poolOf } from './claims.ts';
import { compatibleImages } from './compatible-image.ts';
import { gpuOf, machineOf } from './new-claim.ts';
import { capacity, newNode, readyNode, withDevices, withReadiness } from './new-node.ts';

/** Karpenter gives up on a claim that did not register for so long. */
const registrationMs = 15 * minute;

/** Brings NodeClaims up: launch, register, initialize, each when it is due. */
export function stepLaunches(simulation: Simulation, now: Instant): void {
  for (const claim of simulation.store.list('nodeclaims')) {
    if (isDeleting(claim) || is(claim, 'Initialized')) continue;
    const planned = simulation.memory.claims[claim.metadata.name];
    if (planned === undefined) continue;
    if (!is(claim, 'Launched')) {
      if (now >= planned.launchAt) launch(simulation, claim, now);
    } else if (!is(claim, 'Registered')) {
      const fails = planned.failure === 'never-registers';
      if (fails) giveUpLate(simulation, claim, now);
      else if (now >= planned.registerAt) register(simulation, claim, now);
    } else if (planned.failure !== 'never-ready' && now >= planned.initializeAt) {
      if (planned.failure === 'no-driver' && machineOf(claim).gpu)
        waitForDevices(simulation, claim, now);
      else initialize(simulation, claim, now);
    }
  }
}

/** The launch itself. Without an image or capacity the claim is deleted at once, and Karpenter starts anew. */
export function launch(simulation: Simulation, claim: NodeClaim, now: Instant): void {
  const { store, region, random } = simulation;
  const { name, labels } = claim.metadata;
  const chosen = imageFor(simulation, claim);
  if ('failure' in chosen) {
    const message = `NodeClaim ${name} event: ${chosen.words}`;
    recordEvent(simulation, claim, { type: 'Warning', reason: chosen.failure, message }, now);
    deleteClaim(simulation, name, now);
    return;
  }
  const instance = `i-0${random
    .between(0, 2 ** 30)
    .toString(16)
    .padStart(16, '0')}`;
  // what the instance type has, whatever the Node comes to offer
  const gpu = machineOf(claim).gpu ? gpuOf : {};
  const zone = labels?.['topology.kubernetes.io/zone'] ?? `${region}a`;
  store.put(
    'nodeclaims',
    {
      ...claim,
      metadata: {
        ...claim.metadata,
        annotations: { ...claim.metadata.annotations, 'karpenter.k8s.aws/tagged': 'true' },
      },
      status: {
        conditions: claim.status?.conditions ?? [],
        imageID: chosen.id,
        providerID: `aws:///${zone}/${instance}`,
        capacity: { ...capacity.capacity, ...gpu },
        allocatable: { ...capacity.allocatable, ...gpu },
      },
    },
    now,
  );
  markClaim(simulation, name, 'Launched', { status: 'True' }, now);
  const missing = { reason: 'NodeNotFound', message: 'Node not registered with cluster' };
  markClaim(simulation, name, 'Registered', { status: 'Unknown', ...missing }, now);
  recordTransition(simulation, claim, 'Launched', now);
}

function imageFor(
  { store, memory }: Simulation,
  claim: NodeClaim,
): { id: string } | { failure: string; words: string } {
  const nodeClass = store.get('ec2nodeclasses', claim.spec.nodeClassRef.name);
  if (nodeClass === undefined || statusOf(nodeClass.status?.conditions, 'Ready') !== 'True')
    return { failure: 'NodeClassNotReady', words: 'nodeclass is not ready' };
  const image = compatibleImages(nodeClass, claim)[0];
  if (image !== undefined && memory.claims[claim.metadata.name]?.failure !== 'no-capacity')
    return image;
  const words = 'insufficient capacity to launch the instance';
  return { failure: 'InsufficientCapacityError', words };
}

export function register(simulation: Simulation, claim: NodeClaim, now: Instant): void {
  const { store } = simulation;
  const { name } = claim.metadata;
  const node = store.put('nodes', newNode(simulation, claim, now), now);
  store.put(
    'nodeclaims',
    {
      ...claim,
      status: {
        ...claim.status,
        conditions: claim.status?.conditions ?? [],
        nodeName: node.metadata.name,
      },
    },
    now,
  );
  markClaim(simulation, name, 'Registered', { status: 'True' }, now);
  const waiting = { reason: 'NodeNotReady', message: 'Node status is NotReady' };
  markClaim(simulation, name, 'Initialized', { status: 'Unknown', ...waiting }, now);
  recordTransition(simulation, claim, 'Registered', now);
}

export function initialize(simulation: Simulation, claim: NodeClaim, now: Instant): void {
  const { store } = simulation;
  const node = nodeOf(store, claim);
  if (node === undefined) return;
  store.put('nodes', readyNode(withDevices(node, claim), now), now);
  markClaim(simulation, claim.metadata.name, 'Initialized', { status: 'True' }, now);
  recordTransition(simulation, claim, 'Initialized', now);
  recordTransition(simulation, claim, 'Ready', now);
  markRegistrationHealth(simulation, poolOf(claim), true, now);
}

/** The kubelet is Ready and a requested resource is not there: Karpenter waits for it, without an end. */
function waitForDevices(simulation: Simulation, claim: NodeClaim, now: Instant): void {
  const { store } = simulation;
  const node = nodeOf(store, claim);
  const [resource] = Object.keys(gpuOf);
  const message = `Resource "${resource}" was requested but not registered`;
  const said = claim.status?.conditions.find(({ type }) => type === 'Initialized');
  if (node === undefined || said?.message === message) return;
  store.put('nodes', withReadiness(node, 'True', now), now);
  const waiting = { status: 'Unknown', reason: 'ResourceNotRegistered', message } as const;
  markClaim(simulation, claim.metadata.name, 'Initialized', waiting, now);
}

/** Liveness: the claim goes, old nodes stay, and the pool says so. */
function giveUpLate(simulation: Simulation, claim: NodeClaim, now: Instant): void {
  const created = Date.parse(claim.metadata.creationTimestamp ?? '');
  if (now - created < registrationMs) return;
  markRegistrationHealth(simulation, poolOf(claim), false, now);
  deleteClaim(simulation, claim.metadata.name, now);
}

function markRegistrationHealth(
  { store }: Simulation,
  pool: string,
  healthy: boolean,
  now: Instant,
): void {
  const nodePool = store.get('nodepools', pool);
  if (nodePool?.status === undefined) return;
  const observedGeneration = nodePool.metadata.generation ?? 1;
  const conditions = withCondition(
    nodePool.status.conditions,
    'NodeRegistrationHealthy',
    healthy
      ? { status: 'True', observedGeneration }
      : {
          status: 'False',
          reason: 'RegistrationFailed',
          message: 'Failed to register node',
          observedGeneration,
        },
    now,
  );
  store.put('nodepools', { ...nodePool, status: { ...nodePool.status, conditions } }, now);
}
