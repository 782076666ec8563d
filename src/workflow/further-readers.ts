import { hour, minute } from '../shared/time.ts';
import { readsFile } from '../tracking/application-reads.ts';
import { follows } from '../tracking/delivering-applications.ts';
import { isSameRepository } from '../tracking/same-repository.ts';
import type { Clusters } from './ports/clusters.ts';
import type { WatchedPin } from './watched-pins.ts';
import type { World } from './world.ts';

type Readers = Awaited<ReturnType<Clusters['readers']>>['readers'];

/** Applications are made and moved seldom, and an open ask is looked at every few seconds. */
const freshFor = hour;
/** An Argo CD that did not answer is asked again sooner: without it a file may seem to reach less far than it does. */
const freshUnheardFor = 5 * minute;
const asked = new WeakMap<
  Clusters,
  { readonly at: number; readonly readers: Readers; readonly isWhole: boolean }
>();

/** Where the edit of a pin would reach beyond what it is bound to. */
export type Further = {
  /** Environments of the configuration. */
  readonly environments: readonly string[];
  /** Which Application says so. */
  readonly because: string;
  /** Why it must stay: a reader is of no known environment, so nobody's rules say whether it may move there. */
  readonly leftAlone?: string;
};

/**
 * Pins that reach further than they are bound to: Argo CD says that an Application elsewhere reads the file and manages
 * the EC2NodeClass. An Argo CD that does not answer says nothing; then the file patterns stand.
 */
export async function furtherReaders(
  { clusters, fleet, clock, log }: Pick<World, 'clusters' | 'fleet' | 'clock' | 'log'>,
  pins: readonly WatchedPin[],
): Promise<ReadonlyMap<WatchedPin, Further>> {
  const found = new Map<WatchedPin, Further>();
  // Whatever reads it, there is no other environment.
  if (new Set(fleet.clusters.map(({ environment }) => environment)).size < 2) return found;
  const readers = await readersNow({ clusters, clock, log });
  const environmentOf = new Map(fleet.clusters.map((one) => [one.name, one.environment]));
  const known = new Set(fleet.policies.map(({ name }) => name));
  for (const at of pins) {
    const bound = at.shared ?? [at.environment];
    const environments = new Set<string>();
    const whys: string[] = [];
    let leftAlone: string | undefined;
    for (const { cluster, application } of readers) {
      if (at.clusters.includes(cluster) || !reads(application, at)) continue;
      const environment = environmentOf.get(cluster);
      if (environment === undefined || !known.has(environment)) {
        leftAlone ??= `Argo CD's ${application.name} reads it for ${cluster}, which belongs to no known environment`;
      } else if (!bound.includes(environment) && !environments.has(environment)) {
        environments.add(environment);
        whys.push(`Argo CD's ${application.name} reads it for ${cluster}`);
      }
    }
    if (environments.size === 0 && leftAlone === undefined) continue;
    found.set(at, {
      environments: [...environments],
      because: whys.join(', '),
      ...(leftAlone !== undefined && { leftAlone }),
    });
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
  const life = known?.isWhole === true ? freshFor : freshUnheardFor;
  if (known !== undefined && now >= known.at && now - known.at < life) return known.readers;
  const { readers, isWhole } = await clusters.readers().then(
    (said) => ({ readers: said.readers, isWhole: said.unheard.length === 0 }),
    (cause: unknown) => {
      log.warn({ cause }, 'Argo CD does not say who reads the files');
      return { readers: known?.readers ?? [], isWhole: false };
    },
  );
  asked.set(clusters, { at: now, readers, isWhole });
  return readers;
}
