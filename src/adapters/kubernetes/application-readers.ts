import type { ApplicationView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import type { DeliveryOptions } from './deliverers.ts';
import { hubIn, isHere, listApplications, normalisedServer } from './deliverers.ts';

/** So many Argo CDs are asked; a fleet with one in each of its clusters says who reads a file by declaration. */
const mostHubs = 20;

/** An Application that manages EC2NodeClasses, and the cluster it brings them to. */
export type ApplicationReader = {
  readonly cluster: string;
  readonly application: ApplicationView;
};

/**
 * Every Application that manages an EC2NodeClass in one of the clusters, from wherever the configuration says that Argo
 * CD runs; where it says nothing, each cluster is taken to have its own. One that does not answer is left out, and logged.
 */
export async function applicationReaders({
  api,
  delivery,
  server,
  clusters,
  log,
}: {
  readonly api: (cluster: string) => ApiClient;
  readonly delivery: (cluster: string) => DeliveryOptions;
  readonly server: (cluster: string) => Promise<string>;
  readonly clusters: readonly string[];
  readonly log: Log;
}): Promise<readonly ApplicationReader[]> {
  const followed = clusters.filter((cluster) => delivery(cluster) !== 'external');
  const named = followed.flatMap((cluster) => hubIn(delivery(cluster)) ?? []);
  const hubs = [...new Set(named.length > 0 ? named : followed)];
  if (hubs.length > mostHubs) {
    log.info({ hubs: hubs.length, mostHubs }, 'too many Argo CDs to ask who reads the files');
    return [];
  }
  const addresses = new Map<string, string>();
  for (const cluster of followed) {
    const address = await server(cluster).catch(() => undefined);
    if (address !== undefined) addresses.set(cluster, normalisedServer(address));
  }
  const found = await Promise.all(
    hubs.map(async (hub) => {
      const options = delivery(hub);
      const namespace = (options === 'external' ? undefined : options.namespace) ?? 'argocd';
      try {
        return readersOf(await listApplications(api(hub), { cluster: hub, log }, namespace), hub);
      } catch (cause) {
        log.info({ hub, cause }, 'Applications not listed');
        return [];
      }
    }),
  );
  return found.flat();

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
