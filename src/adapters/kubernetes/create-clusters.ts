import type { Clock } from '../../shared/time.ts';
import { second } from '../../shared/time.ts';
import type { ClusterView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import { silentLog } from '../../workflow/log.ts';
import type { Clusters } from '../../workflow/ports/clusters.ts';
import type { NodeBrakes } from '../../workflow/ports/node-brakes.ts';
import type { NodeClassSyncs } from '../../workflow/ports/node-class-syncs.ts';
import { type Access, accessTo, applicationAccess } from './access.ts';
import { type ApiClient, apiClient } from './api-client.ts';
import { applicationReaders, type Heard } from './application-readers.ts';
import { clusterViewOf } from './cluster-view.ts';
import { type ClusterConnection, connectionTo } from './connection.ts';
import { createDeliverers, type DeliveryOptions } from './deliverers.ts';
import { glanceAtClaims } from './glance-at-claims.ts';
import { listAll } from './list-all.ts';
import { holdNodes, rehearseHold, releaseNodes } from './node-brakes.ts';
import { nodeKernels } from './node-kernels.ts';
import { countNotHandled } from './not-handled.ts';
import { type Observation, observeCluster } from './observation.ts';
import { type OwningApplication, owningApplications } from './owning-applications.ts';
import { readSurroundings } from './read-surroundings.ts';
import { explainMissing, servedVersions } from './support.ts';
import { syncNodeClasses } from './sync-node-classes.ts';
import { volumeZones } from './volume-zones.ts';
import { nodeClaims, nodeClasses, nodePools, nodes } from './watched-kinds.ts';

export type ClusterOptions = {
  readonly name: string;
  readonly connection: ClusterConnection;
  /** Absent: by Argo CD, whose Applications are found. */
  readonly delivery?: DeliveryOptions;
};

export type ConnectedClusters = Clusters &
  NodeBrakes &
  NodeClassSyncs & {
    /** API versions of a group that are served there; empty: none. @throws ClusterUnreachableError as the others do. */
    served(cluster: string, group: string): Promise<readonly string[]>;
    /** The Applications of this very cluster that manage an EC2NodeClass. @throws ClusterUnreachableError. */
    owningApplications(cluster: string): Promise<readonly OwningApplication[]>;
    /** What holding all nodes would take, changing nothing. @throws ClusterUnreachableError as the others do. */
    rehearseBrake(cluster: string): ReturnType<typeof rehearseHold>;
    /** For `amiable doctor`. @throws ClusterUnreachableError as the others do. */
    access(cluster: string): Promise<Access>;
    /** Ends all watches and connections. */
    close(): Promise<void>;
  };

/**
 * Clusters over their API servers, without an SDK's informers: only what tracking needs is read, and only while it is.
 * @param options.requestTimeoutMs in ms of real time, for a whole answer; 15 s by default.
 * @param options.random for jitter, from 0 inclusive to 1 exclusive.
 */
export function createClusters({
  clusters,
  clock,
  log = silentLog,
  requestTimeoutMs = 15 * second,
  random = Math.random,
}: {
  readonly clusters: readonly ClusterOptions[];
  readonly clock: Clock;
  readonly log?: Log;
  readonly requestTimeoutMs?: number;
  readonly random?: () => number;
}): ConnectedClusters {
  const closing = new AbortController();
  const { signal } = closing;
  const known = new Map(
    clusters.map((options) => {
      const connection = connectionTo(options.connection);
      const api = apiClient(options.name, connection, {
        timeoutMs: requestTimeoutMs,
        closing: signal,
      });
      return [options.name, { options, connection, api }] as const;
    }),
  );
  const observations = new Map<string, Observation>();

  function find(cluster: string) {
    const found = known.get(cluster);
    if (found === undefined) throw new Error(`No cluster ${cluster} is configured`);
    return found;
  }

  const argoCd = {
    api: (cluster: string) => find(cluster).api,
    delivery: (cluster: string) => find(cluster).options.delivery ?? {},
    server: async (cluster: string) => (await find(cluster).connection.route()).server,
    clusters: [...known.keys()],
    log,
  };
  const heard: Heard = { applications: new Map(), addresses: new Map() };
  const deliverers = createDeliverers({ ...argoCd, clock });

  function observation(cluster: string, api: ApiClient): Observation {
    const running = observations.get(cluster);
    if (running?.isLive() === true) return running;
    const started = observeCluster({ cluster, api, clock, log, random, signal });
    observations.set(cluster, started);
    const forget = () => {
      if (observations.get(cluster) === started) observations.delete(cluster);
    };
    started.ended.then(forget, (cause: unknown) => {
      forget();
      log.error({ cluster, cause }, 'observation failed');
    });
    return started;
  }

  return {
    async observe(cluster): Promise<ClusterView> {
      const { api } = find(cluster);
      return observation(cluster, api)
        .view()
        .catch((cause: unknown) => explainMissing(api, cluster, cause));
    },

    async glance(cluster, { samples } = { samples: 0 }): Promise<ClusterView> {
      const { api } = find(cluster);
      const asked = clock.now();
      const set = { cluster, log };
      const listed = await Promise.all([
        listAll(api, nodeClasses, set),
        listAll(api, nodePools, set),
        listAll(api, nodeClaims, set),
        listAll(api, nodes, set),
      ]).catch((cause: unknown) => explainMissing(api, cluster, cause));
      const [classes, pools, claims, theirNodes] = listed;
      return clusterViewOf(
        {
          nodeClasses: [...classes.items.values()],
          nodePools: [...pools.items.values()],
          nodeClaims: await glanceAtClaims({ api, ...set }, claims.items, samples),
          readyNodes: theirNodes.items,
        },
        asked,
      );
    },

    surroundings: (cluster, nodes) => readSurroundings(find(cluster).api, { cluster, log, nodes }),

    holdNodes: (cluster, nodes, mark) =>
      holdNodes(find(cluster).api, { cluster, log }, { nodes, mark }),

    syncNodeClasses(hub, what) {
      return syncNodeClasses(find(hub).api, what);
    },

    rehearseBrake: (cluster) => rehearseHold(find(cluster).api, { cluster, log }),

    releaseNodes: (cluster, mark) => releaseNodes(find(cluster).api, { cluster, log }, mark),

    async kernels(cluster) {
      const { items } = await listAll(find(cluster).api, nodeKernels, { cluster, log });
      return new Map([...items].filter(([, kernel]) => kernel !== ''));
    },

    volumeZones: (cluster) => volumeZones(find(cluster).api, { cluster, log }),

    notHandled: (cluster) => countNotHandled(find(cluster).api, { cluster, log }),

    served: (cluster, group) => servedVersions(find(cluster).api, group),

    owningApplications: (cluster) => owningApplications(find(cluster).api, { cluster, log }),

    deliverers,

    readers: () => applicationReaders({ ...argoCd, heard }),

    async access(cluster): Promise<Access> {
      const { api, options } = find(cluster);
      const access = await accessTo(api);
      const { delivery } = options;
      if (delivery === undefined || delivery === 'external') return access;
      const { application: name, namespace = 'argocd' } = delivery;
      if (name === undefined) return access;
      const hub = find(delivery.cluster ?? cluster);
      const missing = await applicationAccess(hub.api, { name, namespace });
      return { ...access, missing: [...access.missing, ...missing] };
    },

    async close() {
      closing.abort();
      await Promise.all([...observations.values()].map(({ ended }) => ended));
      await Promise.all([...known.values()].map(({ connection }) => connection.close()));
    },
  };
}
