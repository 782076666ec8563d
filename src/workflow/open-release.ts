import type { Offer } from '../images/offer.ts';
import { compareReleases, familyOf, trainOf } from '../images/releases.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { hasMerged } from '../rollout/rollout.ts';
import { rolloutIdOf } from '../rollout/rollout-id.ts';
import type { ReleaseId, RolloutId, SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { beginRollout } from './begin-rollout.ts';
import { plansOf } from './environment-plans.ts';
import { nextAttempt } from './next-attempt.ts';
import { openRollouts } from './open-rollouts.ts';
import { openingView } from './opening-view.ts';
import type { Placed } from './placed-pins.ts';
import { noteWaiting } from './waiting-release.ts';
import type { Watched, WatchProblem } from './watched-pins.ts';
import type { World } from './world.ts';

/**
 * Opens the rollout of an offered release, unless it is open, another of its train moves nodes already, or people ended
 * it lately; older ones that moved nothing give way.
 */
export async function openRelease(
  world: World,
  {
    offer,
    watched,
    behind,
    problems,
    by,
    releasedAt,
  }: {
    readonly offer: Extract<Offer, { kind: 'offer' }>;
    readonly watched: Watched;
    readonly behind: readonly Placed[];
    readonly problems: readonly WatchProblem[];
    readonly by: SlackUserId | undefined;
    /** 0: nobody can say. */
    readonly releasedAt: Instant;
  },
): Promise<{ readonly opened: boolean; readonly rollout?: RolloutId; readonly waits?: string }> {
  const { fleet } = world;
  const { release } = offer;
  const family = familyOf(release);
  const others = (await openRollouts(world)).filter(
    (other) =>
      other.pinsCluster === undefined &&
      other.theirs === undefined &&
      trainOf(other.release) === trainOf(release),
  );
  const same = others.find((rollout) => rollout.release === release);
  if (same !== undefined) {
    await supersedeOlder(world, others, release);
    return { opened: false, rollout: same.id };
  }
  // A release comes about every eight days: what began moving is finished first, else production would starve.
  const moving = others.find(
    (other) => hasMerged(other) && (other.recalled ?? other.switched) === undefined,
  );
  if (moving !== undefined) {
    await noteWaiting(world, release);
    const instead = `/ami switch ${moving.id} ends it in favour of this`;
    return { opened: false, waits: `${moving.release} is under way (${moving.id}); ${instead}` };
  }
  const attempt = await nextAttempt(
    world,
    release,
    behind.map(({ cluster }) => cluster.name),
  );
  if (attempt.kind === 'quiet') return { opened: false, waits: attempt.why };
  const named = { family, release, scope: fleet.scope, attempt: attempt.number };
  const environments = plansOf(world, watched, behind);
  if (environments.length === 0) return { opened: false, waits: 'no environment is behind' };
  const opened = await beginRollout(
    world,
    {
      ...named,
      environments,
      skips: offer.skips,
      view: openingView(offer, problems, behind),
      ...(by === undefined ? {} : { by }),
      ...(releasedAt === 0 ? {} : { releasedAt }),
    },
    by === undefined ? { kind: 'amiable' } : { kind: 'slack', id: by },
  );
  await supersedeOlder(world, others, release);
  return { opened, rollout: rolloutIdOf(named) };
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
