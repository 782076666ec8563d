import { allowedDisruptions } from '../../../src/sandbox/kubernetes/karpenter/budgets.ts';
import { doNotDisrupt } from '../../../src/sandbox/kubernetes/karpenter/claims.ts';
import { isLeaving } from '../../../src/sandbox/kubernetes/karpenter/leaving-pods.ts';
import type { KubernetesStandIn } from '../../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import type { Node, NodeClaim, Pod } from '../../../src/sandbox/kubernetes/objects.ts';
import { day, minute } from '../../../src/shared/time.ts';
import type { BlockerCause } from '../../../src/tracking/blocker.ts';
import type { Counts } from '../../../src/tracking/progress.ts';

export type Truth = {
  readonly counts: Counts;
  /** As `blockerKey` spells them, in order. */
  readonly blockers: readonly string[];
};

/** What a blocker says: why, by what, which node, and for what has a schedule, when it ends. */
export function blockerKey(blocker: {
  readonly cause: BlockerCause;
  readonly object: string;
  readonly node?: string | undefined;
  readonly opensAt?: number | undefined;
}): string {
  const { cause, object, node, opensAt } = blocker;
  const ends = cause === 'budget' || cause === 'grace-period';
  return [
    cause,
    object,
    ...(node === undefined ? [] : [`on ${node}`]),
    ...(ends && opensAt !== undefined ? [`until ${new Date(opensAt).toISOString()}`] : []),
  ].join(' ');
}

/** What the simulation itself knows: counts, and who waits for what, from its objects and its own budget arithmetic. */
export function simulationTruth(
  standIn: KubernetesStandIn,
  cluster: string,
  { wanted, now }: { readonly wanted: ReadonlySet<string>; readonly now: number },
): Truth {
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
  // a launch that failed is deleted as a node is, and was none
  const isLost = (claim: NodeClaim) =>
    !is(claim, 'Registered') && (claim.status?.imageID === undefined || isNew(claim));
  const lost = others.filter((claim) => deleting(claim) && isLost(claim));
  const draining = others.filter((claim) => deleting(claim) && !isLost(claim));
  const standing = others.filter((claim) => !deleting(claim));
  const drifted = standing.filter((claim) => claim.status?.imageID !== undefined && !isNew(claim));
  const coming = standing.filter((claim) => !drifted.includes(claim));
  const launching = coming.filter((claim) => !is(claim, 'Initialized'));
  const waiting = drifted.filter((claim) => !is(claim, 'DisruptionReason'));
  const blockers = new Set<string>();
  const block = (cause: BlockerCause, object: string, node?: string, opensAt?: number) =>
    blockers.add(blockerKey({ cause, object, node, opensAt }));
  const nameOn = (claim: NodeClaim) => claim.status?.nodeName ?? claim.metadata.name;

  for (const pool of standIn.objects(cluster, 'nodepools')) {
    const its = (claim: NodeClaim) =>
      claim.metadata.labels?.['karpenter.sh/nodepool'] === pool.metadata.name;
    if (!waiting.some(its)) continue;
    const counted = claims.filter(
      (claim) => its(claim) && is(claim, 'Initialized') && !is(claim, 'InstanceTerminating'),
    );
    const allowedAt = (at: number) =>
      allowedDisruptions(pool.spec.disruption?.budgets ?? [{ nodes: '10%' }], {
        total: counted.length,
        reason: 'Drifted',
        now: at,
      });
    const allowed = allowedAt(now);
    const object = `NodePool/${pool.metadata.name}`;
    const idle = counted.filter(
      (claim) => !isReady(claim) && !deleting(claim) && !is(claim, 'DisruptionReason'),
    );
    const taken = counted.filter(
      (claim) => !isReady(claim) || deleting(claim) || is(claim, 'DisruptionReason'),
    );
    if (allowed === 0 && counted.length > 0)
      block(
        'budget',
        object,
        undefined,
        firstMinute(now, (at) => allowedAt(at) > 0),
      );
    const drainingLong = counted.filter(
      ({ metadata }) => now - Date.parse(metadata.deletionTimestamp ?? '') >= 15 * minute,
    );
    const stuck = idle.length + drainingLong.length >= allowed;
    if (allowed > 0 && taken.length >= allowed && stuck)
      block(drainingLong.length > 0 ? 'budget-draining' : 'budget-used', object);
  }

  const pods = standIn.objects(cluster, 'pods');
  const on = (claim: NodeClaim) =>
    pods.filter(
      ({ spec }) => spec.nodeName !== undefined && spec.nodeName === claim.status?.nodeName,
    );
  const shut = standIn
    .objects(cluster, 'poddisruptionbudgets')
    .filter(({ status }) => status?.disruptionsAllowed === 0);
  const shutOver = (pod: Pod) =>
    shut.filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.metadata.namespace &&
        spec.selector.matchLabels['app'] === pod.metadata.labels?.['app'],
    );
  const isHeld = (pod: Pod) => pod.metadata.annotations?.[doNotDisrupt] === 'true';
  for (const claim of [...waiting, ...draining]) {
    const graceful = claim.spec.terminationGracePeriod !== undefined;
    const leaves = deleting(claim);
    const node = nameOn(claim);
    const isMarked = nodeOf(claim)?.metadata.annotations?.[doNotDisrupt] === 'true';
    if (isMarked && !leaves) block('do-not-disrupt-node', `Node/${node}`, node);
    if (graceful && !leaves) continue;
    // what was evicted leaves: nothing holds it any more
    const staying = on(claim).filter((pod) => !isLeaving(pod));
    for (const pod of staying) {
      const { namespace, name } = pod.metadata;
      for (const budget of shutOver(pod))
        block('pdb', `PodDisruptionBudget/${namespace}/${budget.metadata.name}`, node);
      if (isHeld(pod)) block('do-not-disrupt-pod', `Pod/${namespace}/${name}`, node);
    }
    const object = `NodeClaim/${claim.metadata.name}`;
    if (leaves && graceful && staying.some((pod) => shutOver(pod).length > 0 || isHeld(pod))) {
      const ends = claim.metadata.annotations?.['karpenter.sh/nodeclaim-termination-timestamp'];
      block('grace-period', object, node, Date.parse(ends ?? ''));
    }
    const volumes = claim.status?.conditions.find(({ type }) => type === 'VolumesDetached');
    if (leaves && on(claim).length === 0 && volumes !== undefined && volumes.status !== 'True')
      if (!is(claim, 'InstanceTerminating')) block('volumes', object, node);
  }

  const since = (claim: NodeClaim, type: string) =>
    Date.parse(
      claim.status?.conditions.find((one) => one.type === type)?.lastTransitionTime ??
        claim.metadata.creationTimestamp ??
        '',
    );
  for (const claim of coming) {
    const [object, node] = [`NodeClaim/${claim.metadata.name}`, nameOn(claim)];
    if (!is(claim, 'Launched')) continue;
    if (!is(claim, 'Registered')) {
      if (now - since(claim, 'Launched') > 6 * minute) block('not-registering', object, node);
    } else if (!is(claim, 'Initialized')) {
      if (now - since(claim, 'Registered') > 6 * minute) block('not-ready', object, node);
    } else if (!isReady(claim)) block('not-ready', `Node/${node}`, node);
  }

  if (waiting.length + draining.length + coming.length + lost.length > 0)
    for (const pod of pods.filter(isUnschedulable))
      block('unschedulable', `Pod/${pod.metadata.namespace}/${pod.metadata.name}`);
  const hasReadyClass = (object: string) => {
    const pool = standIn
      .objects(cluster, 'nodepools')
      .find(({ metadata }) => `NodePool/${metadata.name}` === object);
    const its = standIn
      .objects(cluster, 'ec2nodeclasses')
      .find(({ metadata }) => metadata.name === pool?.spec.template.spec.nodeClassRef.name);
    return its?.status?.conditions.find(({ type }) => type === 'Ready')?.status === 'True';
  };
  for (const event of standIn.objects(cluster, 'events')) {
    if (now - Date.parse(event.lastTimestamp) > 10 * minute) continue;
    const object = `NodePool/${event.involvedObject.name.replace(/-[a-z0-9]+$/, '')}`;
    if (event.reason === 'InsufficientCapacityError') block('capacity', object);
    if (event.reason === 'NodeClassNotReady' && !hasReadyClass(object))
      block('nodeclass-not-ready', object);
  }
  for (const { metadata, status } of standIn.objects(cluster, 'ec2nodeclasses')) {
    const images = status?.conditions.find(({ type }) => type === 'AMIsReady');
    const current = images?.observedGeneration === metadata.generation;
    const observed = status?.conditions.find(({ type }) => type === 'SubnetsReady');
    if (!current && observed?.observedGeneration === metadata.generation)
      block('no-image', `EC2NodeClass/${metadata.name}`);
  }
  return {
    counts: {
      total: claims.length,
      replaced: replaced.length,
      drifted: drifted.length,
      draining: draining.length,
      launching: launching.length + lost.length,
      notReady: coming.length - launching.length,
    },
    blockers: [...blockers].sort(),
  };
}

/** The first minute from now on, within a day, at which something holds. */
function firstMinute(now: number, holds: (at: number) => boolean): number | undefined {
  const first = Math.ceil(now / minute) * minute;
  for (let at = first; at <= first + day; at += minute) if (holds(at)) return at;
  return undefined;
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
