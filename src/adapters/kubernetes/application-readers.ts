import type { ApplicationView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { Readers } from '../../workflow/ports/clusters.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import type { DeliveryOptions } from './deliverers.ts';
import { hubIn, isHere, listApplications, normalisedServer } from './deliverers.ts';

/** So many Argo CDs are asked; a fleet with one in each of its clusters says who reads a file by declaration. */
const mostHubs = 20;

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
}): Promise<Readers> {
  const followed = clusters.filter((cluster) => delivery(cluster) !== 'external');
  const named = new Set(followed.flatMap((cluster) => hubIn(delivery(cluster)) ?? []));
  const own = followed.filter((cluster) => hasOwn(delivery(cluster)));
  const hubs = named.size > 0 ? [...new Set([...named, ...own])] : followed;
  const nobody = { readers: [], elsewhere: [], unheard: [], neverHeard: [], refused: [] };
  if (hubs.length > mostHubs) {
    log.info({ hubs: hubs.length, mostHubs }, 'too many Argo CDs to ask who reads the files');
    return { ...nobody, tooMany: hubs.length };
  }
  const { addresses } = heard;
  const unheard = new Set<string>();
  const refused: string[] = [];
  for (const cluster of clusters) {
    const address = await server(cluster).catch(() => undefined);
    if (address !== undefined) addresses.set(cluster, normalisedServer(address));
    else if (followed.includes(cluster)) unheard.add(cluster);
  }
  await Promise.all(
    hubs.map(async (hub) => {
      const options = delivery(hub);
      const namespace = (options === 'external' ? undefined : options.namespace) ?? 'argocd';
      try {
        const all = await listApplications(api(hub), { cluster: hub, log }, namespace);
        heard.applications.set(hub, all);
      } catch (cause) {
        log.info({ hub, cause }, 'Applications not listed');
        if (isRefusal(cause)) refused.push(hub);
        else unheard.add(hub);
      }
    }),
  );
  const managing = hubs.flatMap((hub) =>
    (heard.applications.get(hub) ?? [])
      .filter(({ nodeClasses = [] }) => nodeClasses.length > 0)
      .map((application) => ({
        hub,
        application,
        reached: clusters.filter((cluster) => isAt(application, cluster, hub)),
      })),
  );
  return {
    readers: managing.flatMap(({ application, reached }) =>
      reached
        .filter((cluster) => followed.includes(cluster))
        .map((cluster) => ({ cluster, application })),
    ),
    elsewhere: managing
      .filter(({ reached }) => reached.length === 0)
      .map(({ hub, application }) => ({ hub, application })),
    unheard: [...unheard],
    neverHeard: [...unheard]
      .filter((hub) => hubs.includes(hub) && !heard.applications.has(hub))
      .map((hub) => ({ cluster: hub, named: named.has(hub) })),
    refused,
  };

  function isAt({ destination = {} }: ApplicationView, cluster: string, hub: string): boolean {
    const address = addresses.get(cluster) ?? '';
    return isHere(destination, { cluster, address, inside: hub === cluster });
  }
}

/** It names an Application of the cluster itself, so Argo CD runs there. */
function hasOwn(options: DeliveryOptions): boolean {
  return (
    options !== 'external' && options.cluster === undefined && options.application !== undefined
  );
}

/** It has no Argo CD, or we may not list its Applications: asked again soon, it says the same. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof ClusterUnreachableError && [401, 403, 404].includes(cause.status ?? 0);
}
