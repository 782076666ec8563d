import { type Instant, second } from '../../../shared/time.ts';
import { statusOf, withCondition } from '../conditions.ts';
import type { ObjectStore } from '../object-store.ts';
import type { NodeClaim, Pod, PodDisruptionBudget } from '../objects.ts';
import { stamp } from '../objects.ts';
import type { Simulation, Workload } from '../simulation.ts';
import { claimsOf, is, isDeleting, isNodeReady, nodeOf, podsOn } from './claims.ts';
import { isLeaving, leave } from './leaving-pods.ts';
import { createClaim } from './new-claim.ts';
import { isPoolReady } from './node-pool-controller.ts';
import { claimOf } from './volumes.ts';

/** A container is up so long after its pod was placed. */
const startMs = 5 * second;

/** Keeps the workloads' replicas, places their pods, and asks for nodes where there is no place left. */
export function stepPods(simulation: Simulation, now: Instant): void {
  for (const workload of simulation.memory.workloads) keepReplicas(simulation, workload, now);
  for (const { metadata } of simulation.store.list('nodepools'))
    provision(simulation, metadata.name, now);
  stepBudgets(simulation, now);
}

function keepReplicas(simulation: Simulation, workload: Workload, now: Instant): void {
  const { store, random } = simulation;
  const { namespace, app, replicas } = workload;
  const mine = podsOf(store, workload);
  for (const pod of mine) {
    const gone = pod.spec.nodeName !== undefined && !store.get('nodes', pod.spec.nodeName);
    if (gone) store.remove('pods', pod.metadata.name, namespace);
    else if (isLeaving(pod)) leave(simulation, pod, now);
    else if (pod.spec.nodeName === undefined) place(simulation, workload, pod, now);
    else if (now - Date.parse(pod.status?.startTime ?? '') >= startMs) run(simulation, pod, now);
  }
  const staying = podsOf(store, workload).filter((pod) => !isLeaving(pod));
  for (let missing = replicas - staying.length; missing > 0; missing -= 1) {
    const pod = newPod(workload, `${app}-7d9f8b6c5d-${random.suffix(5)}`, now);
    place(simulation, workload, store.put('pods', pod, now), now);
  }
}

function newPod(
  { namespace, app, doNotDisrupt, volumeIn }: Workload,
  name: string,
  now: Instant,
): Pod {
  const persistentVolumeClaim = { claimName: claimOf(app) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { app, 'pod-template-hash': '7d9f8b6c5d' },
      ...(doNotDisrupt === true && { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${app}-7d9f8b6c5d`,
          uid: `00000000-0000-4000-a000-${'0'.repeat(12)}`,
          controller: true,
        },
      ],
    },
    spec: {
      containers: [{ name: app, image: `registry.example/${app}:1` }],
      ...(volumeIn !== undefined && { volumes: [{ name: 'data', persistentVolumeClaim }] }),
    },
    status: { phase: 'Pending', conditions: [readiness('False', now)] },
  };
}

function place(simulation: Simulation, { nodePool }: Workload, pod: Pod, now: Instant): void {
  const { store } = simulation;
  const places = claimsOf(store, nodePool)
    .map((claim) => ({ claim, free: freeOn(simulation, claim) }))
    .filter(({ free }) => free > 0)
    .sort((a, b) => b.free - a.free);
  const nodeName = places[0]?.claim.status?.nodeName;
  if (pod.status === undefined) return;
  if (nodeName === undefined) {
    if (statusOf(pod.status.conditions, 'PodScheduled') === 'False') return;
    const conditions = [...pod.status.conditions, unschedulable(nodePool, now)];
    store.put('pods', { ...pod, status: { ...pod.status, conditions } }, now);
    return;
  }
  const status = { ...pod.status, conditions: [readiness('False', now)], startTime: stamp(now) };
  store.put('pods', { ...pod, spec: { ...pod.spec, nodeName }, status }, now);
}

function run({ store }: Simulation, pod: Pod, now: Instant): void {
  const node = store.get('nodes', pod.spec.nodeName ?? '');
  const status = isNodeReady(node) ? 'True' : 'False';
  if (pod.status === undefined || statusOf(pod.status.conditions, 'Ready') === status) return;
  const running = {
    ...pod.status,
    phase: 'Running',
    conditions: [readiness(status, now)],
  } as const;
  store.put('pods', { ...pod, status: running }, now);
}

function unschedulable(nodePool: string, now: Instant) {
  const message = `0/1 nodes are available: no free place on nodes of ${nodePool}.`;
  const reason = 'Unschedulable';
  return {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    lastTransitionTime: stamp(now),
  } as const;
}

function readiness(status: 'True' | 'False', now: Instant) {
  const reason = status === 'True' ? 'PodReady' : 'ContainersNotReady';
  return { type: 'Ready', status, reason, message: '', lastTransitionTime: stamp(now) };
}

/** How many more pods the pool's other nodes would take. */
export function freePlaces(simulation: Simulation, pool: string, without: NodeClaim): number {
  return claimsOf(simulation.store, pool)
    .filter(({ metadata }) => metadata.name !== without.metadata.name)
    .reduce((sum, claim) => sum + freeOn(simulation, claim), 0);
}

function freeOn({ store, memory }: Simulation, claim: NodeClaim): number {
  const node = nodeOf(store, claim);
  if (node === undefined || isDeleting(claim) || !is(claim, 'Initialized') || !isNodeReady(node))
    return 0;
  if ((node.spec.taints ?? []).length > 0) return 0;
  const room = memory.podsPerNode[claim.metadata.labels?.['karpenter.sh/nodepool'] ?? ''] ?? 1;
  return Math.max(0, room - podsOn(store, node.metadata.name).length);
}

/** Karpenter's first duty: a node for pods that nothing else will take. */
function provision(simulation: Simulation, pool: string, now: Instant): void {
  const { store, memory } = simulation;
  const nodePool = store.get('nodepools', pool);
  if (nodePool === undefined || !isPoolReady(nodePool) || memory.fleet.length > 0) return;
  const apps = memory.workloads.filter((workload) => workload.nodePool === pool);
  const pending = apps
    .flatMap((workload) => podsOf(store, workload))
    .filter(({ spec }) => spec.nodeName === undefined);
  if (pending.length === 0) return;
  const room = memory.podsPerNode[pool] ?? 1;
  const promised = new Set(memory.commands.flatMap(({ replacements }) => replacements));
  const coming = claimsOf(store, pool).filter(
    (claim) =>
      !isDeleting(claim) && !is(claim, 'Initialized') && !promised.has(claim.metadata.name),
  );
  for (let short = pending.length - coming.length * room; short > 0; short -= room)
    createClaim(simulation, nodePool, machineFor(simulation, pool), now);
}

function machineFor({ store }: Simulation, pool: string) {
  const arch = store
    .get('nodepools', pool)
    ?.spec.template.spec.requirements.find(({ key }) => key === 'kubernetes.io/arch');
  const onlyArm = arch?.operator === 'In' && arch.values?.includes('amd64') === false;
  return { arch: onlyArm ? ('arm64' as const) : ('x86_64' as const), gpu: false };
}

export function budgetsOver({ list }: ObjectStore, pod: Pod): readonly PodDisruptionBudget[] {
  return list('poddisruptionbudgets').filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.metadata.namespace && matches(spec.selector.matchLabels, pod),
  );
}

/** Writes what each PodDisruptionBudget allows now. */
export function stepBudgets({ store, memory }: Simulation, now: Instant): void {
  for (const budget of store.list('poddisruptionbudgets')) {
    const { spec, metadata } = budget;
    const expectedPods = memory.workloads
      .filter(
        ({ app, namespace }) =>
          namespace === metadata.namespace && spec.selector.matchLabels['app'] === app,
      )
      .reduce((sum, { replicas }) => sum + replicas, 0);
    const healthy = store
      .list('pods')
      .filter(
        (pod) =>
          pod.metadata.namespace === metadata.namespace &&
          !isLeaving(pod) &&
          matches(spec.selector.matchLabels, pod) &&
          statusOf(pod.status?.conditions, 'Ready') === 'True',
      );
    const desiredHealthy =
      spec.minAvailable !== undefined
        ? amount(spec.minAvailable, expectedPods)
        : expectedPods - amount(spec.maxUnavailable ?? 0, expectedPods);
    const allowed = Math.max(0, healthy.length - desiredHealthy);
    const [reason, word] =
      allowed > 0
        ? (['SufficientPods', 'True'] as const)
        : (['InsufficientPods', 'False'] as const);
    const observedGeneration = metadata.generation ?? 1;
    const conditions = withCondition(
      budget.status?.conditions ?? [],
      'DisruptionAllowed',
      { status: word, reason, observedGeneration },
      now,
    );
    const status = {
      conditions,
      currentHealthy: healthy.length,
      desiredHealthy,
      disruptionsAllowed: allowed,
      expectedPods,
      observedGeneration,
    };
    store.put('poddisruptionbudgets', { ...budget, status }, now);
  }
}

function podsOf({ list }: ObjectStore, { namespace, app }: Workload): readonly Pod[] {
  return list('pods').filter(
    ({ metadata }) => metadata.namespace === namespace && metadata.labels?.['app'] === app,
  );
}

function matches(labels: Readonly<Record<string, string>>, { metadata }: Pod): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}

/** A count, or a percentage rounded up, as Kubernetes does for both fields. */
function amount(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * of) / 100);
}
