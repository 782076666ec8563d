import type { Instant } from '../shared/time.ts';
import { type Blocker, withoutTwins } from './blocker.ts';
import { classBlockers } from './class-blockers.ts';
import { launchBlockers, launchFailures } from './launch-blockers.ts';
import { nodeBlockers } from './node-blockers.ts';
import { phaseOf } from './phase.ts';
import { poolBlockers } from './pool-blockers.ts';
import type { ClusterView, NodeClaimView, Surroundings } from './types.ts';

/**
 * Everything known that keeps nodes from being replaced, what concerns most nodes first. Nothing found does not mean
 * that nothing blocks: parts of `surroundings` may not have been read.
 * @param of.wanted by EC2NodeClass: the classes asked about, and the images their nodes are to run.
 */
export function blockersOf(
  view: ClusterView,
  of: {
    readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
    readonly surroundings: Surroundings;
    readonly now: Instant;
  },
): readonly Blocker[] {
  const { wanted, surroundings, now } = of;
  const { events = [] } = surroundings;
  const asked = view.nodeClaims.filter(({ nodeClass }) => wanted.has(nodeClass));
  const phase = (claim: NodeClaimView) => phaseOf(claim, wanted.get(claim.nodeClass) ?? new Set());
  const waiting = asked.filter((claim) => ['drifted', 'unseen'].includes(phase(claim)));
  // a node that is on the wanted image already may leave for a reason of its own
  const isDone = ({ nodeClass, imageId, ready }: NodeClaimView) =>
    ready && imageId !== undefined && wanted.get(nodeClass)?.has(imageId) === true;
  const leaving = asked.filter((claim) => phase(claim) === 'draining' && !isDone(claim));
  const coming = asked.filter((claim) =>
    ['launching', 'registering', 'initializing', 'not-ready'].includes(phase(claim)),
  );
  const nodePools = view.nodePools.filter(({ nodeClass }) => wanted.has(nodeClass));
  const poolNames = new Set(nodePools.map(({ name }) => name));
  const claimsOf = (pool: string, claims: readonly NodeClaimView[]) =>
    claims.filter(({ nodePool }) => nodePool === pool);
  const isReadyFor = (pool: string) => {
    const its = nodePools.find(({ name }) => name === pool)?.nodeClass;
    const nodeClass = view.nodeClasses.find(({ name }) => name === its);
    return nodeClass !== undefined && classBlockers(nodeClass, 0).length === 0;
  };
  const podsOn = groupedBy(surroundings.pods ?? [], ({ nodeName }) => nodeName ?? '');
  const said = groupedBy(events, ({ kind, name }) => `${kind}/${name}`);
  const saidOf = ({ name, nodeName }: NodeClaimView) => [
    ...(said.get(`NodeClaim/${name}`) ?? []),
    ...(said.get(`Node/${nodeName ?? ''}`) ?? []),
  ];
  const unplaced = (surroundings.pods ?? []).filter(({ unschedulable }) => unschedulable);
  const found: readonly Blocker[] = [
    ...view.nodeClasses
      .filter(({ name }) => wanted.has(name))
      .flatMap((nodeClass) => classBlockers(nodeClass, claimsIn(nodeClass.name, waiting).length)),
    ...nodePools.flatMap((nodePool) =>
      poolBlockers(nodePool, {
        claims: claimsOf(nodePool.name, view.nodeClaims),
        waiting: claimsOf(nodePool.name, waiting),
        events,
        now,
      }),
    ),
    ...launchFailures(events, { nodePools: poolNames, now }).flatMap((failure) => {
      const name = failure.object.slice('NodePool/'.length);
      // an event outlasts what it tells of: a class that is Ready by now launches
      const isOver = failure.cause === 'nodeclass-not-ready' && isReadyFor(name);
      return isOver ? [] : [{ ...failure, nodes: claimsOf(name, waiting).length }];
    }),
    ...coming.flatMap((claim) => launchBlockers(claim, now)),
    ...[...waiting, ...leaving].flatMap((claim) =>
      nodeBlockers(claim, {
        ...surroundings,
        // of thousands of pods and events only its own: looked up, not searched for each node
        ...(surroundings.pods === undefined
          ? {}
          : { pods: podsOn.get(claim.nodeName ?? '') ?? [] }),
        ...(surroundings.events === undefined ? {} : { events: saidOf(claim) }),
        now,
        nodePool: view.nodePools.find(({ name }) => name === claim.nodePool),
      }),
    ),
    // only while nodes move: a cluster may have pods that never fit, for reasons of their own
    ...(waiting.length + leaving.length + coming.length === 0
      ? []
      : unplaced.map(
          ({ namespace, name, owner, unschedulable }): Blocker => ({
            cause: 'unschedulable',
            object: `Pod/${namespace}/${name}`,
            nodes: 0,
            ...(owner === undefined ? {} : { owner }),
            ...(unschedulable?.since === undefined ? {} : { since: unschedulable.since }),
            words: unschedulable?.words ?? '',
          }),
        )),
  ];
  return withoutTwins(found).toSorted((a, b) => b.nodes - a.nodes);
}

function groupedBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function claimsIn(nodeClass: string, claims: readonly NodeClaimView[]) {
  return claims.filter((claim) => claim.nodeClass === nodeClass);
}
