import { allowedDisruptions } from '../../../src/sandbox/kubernetes/karpenter/budgets.ts';
import type { KubernetesStandIn } from '../../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import type { Node, NodeClaim, Pod } from '../../../src/sandbox/kubernetes/objects.ts';
import { minute } from '../../../src/shared/time.ts';
import type { BlockerCause } from '../../../src/tracking/blocker.ts';
import type { Counts } from '../../../src/tracking/progress.ts';

/** What the simulation itself knows: counts, and who waits for what, from its objects and its own budget arithmetic. */
export function simulationTruth(
  standIn: KubernetesStandIn,
  cluster: string,
  { wanted, now }: { readonly wanted: ReadonlySet<string>; readonly now: number },
): { readonly counts: Counts; readonly causes: readonly BlockerCause[] } {
  const claims = standIn.objects(cluster, 'nodeclaims');
  const nodes = new Map(
    standIn.objects(cluster, 'nodes').map((node) => [node.metadata.name, node]),
  );
  const nodeOf = ({ status }: NodeClaim) => nodes.get(status?.nodeName ?? '');
  const isReady = (claim: NodeClaim) => is(claim, 'Initialized') && ready(nodeOf(claim));
  const isNew = ({ status }: NodeClaim) => wanted.has(status?.imageID ?? '');
  const deleting = ({ metadata }: NodeClaim) => metadata.deletionTimestamp !== undefined;
  const replaced = claims.filter((claim) => isNew(claim) && isReady(claim));
  const others = claims.filter((claim) => !replaced.includes(claim));
  const draining = others.filter(deleting);
  const standing = others.filter((claim) => !deleting(claim));
  const drifted = standing.filter((claim) => claim.status?.imageID !== undefined && !isNew(claim));
  const coming = standing.filter((claim) => !drifted.includes(claim));
  const launching = coming.filter((claim) => !is(claim, 'Initialized'));
  const waiting = drifted.filter((claim) => !is(claim, 'DisruptionReason'));
  const causes = new Set<BlockerCause>();

  for (const pool of standIn.objects(cluster, 'nodepools')) {
    const its = (claim: NodeClaim) =>
      claim.metadata.labels?.['karpenter.sh/nodepool'] === pool.metadata.name;
    if (!waiting.some(its)) continue;
    const counted = claims.filter(
      (claim) => its(claim) && is(claim, 'Initialized') && !is(claim, 'InstanceTerminating'),
    );
    const allowed = allowedDisruptions(pool.spec.disruption?.budgets ?? [{ nodes: '10%' }], {
      total: counted.length,
      reason: 'Drifted',
      now,
    });
    const idle = counted.filter(
      (claim) => !isReady(claim) && !deleting(claim) && !is(claim, 'DisruptionReason'),
    );
    const taken = counted.filter(
      (claim) => !isReady(claim) || deleting(claim) || is(claim, 'DisruptionReason'),
    );
    if (allowed === 0 && counted.length > 0) causes.add('budget');
    else if (allowed > 0 && taken.length >= allowed && idle.length >= allowed)
      causes.add('budget-used');
  }

  const pods = standIn.objects(cluster, 'pods');
  const on = (claim: NodeClaim) =>
    pods.filter(
      ({ spec }) => spec.nodeName !== undefined && spec.nodeName === claim.status?.nodeName,
    );
  const shut = standIn
    .objects(cluster, 'poddisruptionbudgets')
    .filter(({ status }) => status?.disruptionsAllowed === 0);
  const underShutBudget = (pod: Pod) =>
    shut.some(
      ({ metadata, spec }) =>
        metadata.namespace === pod.metadata.namespace &&
        spec.selector.matchLabels['app'] === pod.metadata.labels?.['app'],
    );
  const isHeld = (pod: Pod) => pod.metadata.annotations?.['karpenter.sh/do-not-disrupt'] === 'true';
  for (const claim of [...waiting, ...draining]) {
    const graceful = claim.spec.terminationGracePeriod !== undefined;
    const leaves = deleting(claim);
    if (graceful && !leaves) continue;
    if (on(claim).some(underShutBudget)) causes.add('pdb');
    if (on(claim).some(isHeld)) causes.add('do-not-disrupt-pod');
    if (leaves && graceful && on(claim).some((pod) => underShutBudget(pod) || isHeld(pod)))
      causes.add('grace-period');
    const volumes = claim.status?.conditions.find(({ type }) => type === 'VolumesDetached');
    if (leaves && on(claim).length === 0 && volumes !== undefined && volumes.status !== 'True')
      if (!is(claim, 'InstanceTerminating')) causes.add('volumes');
  }

  const since = (claim: NodeClaim, type: string) =>
    Date.parse(
      claim.status?.conditions.find((one) => one.type === type)?.lastTransitionTime ??
        claim.metadata.creationTimestamp ??
        '',
    );
  for (const claim of coming) {
    if (!is(claim, 'Launched')) continue;
    if (!is(claim, 'Registered')) {
      if (now - since(claim, 'Launched') > 6 * minute) causes.add('not-registering');
    } else if (!is(claim, 'Initialized')) {
      if (now - since(claim, 'Registered') > 6 * minute) causes.add('not-ready');
    } else if (!isReady(claim)) causes.add('not-ready');
  }

  const moving = waiting.length + draining.length + coming.length > 0;
  if (moving && pods.some(isUnschedulable)) causes.add('unschedulable');
  for (const event of standIn.objects(cluster, 'events')) {
    if (now - Date.parse(event.lastTimestamp) > 10 * minute) continue;
    if (event.reason === 'InsufficientCapacityError') causes.add('capacity');
    if (event.reason === 'NodeClassNotReady') causes.add('nodeclass-not-ready');
  }
  for (const { metadata, status } of standIn.objects(cluster, 'ec2nodeclasses')) {
    const images = status?.conditions.find(({ type }) => type === 'AMIsReady');
    const current = images?.observedGeneration === metadata.generation;
    const observed = status?.conditions.find(({ type }) => type === 'SubnetsReady');
    if (!current && observed?.observedGeneration === metadata.generation) causes.add('no-image');
  }
  return {
    counts: {
      total: claims.length,
      replaced: replaced.length,
      drifted: drifted.length,
      draining: draining.length,
      launching: launching.length,
      notReady: coming.length - launching.length,
    },
    causes: [...causes].sort(),
  };
}

function is({ status }: NodeClaim, type: string): boolean {
  return status?.conditions.some((one) => one.type === type && one.status === 'True') === true;
}

function ready(node: Node | undefined): boolean {
  return (
    node?.status?.conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ===
    true
  );
}

function isUnschedulable({ status, spec }: Pod): boolean {
  return (
    spec.nodeName === undefined &&
    status?.conditions.some(
      ({ type, status: its }) => type === 'PodScheduled' && its === 'False',
    ) === true
  );
}
