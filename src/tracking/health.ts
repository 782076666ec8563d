import type { Instant } from '../shared/time.ts';
import { minute } from '../shared/time.ts';
import type { NodeClaimView, PodView } from './types.ts';

/** One look at whether new nodes hurt. What was not read is `not-checked`, never well. */
export type HealthCheck = {
  readonly check: 'new-nodes' | 'resources' | 'launches' | 'daemonsets' | 'workloads' | 'argocd';
  readonly verdict: 'well' | 'breached' | 'not-checked';
  /** What it saw and where it looked, in a sentence without a full stop; holds outside names. */
  readonly evidence: string;
  /** Workloads that were changed meanwhile and so have nothing to be compared with; absent: none. Outside names. */
  readonly changed?: readonly string[];
};

/** When a check is breached. */
export type HealthThresholds = {
  /** New nodes that are not Ready, at least so many and this share of the new ones. */
  readonly notReadyNodes: number;
  readonly notReadyShare: number;
  /** New nodes in a row of looks that went away without having been Ready. */
  readonly lostLaunches: number;
  /** Pods of one ReplicaSet or DaemonSet on new nodes, and as many on old ones, before they are compared. */
  readonly sample: number;
  /** Share of them in trouble on new nodes; on old ones at most `oldShare`. */
  readonly newShare: number;
  readonly oldShare: number;
  /** A node or pod may take so long to come up, in ms: images are pulled and caches are cold. */
  readonly graceMs: number;
};

export const defaultThresholds: HealthThresholds = {
  notReadyNodes: 2,
  notReadyShare: 0.1,
  lostLaunches: 3,
  sample: 2,
  newShare: 0.5,
  oldShare: 0.1,
  graceMs: 10 * minute,
};

/** What is never checked here, and said wherever health is. @param gates whether alarms of one's own are asked. */
export function neverChecked(gates: boolean): string {
  const lost = 'extended resources that a node loses later';
  return gates ? lost : `${lost}, metrics and alarms`;
}

export function healthOf({
  claims,
  wanted,
  podChecks,
  argocd,
  lostLaunches,
  now,
  thresholds = defaultThresholds,
}: {
  /** Of the EC2NodeClasses that move. */
  readonly claims: readonly NodeClaimView[];
  readonly wanted: ReadonlySet<string>;
  /** What `podChecks` told when pods were last read. */
  readonly podChecks: readonly HealthCheck[];
  /** The Application's health, in Argo CD's word; absent: not known. */
  readonly argocd?: string | undefined;
  /** New nodes that went away without having been Ready, since the wave began. */
  readonly lostLaunches: number;
  readonly now: Instant;
  readonly thresholds?: HealthThresholds;
}): readonly HealthCheck[] {
  const fresh = claims.filter(({ imageId }) => imageId !== undefined && wanted.has(imageId));
  return [
    newNodes(fresh, now, thresholds),
    resources(fresh, now, thresholds),
    launches(lostLaunches, thresholds),
    ...podChecks,
    delivery(argocd),
  ];
}

/** @param of.pods of the whole cluster; absent: not read. */
export function podHealth(of: {
  readonly claims: readonly NodeClaimView[];
  readonly wanted: ReadonlySet<string>;
  readonly pods: readonly PodView[] | undefined;
  readonly now: Instant;
  readonly thresholds?: HealthThresholds;
}): readonly HealthCheck[] {
  const { claims, wanted, pods, now, thresholds = defaultThresholds } = of;
  const isFresh = ({ imageId }: NodeClaimView) => imageId !== undefined && wanted.has(imageId);
  const nodesOf = (some: readonly NodeClaimView[]) =>
    new Set(some.flatMap(({ nodeName }) => nodeName ?? []));
  const where = {
    freshNodes: nodesOf(claims.filter(isFresh)),
    oldNodes: nodesOf(claims.filter((claim) => !isFresh(claim))),
    now,
    thresholds,
  };
  return [
    compared('daemonsets', pods?.filter(isOfDaemonSet), where),
    compared(
      'workloads',
      pods?.filter(({ stays }) => !stays),
      where,
    ),
  ];
}

function newNodes(
  fresh: readonly NodeClaimView[],
  now: Instant,
  { notReadyNodes, notReadyShare, graceMs }: HealthThresholds,
): HealthCheck {
  const late = (claim: NodeClaimView) =>
    claim.initialized || now - (claim.detail?.createdAt ?? now) > graceMs;
  const bad = fresh.filter((claim) => !claim.ready && !claim.deleting && late(claim)).length;
  const breached = bad >= notReadyNodes && bad >= notReadyShare * fresh.length;
  const evidence = `${bad} of ${fresh.length} nodes on the new image are not Ready (NodeClaims)`;
  return { check: 'new-nodes', verdict: breached ? 'breached' : 'well', evidence };
}

/**
 * Extended resources, such as GPUs, that pods asked a node for and that its kubelet does not offer: a driver that is
 * missing in the image. Karpenter calls no node initialized before, so those that are have them.
 * Source: karpenter, pkg/controllers/nodeclaim/lifecycle/initialization.go.
 */
function resources(
  fresh: readonly NodeClaimView[],
  now: Instant,
  { graceMs }: HealthThresholds,
): HealthCheck {
  const short = fresh.flatMap(({ initialized, deleting, detail }) => {
    const waits = detail?.conditions.find(({ type }) => type === 'Initialized');
    const isLate = now - (detail?.createdAt ?? now) > graceMs;
    const isShort = waits?.reason === 'ResourceNotRegistered' && waits.status !== 'True';
    return isShort && isLate && !initialized && !deleting ? [waits.message] : [];
  });
  const [words = ''] = short;
  const said = words === '' ? '' : `: ${words.slice(0, 200).replace(/[.\s]+$/, '')}`;
  const evidence = `${short.length} of ${fresh.length} nodes on the new image do not offer a resource that pods asked for (NodeClaims)${said}`;
  return { check: 'resources', verdict: short.length > 0 ? 'breached' : 'well', evidence };
}

function launches(lost: number, thresholds: HealthThresholds): HealthCheck {
  const verdict = lost >= thresholds.lostLaunches ? 'breached' : 'well';
  const evidence = `${lost} new nodes went away without having been Ready (NodeClaims)`;
  return { check: 'launches', verdict, evidence };
}

/**
 * The same ReplicaSet or DaemonSet on old and new nodes at the same time: a fault of its own would show on both. What
 * was changed since has another template, so it has no pods of that kind on old nodes to compare with, and is named.
 */
function compared(
  check: 'daemonsets' | 'workloads',
  pods: readonly PodView[] | undefined,
  {
    freshNodes,
    oldNodes,
    now,
    thresholds,
  }: {
    readonly freshNodes: ReadonlySet<string>;
    readonly oldNodes: ReadonlySet<string>;
    readonly now: Instant;
    readonly thresholds: HealthThresholds;
  },
): HealthCheck {
  if (pods === undefined) return { check, verdict: 'not-checked', evidence: 'pods were not read' };
  const groups = new Map<string, { owner: string; fresh: PodView[]; old: PodView[] }>();
  for (const pod of pods) {
    const { owner, nodeName, labels } = pod;
    if (owner === undefined || nodeName === undefined || pod.deleting) continue;
    const template = labels['pod-template-hash'] ?? labels['controller-revision-hash'] ?? '';
    const key = `${owner} ${template}`;
    const group = groups.get(key) ?? { owner, fresh: [], old: [] };
    groups.set(key, group);
    if (freshNodes.has(nodeName)) group.fresh.push(pod);
    else if (oldNodes.has(nodeName)) group.old.push(pod);
  }
  const { sample, newShare, oldShare, graceMs } = thresholds;
  const isBad = ({ ready, crashing, startedAt }: PodView) =>
    crashing || (!ready && now - (startedAt ?? now) > graceMs);
  let looked = 0;
  const hurt: string[] = [];
  const changed: string[] = [];
  const onOld = new Set(
    [...groups.values()].flatMap(({ owner, old }) => (old.length > 0 ? owner : [])),
  );
  for (const { owner, fresh, old } of groups.values()) {
    if (fresh.length > 0 && old.length === 0 && onOld.has(owner)) changed.push(owner);
    if (fresh.length < sample || old.length < sample) continue;
    looked += 1;
    const [bad, badBefore] = [fresh.filter(isBad).length, old.filter(isBad).length];
    if (bad >= newShare * fresh.length && badBefore <= oldShare * old.length)
      hurt.push(
        `${owner}: ${bad} of ${fresh.length} pods fail on new nodes, ${badBefore} of ${old.length} on old ones`,
      );
  }
  const left = changed.length === 0 ? {} : { changed: [...new Set(changed)].sort() };
  if (hurt.length > 0)
    return {
      check,
      verdict: 'breached',
      evidence: `${hurt.slice(0, 3).join('; ')} (Pods)`,
      ...left,
    };
  // nothing to compare is nothing known
  if (looked === 0) {
    const evidence = 'too few pods on both old and new nodes';
    return { check, verdict: 'not-checked', evidence, ...left };
  }
  const evidence = `${looked} compared on old and new nodes (Pods)`;
  return { check, verdict: 'well', evidence, ...left };
}

function delivery(health: string | undefined): HealthCheck {
  if (health === undefined)
    return { check: 'argocd', verdict: 'not-checked', evidence: 'no Application is known' };
  const evidence = `the Application is ${health} (Argo CD)`;
  if (health === 'Degraded') return { check: 'argocd', verdict: 'breached', evidence };
  // Argo CD's own words for what it could not look at
  const isSeen = health !== 'Unknown' && health !== 'Missing';
  return { check: 'argocd', verdict: isSeen ? 'well' : 'not-checked', evidence };
}

function isOfDaemonSet({ owner }: PodView): boolean {
  return owner?.startsWith('DaemonSet ') === true;
}
