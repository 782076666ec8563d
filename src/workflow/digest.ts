import { compareReleases, trainOf } from '../images/releases.ts';
import type { Hold } from '../rollout/hold.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { day, hour, minute } from '../shared/time.ts';
import { notHandledSum } from '../tracking/not-handled-text.ts';
import type { NotHandled } from '../tracking/types.ts';
import type { NewestAnchor } from './anchor.ts';
import { keptBack } from './kept-back.ts';
import { openRollouts } from './open-rollouts.ts';
import type { Placed } from './placed-pins.ts';
import { placedPins, slotsOf } from './placed-pins.ts';
import type { Message } from './ports/messenger.ts';
import { recommendedAtLastLook } from './seen-images.ts';
import { openTails, type Tail } from './tails.ts';
import { unfitReleases } from './unfit-releases.ts';
import type { World } from './world.ts';

/** What the digest tells of the fleet. */
export type DigestFacts = {
  readonly clusters: readonly {
    readonly cluster: string;
    readonly environment: string;
    readonly releases: readonly string[];
    readonly current: boolean;
  }[];
  readonly newest?: string;
  readonly rollouts: readonly Rollout[];
  readonly problems: number;
  /** Nodes of all clusters that no EC2NodeClass provides, and how many clusters could not be asked. */
  readonly notHandled: NotHandled;
  readonly notCounted: number;
  /** Nodes that were left for later, where a wave went on. */
  readonly tails: readonly Tail[];
  /** What is kept behind on purpose. */
  readonly holds: readonly Hold[];
  /** The newest anchor of the record: whoever reads the digest keeps its hash. */
  readonly anchor?: NewestAnchor;
  /** Configured models past their end of life. */
  readonly retiredModels: readonly string[];
  readonly at: Instant;
};

/** How fresh the fleet is, from Git and from what is known of releases. */
export async function digestFacts(world: World): Promise<DigestFacts> {
  const watched = await world.pins.read();
  const { placed } = await placedPins(world, watched);
  const rollouts = await openRollouts(world);
  const newestOf = await newestByTrain(world, placed, rollouts);
  const newest = [...newestOf.values()].sort(compareReleases);
  const clusters = world.fleet.clusters.map(({ name, environment }) => {
    const releases: readonly ReleaseId[] = [
      ...new Set(
        placed.filter(({ cluster }) => cluster.name === name).map(({ release }) => release),
      ),
    ].sort(compareReleases);
    const current =
      newest.length > 0 && releases.every((one) => newestOf.get(trainOf(one)) === one);
    return { cluster: name, environment, releases, current };
  });
  const counted = await Promise.all(
    world.fleet.clusters.map(({ name }) => world.clusters.notHandled(name).catch(() => undefined)),
  );
  const known = counted.flatMap((one) => one ?? []);
  return {
    clusters,
    notHandled: notHandledSum(known),
    notCounted: counted.length - known.length,
    tails: await openTails(world, (id) => rollouts.some((one) => one.id === id)),
    ...(newest.length === 0 ? {} : { newest: newest.join(', ') }),
    rollouts,
    problems: watched.problems.length,
    holds: (await keptBack(world)).holds,
    retiredModels: await world.analyst.retiredModels(),
    at: world.clock.now(),
  };
}

/**
 * Also what is published and not offered: rejected, rolled back or too young, it is still what a cluster is behind. Not
 * what nobody is to be led to.
 */
async function newestByTrain(
  world: World,
  placed: readonly Placed[],
  rollouts: readonly Rollout[],
): Promise<ReadonlyMap<string, ReleaseId>> {
  const ours = [...placed, ...rollouts].map(({ release }) => release);
  const pinned = new Set(placed.map(({ release }) => trainOf(release)));
  const unfit = await unfitReleases(world);
  const published = (await recommendedAtLastLook(world, placed.flatMap(slotsOf))).filter(
    (release) =>
      pinned.has(trainOf(release)) &&
      unfit.every((one) => compareReleases(one.release, release) !== 0),
  );
  const newestOf = new Map<string, ReleaseId>();
  for (const release of [...ours, ...published]) {
    const known = newestOf.get(trainOf(release));
    if (known === undefined || compareReleases(known, release) < 0)
      newestOf.set(trainOf(release), release);
  }
  return newestOf;
}

/** A digest this late says nothing any more. */
const tooLateMs = hour;
/** Longer than a post takes, and short enough that another replica still finds the digest of one that died. */
const postingMs = 2 * minute;

/**
 * Posts the digest that was due at `dueAt`, once: by the replica that takes the lease, and again by nobody once it is on
 * record as posted. Who dies between the post and its record leaves a twin, as with every lost reply of a post.
 * @returns whether it was posted now.
 */
export async function postDigest(
  world: World,
  {
    dueAt,
    owner,
    channel,
    anchor,
    render,
  }: {
    readonly dueAt: Instant;
    readonly owner: string;
    readonly channel: string;
    readonly anchor: () => Promise<NewestAnchor | undefined>;
    readonly render: (facts: DigestFacts) => Message;
  },
): Promise<boolean> {
  const { leases, memory } = world.store;
  const now = world.clock.now();
  if (now < dueAt || now > dueAt + tooLateMs) return false;
  const name = `digest-${new Date(dueAt).toISOString()}`;
  const posted = async () => (await memory.get([name])).has(name);
  if (await posted()) return false;
  if (!(await leases.take(name, owner, now, now + postingMs))) return false;
  // Whoever held the lease before may have posted it since.
  if (await posted()) return false;
  const facts = await digestFacts(world);
  const newest = await anchor();
  const message = render({ ...facts, ...(newest === undefined ? {} : { anchor: newest }) });
  await world.effects.run('post-message', name, (to) => to.slack.post({ channel, ...message }));
  await memory.put(name, true, 7 * day);
  return true;
}
