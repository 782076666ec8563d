import { jointPolicies } from '../rollout/joint-policies.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { canonicalJson } from '../shared/canonical.ts';
import { clustersOf, type Fleet } from './fleet.ts';
import { furtherReaders, type Silence } from './further-readers.ts';
import type { Clusters } from './ports/clusters.ts';
import type { Watched, WatchedPin } from './watched-pins.ts';
import type { World } from './world.ts';

/** The fleet with the policies of those who share files; `silence`: what nobody could be asked. */
export type ReachedFleet = { readonly fleet: Fleet; readonly silence?: Silence };

/** What was found last of whom files reach, by the fleet it was found for; not what was found while Argo CD was silent. */
const last = new WeakMap<Clusters, { readonly base: Fleet; readonly fleet: Fleet }>();

type Reader = Pick<World, 'clusters' | 'fleet' | 'clock' | 'log'>;

/**
 * The watched pins and the policies as they are once Argo CD was asked: a file that it names further environments for
 * is bound to all of them, as if the configuration said so.
 * @param rollout while Argo CD is silent, what it told when this one was opened counts.
 */
export async function reached<W extends Reader>(
  world: W,
  asWatched: Watched,
  rollout?: Pick<Rollout, 'view'>,
): Promise<{ readonly world: W; readonly watched: Watched; readonly silence?: Silence }> {
  const { fleet: base, clusters } = world;
  const { further, elsewhere, ...silence } = await furtherReaders(world, asWatched.pins);
  const watched = { ...asWatched, problems: [...asWatched.problems, ...elsewhere] };
  const files = new Map<string, { environments: Set<string>; because: string }>();
  const add = (at: WatchedPin, environments: readonly string[], because: string) => {
    const known = files.get(fileOf(at)) ?? { environments: new Set(boundTo(at)), because };
    for (const one of environments) known.environments.add(one);
    files.set(fileOf(at), known);
  };
  for (const [at, { environments, because }] of further) {
    if (environments.length > 0) add(at, environments, because);
  }
  if (silence.silence !== undefined) {
    const told = new Map(rollout?.view?.shared?.map((one) => [one.path, one]));
    for (const at of watched.pins) {
      const { environments = [], because } = told.get(at.path) ?? {};
      if (because !== undefined) add(at, environments, because);
    }
  }
  const fleet = files.size === 0 ? base : withShared(base, watched.pins, files);
  if (silence.silence === undefined) last.set(clusters, { base, fleet });
  if (files.size === 0) return { world, watched, ...silence };
  const pins = watched.pins.map((at): WatchedPin => {
    const found = files.get(fileOf(at));
    if (found === undefined) return at;
    const shared = inOrder(base, found.environments);
    return {
      ...at,
      environment: shared.at(-1) ?? at.environment,
      clusters: shared.flatMap((one) => clustersOf(base, one).map(({ name }) => name)),
      shared,
      sharedBecause: found.because,
    };
  });
  return { world: { ...world, fleet }, watched: { ...watched, pins }, ...silence };
}

function withShared(
  base: Fleet,
  pins: readonly WatchedPin[],
  files: ReadonlyMap<string, { readonly environments: ReadonlySet<string> }>,
): Fleet {
  const groups = new Map<string, readonly string[]>();
  for (const at of pins) {
    const found = files.get(fileOf(at));
    if (found === undefined) continue;
    const shared = inOrder(base, found.environments);
    groups.set(canonicalJson(shared), shared);
  }
  const { policies, shared: declared } = base.written ?? { policies: base.policies, shared: [] };
  return { ...base, policies: jointPolicies(policies, [...declared, ...groups.values()]) };
}

/** In promotion order. */
function inOrder({ policies }: Fleet, environments: ReadonlySet<string>): readonly string[] {
  return policies.map(({ name }) => name).filter((one) => environments.has(one));
}

/**
 * The fleet with the policies that the last look at the pins found, and no further question: whoever merges has looked
 * just before, and a policy that is another by now ends the approvals. A process that has not looked yet does it now.
 */
export async function fleetReached(
  world: Reader & Pick<World, 'pins'>,
  rollout: Pick<Rollout, 'view'>,
): Promise<ReachedFleet> {
  const found = last.get(world.clusters);
  if (found?.base === world.fleet) return found;
  const { world: joint, silence } = await reached(world, await world.pins.read(), rollout);
  return { fleet: joint.fleet, ...(silence !== undefined && { silence }) };
}

/** Why nothing is proposed or merged; nothing where the file patterns stand alone. */
export function closedBy(silence: Silence | undefined): string | undefined {
  return silence?.closes === true
    ? `${silence.why}, so nobody knows which environments its files reach`
    : undefined;
}

function boundTo({ shared, environment }: WatchedPin): readonly string[] {
  return shared ?? [environment];
}

function fileOf({ repository, branch, path }: WatchedPin): string {
  return [repository, branch, path].join('\n');
}
