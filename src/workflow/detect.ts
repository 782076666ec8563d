import type { NeededSlot, Offer } from '../images/offer.ts';
import { offerOf } from '../images/offer.ts';
import type { Recall } from '../images/recall.ts';
import { recallOf } from '../images/recall.ts';
import { compareReleases } from '../images/releases.ts';
import { distinctSlots } from '../images/slot.ts';
import type { ImageSlot } from '../images/types.ts';
import type { EnvironmentPlan } from '../rollout/events.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { hasMerged } from '../rollout/rollout.ts';
import { rolloutIdOf } from '../rollout/rollout-id.ts';
import { planWaves } from '../rollout/waves.ts';
import type { ReleaseId, RolloutId, SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { clustersOf } from './fleet.ts';
import type { Placed } from './plan-change.ts';
import { placedPins, slotsOfAlias } from './plan-change.ts';
import { rememberSeen } from './seen-images.ts';
import type { Watched, WatchProblem } from './watched-pins.ts';
import type { World } from './world.ts';

/** What a look at all pins and all published images found, and what was done about it. */
export type Detection = {
  readonly family: string;
  readonly offer: Offer;
  /** The rollout that carries the offered release, opened now or before. */
  readonly rollout?: RolloutId;
  readonly opened: boolean;
  /** Why no rollout was opened for an offered release. */
  readonly waits?: string;
  readonly recalls: readonly Recall[];
  readonly pins: number;
  /** Movable pins that name an older release. */
  readonly behind: number;
  readonly problems: readonly WatchProblem[];
  readonly at: Instant;
};

/** A family this version opens rollouts for; the others are reported. */
const family = 'al2023';

/**
 * Compares what the pins name with what AWS recommends, and opens a rollout for the newest eligible release. The same
 * release is never offered twice at once: the rollout's id follows from what it is, and its first commit is written
 * only if absent, so two replicas that come to the same conclusion open one rollout.
 */
export async function detect(world: World, by?: SlackUserId): Promise<Detection> {
  const { fleet, images, clock } = world;
  const watched = await world.pins.read();
  const { placed } = await placedPins(world, watched);
  const needed = await neededSlots(world, placed);
  const { now, before } = await rememberSeen(
    world,
    await images.recommended(distinctSlots(needed)),
  );
  const offer = offerOf({
    needed,
    available: now,
    now: clock.now(),
    minimumAgeMs: fleet.minimumAgeMs,
    denied: [],
    recalled: [],
  });
  const found = {
    family,
    offer,
    recalls: recallOf(before, now),
    pins: watched.pins.length,
    problems: watched.problems,
    at: clock.now(),
  };
  for (const recall of found.recalls) world.log.error({ recall }, 'release recalled');
  for (const problem of watched.problems) world.log.warn(problem, 'watched file not read');
  if (offer.kind === 'none') return { ...found, opened: false, behind: 0 };
  const behind = placed.filter(({ release }) => compareReleases(release, offer.release) < 0);
  const opened = await openRollout(world, offer, watched, behind, by);
  return { ...found, ...opened, behind: behind.length };
}

/** Every image a pin stands for: an alias for each image its release has, an AMI id for itself. */
async function neededSlots(
  { images }: Pick<World, 'images'>,
  placed: readonly Placed[],
): Promise<readonly NeededSlot[]> {
  const needed: NeededSlot[] = [];
  const aliased = new Map<ReleaseId, ImageSlot[]>();
  for (const { cluster, release, slot } of placed) {
    if (slot !== undefined) needed.push({ ...slot, current: release });
    else aliased.set(release, [...(aliased.get(release) ?? []), ...slotsOfAlias(cluster)]);
  }
  // One question a release, however many pins name it.
  for (const [current, slots] of aliased) {
    for (const image of await images.ofRelease(current, distinctSlots(slots))) {
      const { family: of, region, kubernetes, architecture, variant } = image;
      needed.push({ family: of, region, kubernetes, architecture, variant, current });
    }
  }
  return needed;
}

async function openRollout(
  world: World,
  offer: Extract<Offer, { kind: 'offer' }>,
  watched: Watched,
  behind: readonly Placed[],
  by: SlackUserId | undefined,
): Promise<{ readonly opened: boolean; readonly rollout?: RolloutId; readonly waits?: string }> {
  const { fleet, journal, store, clock } = world;
  const { release } = offer;
  const others = await openRollouts(world);
  const same = others.find((rollout) => rollout.release === release);
  if (same !== undefined) {
    await supersedeOlder(world, others, release);
    return { opened: false, rollout: same.id };
  }
  // A release comes about every eight days: what began moving is finished first, else production would starve.
  const moving = others.find(hasMerged);
  if (moving !== undefined) {
    return { opened: false, waits: `${moving.release} is under way (${moving.id})` };
  }
  const attempt = await nextAttempt(world, release);
  if (attempt.kind === 'quiet') return { opened: false, waits: attempt.why };
  const id = rolloutIdOf({ family, release, scope: fleet.scope, attempt: attempt.number });
  const environments = plansOf(world, watched, behind);
  if (environments.length === 0) return { opened: false, waits: 'no environment is behind' };
  // Woken before it is written: a crash in between costs one look at nothing.
  await store.heads.wake(id, clock.now());
  const { stored } = await journal.execute(
    id,
    {
      type: 'Open',
      release,
      family,
      scope: fleet.scope,
      attempt: attempt.number,
      environments,
      skips: offer.skips,
      ...(by === undefined ? {} : { by }),
      now: clock.now(),
    },
    { actor: by === undefined ? { kind: 'amiable' } : { kind: 'slack', id: by } },
  );
  await supersedeOlder(world, others, release);
  return { opened: stored, rollout: id };
}

/** Open rollouts of this fleet. */
export async function openRollouts({
  store,
  journal,
}: Pick<World, 'store' | 'journal'>): Promise<readonly Rollout[]> {
  const heads = await store.heads.open();
  const known = await Promise.all(heads.map(({ rollout }) => journal.refresh(rollout)));
  return known.flatMap(({ rollout }) =>
    rollout === undefined || rollout.outcome !== undefined ? [] : [rollout],
  );
}

/** Older rollouts that moved nothing yet give way; each closes its own pull requests. */
async function supersedeOlder(
  { journal, store, clock }: World,
  others: readonly Rollout[],
  newer: ReleaseId,
): Promise<void> {
  for (const rollout of others) {
    if (hasMerged(rollout) || compareReleases(rollout.release, newer) >= 0) continue;
    await journal.execute(
      rollout.id,
      { type: 'Supersede', newer, now: clock.now() },
      { actor: { kind: 'amiable' } },
    );
    await store.heads.wake(rollout.id, clock.now());
  }
}

/** The first attempt that is not closed yet, if the release may be offered again now. */
async function nextAttempt(
  { fleet, journal, clock }: World,
  release: ReleaseId,
): Promise<
  | { readonly kind: 'open'; readonly number: number }
  | { readonly kind: 'quiet'; readonly why: string }
> {
  for (let number = 1; ; number += 1) {
    const id = rolloutIdOf({ family, release, scope: fleet.scope, attempt: number });
    const { rollout } = await journal.refresh(id);
    if (rollout === undefined) return { kind: 'open', number };
    const { outcome } = rollout;
    if (outcome === undefined) return { kind: 'open', number };
    const name =
      outcome.name === 'rejected' || outcome.name === 'expired' ? outcome.name : 'closed';
    const after = fleet.offerAgainAfter[name];
    if (after === 'never' || clock.now() < outcome.at + after) {
      return { kind: 'quiet', why: `${release} ended ${outcome.name} (${id})` };
    }
  }
}

/** Environments that have something to move, in promotion order. */
function plansOf(
  { fleet }: Pick<World, 'fleet'>,
  watched: Watched,
  behind: readonly Placed[],
): readonly EnvironmentPlan[] {
  return fleet.policies.flatMap((policy) => {
    const mine = behind.filter(({ at }) => at.environment === policy.name);
    if (mine.length === 0) return [];
    const names = [...new Set(mine.map(({ cluster }) => cluster.name))];
    const clusters = clustersOf(fleet, policy.name).map(({ name, region }) => ({
      name,
      region,
      files: watched.pins
        .filter((at) => at.clusters.includes(name))
        .map(({ repository, path }) => `${repository}:${path}`),
    }));
    const waves = planWaves(policy.waves, clusters)
      .map(({ name, clusters: all }) => ({
        name,
        clusters: all.filter((one) => names.includes(one)),
      }))
      .filter((wave) => wave.clusters.length > 0);
    const replaces = names.map((cluster) => {
      const ofCluster = mine.filter((one) => one.cluster.name === cluster);
      const releases = [...new Set(ofCluster.map(({ release }) => release))].sort(compareReleases);
      return { cluster, release: releases.join(', '), pins: ofCluster.length };
    });
    return [{ policy, waves, replaces }];
  });
}
