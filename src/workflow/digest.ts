import { compareReleases } from '../images/releases.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import { openRollouts } from './detect.ts';
import { placedPins } from './plan-change.ts';
import type { Message } from './ports/messenger.ts';
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
  readonly at: Instant;
};

/** How fresh the fleet is, from Git and from what is known of releases. */
export async function digestFacts(world: World): Promise<DigestFacts> {
  const watched = await world.pins.read();
  const { placed } = await placedPins(world, watched);
  const rollouts = await openRollouts(world);
  const newest = [
    ...placed.map(({ release }) => release),
    ...rollouts.map(({ release }) => release),
  ]
    .sort(compareReleases)
    .at(-1);
  const clusters = world.fleet.clusters.map(({ name, environment }) => {
    const releases: readonly ReleaseId[] = [
      ...new Set(
        placed.filter(({ cluster }) => cluster.name === name).map(({ release }) => release),
      ),
    ].sort(compareReleases);
    const current =
      newest !== undefined && releases.every((one) => compareReleases(one, newest) >= 0);
    return { cluster: name, environment, releases, current };
  });
  return {
    clusters,
    ...(newest === undefined ? {} : { newest }),
    rollouts,
    problems: watched.problems.length,
    at: world.clock.now(),
  };
}

/** Posts the digest that was due at `dueAt`, once: the replica that takes the lease of that hour posts it. */
export async function postDigest(
  world: World,
  {
    dueAt,
    owner,
    channel,
    render,
  }: {
    readonly dueAt: Instant;
    readonly owner: string;
    readonly channel: string;
    readonly render: (facts: DigestFacts) => Message;
  },
): Promise<boolean> {
  const now = world.clock.now();
  const name = `digest-${new Date(dueAt).toISOString()}`;
  if (!(await world.store.leases.take(name, owner, now, now + 7 * day))) return false;
  const message = render(await digestFacts(world));
  await world.effects.run('post-message', name, (to) => to.slack.post({ channel, ...message }));
  return true;
}
