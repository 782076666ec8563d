import { jointPolicies } from '../rollout/joint-policies.ts';
import { canonicalJson } from '../shared/canonical.ts';
import { clustersOf, type Fleet } from './fleet.ts';
import { furtherReaders } from './further-readers.ts';
import type { Clusters } from './ports/clusters.ts';
import type { Watched, WatchedPin } from './watched-pins.ts';
import type { World } from './world.ts';

/** What was found last of whom files reach, by the fleet it was found for. */
const last = new WeakMap<Clusters, { readonly base: Fleet; readonly fleet: Fleet }>();

type Reader = Pick<World, 'clusters' | 'fleet' | 'clock' | 'log'>;

/**
 * The watched pins and the policies as they are once Argo CD was asked: a file that it names further environments for
 * is bound to all of them, as if the configuration said so.
 */
export async function reached<W extends Reader>(
  world: W,
  watched: Watched,
): Promise<{ readonly world: W; readonly watched: Watched }> {
  const { fleet: base, clusters } = world;
  const further = await furtherReaders(world, watched.pins);
  const files = new Map<string, { environments: Set<string>; because: string }>();
  for (const [at, { environments, because }] of further) {
    if (environments.length === 0) continue;
    const known = files.get(fileOf(at)) ?? { environments: new Set(boundTo(at)), because };
    for (const one of environments) known.environments.add(one);
    files.set(fileOf(at), known);
  }
  if (files.size === 0) {
    last.set(clusters, { base, fleet: base });
    return { world, watched };
  }
  const groups = new Map<string, readonly string[]>();
  const pins = watched.pins.map((at): WatchedPin => {
    const found = files.get(fileOf(at));
    if (found === undefined) return at;
    const names = base.policies.map(({ name }) => name);
    const shared = names.filter((one) => found.environments.has(one));
    groups.set(canonicalJson(shared), shared);
    return {
      ...at,
      environment: shared.at(-1) ?? at.environment,
      clusters: shared.flatMap((one) => clustersOf(base, one).map(({ name }) => name)),
      shared,
      sharedBecause: found.because,
    };
  });
  const { policies, shared: declared } = base.written ?? { policies: base.policies, shared: [] };
  const fleet = { ...base, policies: jointPolicies(policies, [...declared, ...groups.values()]) };
  last.set(clusters, { base, fleet });
  return { world: { ...world, fleet }, watched: { ...watched, pins } };
}

/**
 * The fleet with the policies that the last look at the pins found. Nothing is asked: whoever merges has looked just
 * before, and a policy that is another by now ends the approvals.
 */
export function fleetReached({ fleet, clusters }: Pick<World, 'fleet' | 'clusters'>): Fleet {
  const found = last.get(clusters);
  return found?.base === fleet ? found.fleet : fleet;
}

export function boundTo({ shared, environment }: WatchedPin): readonly string[] {
  return shared ?? [environment];
}

function fileOf({ repository, branch, path }: WatchedPin): string {
  return [repository, branch, path].join('\n');
}
