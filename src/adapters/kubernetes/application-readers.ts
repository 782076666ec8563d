import type { ApplicationView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import type { DeliveryOptions } from './deliverers.ts';
import { hubIn, isHere, listApplications, normalisedServer } from './deliverers.ts';

/** So many Argo CDs are asked; a fleet with one in each of its clusters says who reads a file by declaration. */
const mostHubs = 20;

/** An Application that manages EC2NodeClasses, and the cluster it brings them to. */
export type ApplicationReader = {
  readonly cluster: string;
  readonly application: ApplicationView;
};

/** What was learnt before, by cluster. */
export type Heard = {
  readonly applications: Map<string, readonly ApplicationView[]>;
  readonly addresses: Map<string, string>;
};

/**
 * Every Application that manages an EC2NodeClass in one of the clusters, from wherever the configuration says that Argo
 * CD runs; where it says nothing, each cluster is taken to have its own. One that does not answer is logged, and what it
 * said last counts: its silence must not make a file reach less far.
 */
export async function applicationReaders({
  api,
  delivery,
  server,
  clusters,
  heard,
  log,
}: {
  readonly api: (cluster: string) => ApiClient;
  readonly delivery: (cluster: string) => DeliveryOptions;
  readonly server: (cluster: string) => Promise<string>;
  readonly clusters: readonly string[];
  /** Kept between calls. */
  readonly heard: Heard;
  readonly log: Log;
}): Promise<{
  readonly readers: readonly ApplicationReader[];
  /** Clusters whose Argo CD did not answer now, or whose address is not known. */
  readonly unheard: readonly string[];
}> {
  const followed = clusters.filter((cluster) => delivery(cluster) !== 'external');
  const named = followed.flatMap((cluster) => hubIn(delivery(cluster)) ?? []);
  const hubs = [...new Set(named.length > 0 ? named : followed)];
  if (hubs.length > mostHubs) {
    log.info({ hubs: hubs.length, mostHubs }, 'too many Argo CDs to ask who reads the files');
    return { readers: [], unheard: [] };
  }
  const { addresses } = heard;
  const unheard = new Set<string>();
  for (const cluster of followed) {
    const address = await server(cluster).catch(() => undefined);
    if (address === undefined) unheard.add(cluster);
    else addresses.set(cluster, normalisedServer(address));
  }
  const found = await Promise.all(
    hubs.map(async (hub) => {
      const options = delivery(hub);
      const namespace = (options === 'external' ? undefined : options.namespace) ?? 'argocd';
      try {
        heard.applications.set(
          hub,
          await listApplications(api(hub), { cluster: hub, log }, namespace),
        );
      } catch (cause) {
        log.info({ hub, cause }, 'Applications not listed');
        if (!isRefusal(cause)) unheard.add(hub);
      }
      return readersOf(heard.applications.get(hub) ?? [], hub);
    }),
  );
  return { readers: found.flat(), unheard: [...unheard] };

  function readersOf(all: readonly ApplicationView[], hub: string): readonly ApplicationReader[] {
    return all
      .filter(({ nodeClasses = [] }) => nodeClasses.length > 0)
      .flatMap((application) =>
        followed.flatMap((cluster) => {
          const where = { cluster, address: addresses.get(cluster) ?? '', inside: hub === cluster };
          return isHere(application.destination ?? {}, where) ? [{ cluster, application }] : [];
        }),
      );
  }
}

/** It has no Argo CD, or we may not list its Applications: asked again soon, it says the same. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof ClusterUnreachableError && [401, 403, 404].includes(cause.status ?? 0);
}
