import { sha256 } from '../../shared/canonical.ts';
import { type Clock, hour, type Instant, second } from '../../shared/time.ts';
import type { Faults } from '../faults.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { type Act, act } from './act.ts';
import { lists } from './api/lists.ts';
import { type Counted, kubernetesServer, type ServedCluster } from './api/serve.ts';
import { watches } from './api/watches.ts';
import type { ApplicationSpec } from './argocd/application.ts';
import { type ArgoCdAct, argoCdFleet } from './argocd/fleet.ts';
import type { Git } from './argocd/git.ts';
import type { Application } from './argocd/objects.ts';
import { type ClusterSpec, clusterOf, type NodeTruth, nodesOf, settle } from './cluster.ts';
import { stepKarpenter } from './karpenter/karpenter.ts';
import type { Objects, Plural } from './objects.ts';
import { randomFrom } from './random.ts';
import type { Resolve, Simulation } from './simulation.ts';
import { loadState, saveState } from './state-file.ts';

export type KubernetesOptions = {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly clusters: readonly ClusterSpec[];
  readonly argocd: { readonly applications: readonly ApplicationSpec[] };
  readonly git: Git;
  readonly resolve: Resolve;
  /** Where its state survives a restart; absent: nowhere. */
  readonly dataDir?: string;
  /** Absent or 0: any free one. */
  readonly port?: number;
  /** The same seed, clock and requests give the same story. */
  readonly seed?: number;
  /** How often the controllers run, in ms of the clock; within, they catch up second by second. */
  readonly tickMs?: number;
  /** Changes that watches may come back to, per cluster and resource. */
  readonly historyLimit?: number;
};

export type Requests = Readonly<Record<Counted, number>> & { readonly bytes: number };

/** Clusters on the loopback interface, and what can be done to them from the same process. */
export type KubernetesStandIn = {
  readonly url: string;
  /** For a kubeconfig's `server`. @throws Error for a cluster there is none of. */
  serverUrl(cluster: string): string;
  token(cluster: string): string;
  /** What runs in truth, by name of cluster. */
  state(): Readonly<
    Record<
      string,
      {
        kubernetes: string;
        nodes: readonly NodeTruth[];
        /** PodDisruptionBudgets, `namespace/name`, that `block-pdb` made allow nothing. */
        heldBudgets: readonly string[];
      }
    >
  >;
  applications(): readonly Application[];
  /** The objects of a cluster as its API would list them. */
  objects<P extends Plural>(cluster: string, plural: P): readonly Objects[P][];
  /** @throws Error when there is no such cluster, node or budget. */
  act(cluster: string, what: Act | ArgoCdAct): void;
  /** What a Git webhook does: Applications of the repository (`owner/name` or clone URL) compare within seconds. */
  notifyPush(repository: string): void;
  /** What was asked so far, and how many bytes were answered. */
  requests(): Requests;
  /** Syncs of single resources that Argo CD carried out so far. */
  partialSyncs(): number;
  openWatches(cluster: string): number;
  /** Runs the controllers up to now, at once; they do so by themselves every `tickMs`. */
  tick(): void;
  /** Ends all connections and saves. @throws what a controller failed with. */
  close(): Promise<void>;
};

/**
 * Starts EKS clusters of our own, with Argo CD and Karpenter in them. Played: NodePools, EC2NodeClasses and the life of
 * NodeClaims and Nodes under drift, budgets and PodDisruptionBudgets; Applications with directories and the chart `raw`
 * as sources, their children, ApplicationSets of lists, and the sync windows of their project. Consolidation is
 * played where it is ordered. Not played: expiry, DaemonSets, volumes beyond their conditions and zones that are told, static pools; writes other than patches
 * of Nodes; strong consistency of bookmarks between resources.
 */
export async function startKubernetesStandIn(
  options: KubernetesOptions,
): Promise<KubernetesStandIn> {
  const { clock, faults, git, resolve, dataDir, port = 0, seed = 1, tickMs = second } = options;
  const saved = loadState(dataDir);
  const started = clock.now();
  const simulations = new Map(
    options.clusters.map((spec) => {
      const { historyLimit } = options;
      const from = saved?.clusters[spec.name];
      const set = { resolve, seed, now: started, historyLimit, saved: from };
      return [spec.name, clusterOf(spec, set)] as const;
    }),
  );
  const random = randomFrom(saved?.randomState ?? seed);
  let url = '';
  const argoCd = argoCdFleet({
    stores: new Map([...simulations].map(([name, { store }]) => [name, store])),
    serverOf: (cluster) => `${url}/clusters/${cluster}`,
    git,
    random,
    ...(saved !== undefined && { saved: saved.applications }),
  });
  const { applications } = options.argocd;
  argoCd.begin(applications, started);

  function simulationOf(name: string): Simulation {
    const found = simulations.get(name);
    if (found === undefined) throw new Error(`The sandbox has no cluster ${name}`);
    return found;
  }

  if (saved === undefined) argoCd.bootstrap(applications, started - hour);
  for (const spec of options.clusters)
    if (saved?.clusters[spec.name] === undefined) settle(simulationOf(spec.name), spec, started);

  const counts = { list: 0, get: 0, watch: 0, patch: 0, other: 0, bytes: 0 };
  const served = new Map(
    [...simulations].map(([name, { store, memory }]): [string, ServedCluster] => {
      const streams = watches(store, faults, (bytes) => {
        counts.bytes += bytes;
      });
      const token = `sandbox-${sha256(`${seed}/${name}`).slice(0, 32)}`;
      return [name, { store, memory, token, list: lists(store), watches: streams }];
    }),
  );
  const server = kubernetesServer({
    faults,
    cluster: (name) => served.get(name),
    now: () => clock.now(),
    count(kind, bytes) {
      counts[kind] += 1;
      counts.bytes += bytes;
    },
  });

  function stepTo(now: Instant): void {
    for (const simulation of simulations.values()) {
      const { memory } = simulation;
      const gap = now - memory.steppedAt;
      // after a long sleep the steps grow: the story stays the same, in coarser strokes
      const stride = Math.max(second, gap / 600);
      for (let at = memory.steppedAt + stride; at < now; at += stride) step(simulation, at);
      step(simulation, now);
      memory.steppedAt = now;
    }
    for (const { watches: streams } of served.values()) streams.step(now);
  }

  function step(simulation: Simulation, at: Instant): void {
    argoCd.step(simulation.store, at);
    stepKarpenter(simulation, at);
  }

  let savedVersions = '';
  function save(): void {
    if (dataDir === undefined) return;
    const versions = [...simulations.values()].map(({ store }) => store.version()).join();
    if (versions === savedVersions) return;
    savedVersions = versions;
    saveState(dataDir, {
      clusters: Object.fromEntries(
        [...simulations].map(([name, { store, memory }]) => [
          name,
          { store: store.snapshot(), memory },
        ]),
      ),
      applications: argoCd.plans(),
      randomState: random.state(),
    });
  }

  const stopping = new AbortController();
  async function drive(): Promise<void> {
    let saveAt = clock.monotonic();
    while (!stopping.signal.aborted) {
      await clock.sleep(tickMs, stopping.signal);
      if (stopping.signal.aborted) return;
      stepTo(clock.now());
      // a fast clock must not turn into a busy disk
      if (clock.monotonic() < saveAt) continue;
      save();
      saveAt = clock.monotonic() + second;
    }
  }

  stepTo(started);
  save();
  url = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;
  // not caught here: a controller that fails must be seen, when closing at the latest
  const driving = drive();

  return {
    url,
    serverUrl: (cluster) => `${url}/clusters/${simulationOf(cluster).name}`,
    token: (cluster) => served.get(simulationOf(cluster).name)?.token ?? '',
    state: () =>
      Object.fromEntries(
        [...simulations].map(([name, simulation]) => [
          name,
          {
            kubernetes: simulation.memory.kubernetes,
            nodes: nodesOf(simulation),
            heldBudgets: Object.keys(simulation.memory.heldBudgets),
          },
        ]),
      ),
    applications: () => argoCd.applications(clock.now()),
    objects: (cluster, plural) => simulationOf(cluster).store.list(plural),
    act(cluster, what) {
      const simulation = simulationOf(cluster);
      if (what.do === 'sync' || what.do === 'auto-sync' || what.do === 'sync-windows')
        argoCd.act(cluster, what, clock.now());
      else act(simulation, what, clock.now());
    },
    notifyPush: (repository) => argoCd.pushed(repository, clock.now()),
    requests: () => ({ ...counts }),
    partialSyncs: () =>
      Object.values(argoCd.plans()).reduce((sum, { partialSyncs = 0 }) => sum + partialSyncs, 0),
    openWatches: (cluster) => served.get(cluster)?.watches.open() ?? 0,
    tick: () => stepTo(clock.now()),
    async close() {
      stopping.abort();
      for (const { watches: streams } of served.values()) streams.cutAll();
      await closeServer(server);
      save();
      await driving;
    },
  };
}
