import type { Clock, Instant } from '../../shared/time.ts';
import { minute } from '../../shared/time.ts';
import type { ClusterView, NodeClaimView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { claimsInMotion } from './claims-in-motion.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { clusterViewOf } from './cluster-view.ts';
import { type Reflector, reflect } from './reflector.ts';
import { nodeClaims, nodeClasses, nodePools, nodes } from './watched-kinds.ts';

/** Watches that nobody asked about for so long are ended. */
const idleMs = 10 * minute;

export type Observation = {
  /** @throws ClusterUnreachableError until every resource was listed once; from then on the age tells. */
  view(): Promise<ClusterView>;
  /** False from the moment nobody asked for long enough; what it shows gets old then. */
  isLive(): boolean;
  /** Resolves when it ended: nobody asked, or `signal` aborted. */
  readonly ended: Promise<void>;
};

/** Starts to watch what tracking needs of a cluster. */
export function observeCluster({
  cluster,
  api,
  clock,
  log,
  random,
  signal,
}: {
  readonly cluster: string;
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly signal: AbortSignal;
}): Observation {
  const stop = new AbortController();
  const set = { cluster, api, clock, log, random, signal: AbortSignal.any([signal, stop.signal]) };
  const motion = claimsInMotion(set);
  const kinds = {
    nodeClasses: reflect(nodeClasses, set),
    nodePools: reflect(nodePools, set),
    nodeClaims: reflect(nodeClaims, {
      ...set,
      onListed: motion.listed,
      onChanged: motion.changed,
    }),
    nodes: reflect(nodes, set),
  };
  const all: readonly Reflector<unknown>[] = Object.values(kinds);
  let askedAt: Instant = clock.now();
  let settled = false;

  function* claims(): Generator<NodeClaimView> {
    for (const [name, row] of kinds.nodeClaims.current().items) yield motion.view(name, row);
  }

  async function endWhenIdle(): Promise<void> {
    while (!set.signal.aborted) {
      await clock.sleep(askedAt + idleMs - clock.now(), set.signal);
      if (clock.now() - askedAt >= idleMs) stop.abort();
    }
    await Promise.all(all.map(({ stopped }) => stopped));
  }

  return {
    ended: endWhenIdle(),
    isLive: () => !set.signal.aborted,
    async view() {
      askedAt = clock.now();
      await Promise.all(all.map(({ tried }) => tried));
      // from then on, what comes in between two looks is read by itself
      if (!settled) await motion.settled();
      settled = true;
      const reflections = all.map((reflector) => reflector.current());
      // the oldest confirmation counts: a view is as fresh as its stalest part
      const observedAt = Math.min(
        ...reflections.map(({ confirmedAt, failure }) => {
          if (confirmedAt !== undefined) return confirmedAt;
          throw (
            failure ??
            new ClusterUnreachableError({ cluster, doing: 'watching' }, { said: 'it was ended' })
          );
        }),
      );
      const itemsOf = <T>(reflector: Reflector<T>) => [...reflector.current().items.values()];
      return clusterViewOf(
        {
          nodeClasses: itemsOf(kinds.nodeClasses),
          nodePools: itemsOf(kinds.nodePools),
          nodeClaims: claims(),
          readyNodes: kinds.nodes.current().items,
        },
        observedAt,
      );
    },
  };
}
