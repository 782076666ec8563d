import type { EventView, PodBudgetView, PodView, Surroundings } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { readEvent } from './event-view.ts';
import { listAll } from './list-all.ts';
import { type Marked, Marks, marks } from './node-marks.ts';
import { readPodBudget } from './pod-budget-view.ts';
import { readPod } from './pod-view.ts';
import type { WatchedKind } from './watched-kinds.ts';

/** Up to so many nodes are asked about one by one; for more, all pods are listed. */
const mostNodes = 20;
const mostPods = 30_000;
const mostEvents = 10_000;
const mostBudgets = 10_000;

/** What was read of a cluster's surroundings, and what was not, with the reason: not checked is not none. */
export type SurroundingsRead = {
  readonly surroundings: Surroundings;
  readonly notChecked: readonly string[];
};

const running = 'status.phase!=Succeeded,status.phase!=Failed';

const budgets: WatchedKind<PodBudgetView> = {
  kind: 'PodDisruptionBudget',
  path: '/apis/policy/v1/poddisruptionbudgets',
  read: readPodBudget,
};

const events: WatchedKind<EventView> = {
  kind: 'Event',
  path: '/api/v1/events',
  // every node of a quiet cluster is Unconsolidatable every quarter of an hour
  fieldSelector: 'source=karpenter,reason!=Unconsolidatable',
  read: readEvent,
};

function podsBy(fieldSelector: string): WatchedKind<PodView> {
  return { kind: 'Pod', path: '/api/v1/pods', fieldSelector, read: readPod };
}

/**
 * Pods on the named Nodes and pods without a place, PodDisruptionBudgets, Karpenter's events, Nodes held by annotation.
 * @param nodes `all`: the pods of the whole cluster. Never throws for a part that cannot be read.
 */
export async function readSurroundings(
  api: ApiClient,
  { cluster, log, nodes }: { cluster: string; log: Log; nodes: readonly string[] | 'all' },
): Promise<SurroundingsRead> {
  const set = { cluster, log };
  const notChecked: string[] = [];
  async function part<T>(name: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (cause) {
      if (!(cause instanceof ClusterUnreachableError)) throw cause;
      notChecked.push(`${name}: ${cause.message.slice(0, 300)}`);
      return undefined;
    }
  }
  const list = async <T>(kind: WatchedKind<T>, most: number) => [
    ...(await listAll(api, kind, set, most)).items.values(),
  ];
  const few = nodes !== 'all' && nodes.length <= mostNodes;
  const [pods, pdbs, said, heldNodes] = await Promise.all([
    part('pods', async () => {
      if (!few) return list(podsBy(running), mostPods);
      const found: PodView[] = await list(podsBy('spec.nodeName=,status.phase=Pending'), mostPods);
      for (const name of nodes)
        found.push(...(await list(podsBy(`spec.nodeName=${name},${running}`), mostPods)));
      return found;
    }),
    part('PodDisruptionBudgets', () => list(budgets, mostBudgets)),
    part('events', () => list(events, mostEvents)),
    nodes === 'all'
      ? undefined
      : part('nodes', () => (few ? heldAmong(api, nodes) : heldAnywhere(api, set))),
  ]);
  return {
    surroundings: {
      ...(pods !== undefined && { pods, ...(!few && { allPods: true as const }) }),
      ...(pdbs !== undefined && { budgets: pdbs }),
      ...(said !== undefined && { events: said }),
      ...(heldNodes !== undefined && { heldNodes }),
    },
    notChecked,
  };
}

/** Nodes with `karpenter.sh/do-not-disrupt`, each with who set it, as far as our own mark says. */
type Held = ReadonlyMap<string, string>;

async function heldAmong(api: ApiClient, names: readonly string[]): Promise<Held> {
  const found = new Map<string, Marked>();
  for (const name of names) {
    const node = await api.get(`/api/v1/nodes/${name}`).catch((cause: unknown) => {
      if (cause instanceof ClusterUnreachableError && cause.status === 404) return undefined;
      throw cause;
    });
    const read = Marks.safeParse(node);
    if (read.success) found.set(name, read.data);
  }
  return heldBy(found);
}

/** By one list of metadata: of many nodes that wait, asking for each would cost more. */
async function heldAnywhere(
  api: ApiClient,
  set: { readonly cluster: string; readonly log: Log },
): Promise<Held> {
  return heldBy((await listAll(api, marks, set)).items);
}

function heldBy(nodes: ReadonlyMap<string, Marked>): Held {
  return new Map(
    [...nodes].flatMap(([name, { held, mark = '' }]) => (held ? [[name, mark] as const] : [])),
  );
}
