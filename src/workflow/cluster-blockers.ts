import type { RolloutId } from '../shared/ids.ts';
import { minute } from '../shared/time.ts';
import type { Blocker, BlockerCause } from '../tracking/blocker.ts';
import { groupedText } from '../tracking/blocker-text.ts';
import { blockersOf } from '../tracking/blockers-of.ts';
import { noLaunchText } from '../tracking/no-launch.ts';
import { budgetsOver } from '../tracking/node-blockers.ts';
import { phaseOf } from '../tracking/phase.ts';
import type { ClusterView, PodView, Surroundings } from '../tracking/types.ts';
import type { World } from './world.ts';

/** Pods and events are read again no sooner: they cost more than all the rest of a look. */
const againAfterMs = minute;
const mostSentences = 5;

/** Pods without a place and volumes come and go with every node that moves; what holds a drain is named beside it. */
const passing: ReadonlySet<BlockerCause> = new Set(['unschedulable', 'volumes', 'budget-draining']);

/** Of tens of thousands of pods only those are kept that may hold a node, or have none. */
function thinned(surroundings: Surroundings): Surroundings {
  const { pods, budgets = [] } = surroundings;
  if (pods === undefined) return surroundings;
  const holds = (pod: PodView) => {
    const over = budgetsOver(pod, budgets);
    return over.length > 1 || over.some(({ allowed }) => allowed === 0);
  };
  return {
    ...surroundings,
    pods: pods.filter(
      (pod) => pod.unschedulable !== undefined || pod.doNotDisrupt !== undefined || holds(pod),
    ),
  };
}

/**
 * Why nodes of a cluster wait, a sentence each, with times in ISO 8601; empty when nothing known blocks. What could not be
 * read is said too. `endless`: something holds them that nobody can say the end of. Reading fails soft: it explains, and nothing is decided by it.
 */
export async function clusterBlockers(
  { clusters, clock, sightings, log }: Pick<World, 'clusters' | 'clock' | 'sightings' | 'log'>,
  rollout: RolloutId,
  {
    cluster,
    view,
    nodeClasses,
    wanted,
  }: {
    readonly cluster: string;
    readonly view: ClusterView;
    readonly nodeClasses: ReadonlySet<string>;
    readonly wanted: ReadonlySet<string>;
  },
): Promise<{
  readonly sentences: readonly string[];
  readonly blockers: readonly Blocker[];
  readonly endless: boolean;
  readonly noLaunch: string | undefined;
}> {
  const { surroundings: known } = sightings(rollout);
  const now = clock.now();
  let read = known.get(cluster);
  if (read === undefined || now - read.at >= againAfterMs) {
    const nodes = view.nodeClaims.flatMap((claim) =>
      nodeClasses.has(claim.nodeClass) &&
      claim.nodeName !== undefined &&
      phaseOf(claim, wanted) !== 'done'
        ? [claim.nodeName]
        : [],
    );
    try {
      const around = await clusters.surroundings(cluster, nodes);
      read = { ...around, surroundings: thinned(around.surroundings), at: now };
    } catch (cause) {
      log.warn({ rollout, cluster, cause }, 'surroundings not read');
      read = { surroundings: {}, notChecked: ['pods, budgets and events'], at: now };
    }
    known.set(cluster, read);
  }
  const blockers = blockersOf(view, {
    wanted: new Map([...nodeClasses].map((name) => [name, wanted])),
    surroundings: read.surroundings,
    now,
  });
  const missing = read.notChecked.map((what) => what.replace(/:.*$/s, ''));
  const sentences = [
    ...groupedText(blockers, mostSentences),
    ...(missing.length === 0 ? [] : [`Not checked: ${missing.join(', ')}.`]),
  ];
  const endless = blockers.some(
    ({ cause, opensAt }) => opensAt === undefined && !passing.has(cause),
  );
  return { sentences, blockers, endless, noLaunch: noLaunchText(blockers, now) };
}
