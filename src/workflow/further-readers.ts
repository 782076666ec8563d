import { hour } from '../shared/time.ts';
import { readsFile } from '../tracking/application-reads.ts';
import { follows } from '../tracking/delivering-applications.ts';
import { isSameRepository } from '../tracking/same-repository.ts';
import type { Clusters } from './ports/clusters.ts';
import type { WatchedPin } from './watched-pins.ts';
import type { World } from './world.ts';

type Readers = Awaited<ReturnType<Clusters['readers']>>;

/** Applications are made and moved seldom, and an open ask is looked at every few seconds. */
const freshFor = hour;
const asked = new WeakMap<Clusters, { readonly at: number; readonly readers: Readers }>();

/**
 * Why a pin must not move as it is bound: Argo CD says that an Application of an environment it is not bound to reads its
 * file and manages its EC2NodeClass, so that the edit would reach there under none of that environment's rules. An
 * Argo CD that does not answer says nothing; then the file patterns stand.
 */
export async function furtherReaders(
  { clusters, fleet, clock, log }: Pick<World, 'clusters' | 'fleet' | 'clock' | 'log'>,
  pins: readonly WatchedPin[],
): Promise<ReadonlyMap<WatchedPin, string>> {
  const found = new Map<WatchedPin, string>();
  // Whatever reads it, there is no other environment.
  if (new Set(fleet.clusters.map(({ environment }) => environment)).size < 2) return found;
  const readers = await readersNow({ clusters, clock, log });
  const environmentOf = new Map(fleet.clusters.map((one) => [one.name, one.environment]));
  for (const at of pins) {
    if (found.has(at)) continue;
    const bound = at.shared ?? [at.environment];
    for (const { cluster, application } of readers) {
      const environment = environmentOf.get(cluster);
      if (environment === undefined || bound.includes(environment)) continue;
      if (at.clusters.includes(cluster) || !reads(application, at)) continue;
      const all = fleet.policies.map(({ name }) => name);
      const write = all.filter((one) => one === environment || bound.includes(one));
      found.set(
        at,
        `Argo CD's ${application.name} reads it for ${cluster} (${environment}) too, and it is bound to ${bound.join(' and ')}: write {pattern: …, environments: [${write.join(', ')}]}`,
      );
      break;
    }
  }
  return found;
}

function reads({ sources = [], nodeClasses = [] }: Readers[number]['application'], at: WatchedPin) {
  const { pin, path, branch, repository } = at;
  if (pin.nodeClass !== undefined && !nodeClasses.includes(pin.nodeClass)) return false;
  return readsFile(
    sources.filter(({ revision }) => follows(revision, branch)),
    path,
    (address) => isSameRepository(address, repository),
  );
}

async function readersNow({
  clusters,
  clock,
  log,
}: Pick<World, 'clusters' | 'clock' | 'log'>): Promise<Readers> {
  const now = clock.now();
  const known = asked.get(clusters);
  if (known !== undefined && now >= known.at && now - known.at < freshFor) return known.readers;
  const readers = await clusters.readers().catch((cause: unknown) => {
    log.warn({ cause }, 'Argo CD does not say who reads the files');
    return known?.readers ?? [];
  });
  asked.set(clusters, { at: now, readers });
  return readers;
}
