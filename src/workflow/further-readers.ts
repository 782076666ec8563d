import { hour, minute } from '../shared/time.ts';
import { normalised, readsFile } from '../tracking/application-reads.ts';
import { follows } from '../tracking/delivering-applications.ts';
import { isSameRepository } from '../tracking/same-repository.ts';
import type { ApplicationSource, ApplicationView } from '../tracking/types.ts';
import type { Clusters, Readers } from './ports/clusters.ts';
import type { WatchedPin, WatchProblem } from './watched-pins.ts';
import type { World } from './world.ts';

/** Applications are made and moved seldom, and an open ask is looked at every few seconds. */
const freshFor = hour;
/** An Argo CD that did not answer is asked again sooner: without it a file may seem to reach less far than it does. */
const freshUnheardFor = 5 * minute;
const asked = new WeakMap<
  Clusters,
  { readonly at: number; readonly said: Readers; readonly isWhole: boolean }
>();

/** More of these say nothing more. */
const mostElsewhere = 20;

/** Where the edit of a pin would reach beyond what it is bound to. */
export type Further = {
  /** Environments of the configuration. */
  readonly environments: readonly string[];
  /** Which Application says so. */
  readonly because: string;
  /** Why it must stay: a reader is of no known environment, so nobody's rules say whether it may move there. */
  readonly leftAlone?: string;
};

/** What Argo CD has not told since the start, so that only the file patterns say how far a file reaches. */
export type Silence = {
  /** A clause for people. */
  readonly why: string;
  /**
   * The configuration says that other clusters are delivered to from there. Then nothing is proposed or merged until it
   * was heard once: an edit could reach an environment that nobody of was asked.
   */
  readonly closes: boolean;
};

/**
 * Pins that reach further than they are bound to: Argo CD says that an Application elsewhere reads the file and manages
 * the EC2NodeClass. An Argo CD that does not answer says nothing; then the file patterns stand, and `silence` says so.
 */
export async function furtherReaders(
  { clusters, fleet, clock, log }: Pick<World, 'clusters' | 'fleet' | 'clock' | 'log'>,
  pins: readonly WatchedPin[],
): Promise<{
  readonly further: ReadonlyMap<WatchedPin, Further>;
  /** Files that are read for a destination that is none of the clusters: nobody looks after what happens there. */
  readonly elsewhere: readonly WatchProblem[];
  readonly silence?: Silence;
}> {
  const found = new Map<WatchedPin, Further>();
  // Whatever reads it, there is no other environment.
  if (new Set(fleet.clusters.map(({ environment }) => environment)).size < 2) {
    return { further: found, elsewhere: [] };
  }
  const said = await readersNow({ clusters, clock, log });
  const { readers } = said;
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
  const silence = silenceOf(said);
  return {
    further: found,
    elsewhere: readElsewhere(said, pins),
    ...(silence !== undefined && { silence }),
  };
}

/** Watched files that are read for a destination that is none of the clusters, once a file and Application. */
export function readElsewhere(
  { elsewhere }: Pick<Readers, 'elsewhere'>,
  pins: readonly WatchedPin[],
): readonly WatchProblem[] {
  const found = new Map<string, WatchProblem>();
  for (const { hub, application } of elsewhere) {
    const { server, name = server ?? 'nowhere' } = application.destination ?? {};
    for (const at of pins) {
      if (found.size >= mostElsewhere || !reads(application, at)) continue;
      const { repository, path } = at;
      const reason = `Argo CD's ${application.name} in ${hub} reads it for ${name}, which is none of the clusters here: its destination must be a cluster's name, or the server in its api`;
      found.set([repository, path, hub, application.name].join('\n'), { repository, path, reason });
    }
  }
  return [...found.values()];
}

function silenceOf({ neverHeard }: Readers): Silence | undefined {
  if (neverHeard.length === 0) return undefined;
  const named = neverHeard.filter((one) => one.named);
  const names = (named.length > 0 ? named : neverHeard).map(({ cluster }) => cluster);
  return {
    why: `Argo CD in ${names.join(' and ')} has not answered since Amiable started`,
    closes: named.length > 0,
  };
}

/** Whether an Application brings a pin to its cluster, as far as its sources say. */
export function reads(
  { sources = [], nodeClasses = [] }: Pick<ApplicationView, 'sources' | 'nodeClasses'>,
  at: WatchedPin,
): boolean {
  const { pin, path, branch, repository } = at;
  // One that never synced does not know yet what it manages.
  const isOther = nodeClasses.length > 0 && !nodeClasses.includes(pin.nodeClass ?? '');
  if (pin.nodeClass !== undefined && isOther) return false;
  const isSame = (source: ApplicationSource) =>
    follows(source.revision, branch) && isSameRepository(source.repository, repository);
  const takesIn = (source: ApplicationSource) =>
    source.folder !== undefined &&
    at.includedBy?.includes(normalised(source.folder)) === true &&
    isSame(source);
  return sources.some(takesIn) || readsFile(sources, path, isSame);
}

async function readersNow({
  clusters,
  clock,
  log,
}: Pick<World, 'clusters' | 'clock' | 'log'>): Promise<Readers> {
  const now = clock.now();
  const known = asked.get(clusters);
  const life = known?.isWhole === true ? freshFor : freshUnheardFor;
  if (known !== undefined && now >= known.at && now - known.at < life) return known.said;
  const answer = await clusters.readers().then(
    (said) => ({ said, isWhole: said.unheard.length === 0 }),
    (cause: unknown) => {
      log.warn({ cause }, 'Argo CD does not say who reads the files');
      return { said: known?.said ?? nobody, isWhole: false };
    },
  );
  asked.set(clusters, { at: now, ...answer });
  return answer.said;
}

const nobody: Readers = { readers: [], elsewhere: [], unheard: [], neverHeard: [], refused: [] };
