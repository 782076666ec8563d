import { compareReleases, familyOf } from '../images/releases.ts';
import { rolloutIdOf } from '../rollout/rollout-id.ts';
import { hasWayBack, waysBack as provenWays } from '../rollout/way-back.ts';
import type { ReleaseId, RolloutId } from '../shared/ids.ts';
import { day, minute } from '../shared/time.ts';
import { openRollouts } from './open-rollouts.ts';
import type { Placed } from './placed-pins.ts';
import type { LiftedRecall, RecalledRelease, RecallFacts } from './recall-facts.ts';
import type { RecallHistory } from './recalls.ts';
import { rolloutsOf } from './rollouts-of-release.ts';
import { whereRuns } from './where-runs.ts';
import type { World } from './world.ts';

/** A recall this old is not alerted any more: whoever starts a service anew is told by the cards and by `check`. */
const newsFor = 7 * day;
/** A slot claimed this long ago and never posted: its claimer is gone, and a twin is the lesser evil. */
const claimStaleMs = minute;

/**
 * Draws the consequences of every recall on record: open rollouts of the release are told, which withdraws what they
 * have not merged, and the channel is alerted once, as it is told once of a recall that was lifted. Level-triggered:
 * whatever a crash left undone is done at the next look.
 */
export async function followRecalls(
  world: World,
  { standing: recalled, lifted }: RecallHistory,
  pins: PinsNow,
): Promise<void> {
  for (const lift of lifted) {
    try {
      if (world.clock.now() < lift.at + newsFor) await tellLiftOnce(world, lift);
    } catch (cause) {
      world.log.warn({ release: lift.release, cause }, 'lifted recall not told');
    }
  }
  if (recalled.length === 0) return;
  const open = await openRollouts(world);
  for (const recall of recalled) {
    try {
      for (const { id, release, recalled: told } of open) {
        if (told !== undefined || compareReleases(release, recall.release) !== 0) continue;
        await world.journal.execute(
          id,
          { type: 'Recall', reason: recall.detail, now: world.clock.now() },
          { actor: { kind: 'amiable' } },
        );
        await world.store.heads.wake(id, world.clock.now());
      }
      if (world.clock.now() < recall.at + newsFor) await alertOnce(world, recall, pins);
    } catch (cause) {
      world.log.warn({ release: recall.release, cause }, 'recall not followed');
    }
  }
}

/** What the pins of a look name. */
export type PinsNow = {
  readonly placed: readonly Placed[];
  /** Clusters with a pin that follows every publication by itself. */
  readonly floating: ReadonlySet<string>;
};

/** Claimed before it is posted, like every message of a rollout: a lost reply leaves at most a twin. */
async function alertOnce(world: World, recall: RecalledRelease, pins: PinsNow): Promise<void> {
  const { store, clock, fleet, effects, documents } = world;
  const { release } = recall;
  const id = alertsOf(fleet, release);
  const slotName = nameOf('recall', recall);
  const known = (await store.slots.list(id)).find(({ name }) => name === slotName);
  if (known?.ts !== undefined) return;
  const facts = await factsOf(world, recall, pins);
  // A mark may be years old when we first read it: whom it does not concern, it need not wake.
  if (recall.because === 'marked' && !concernsAnybody(facts)) return;
  const { channel } = fleet;
  const claim = { name: slotName, channel, claimedAt: clock.now() };
  if (!(await store.slots.claim(id, claim, clock.now() - claimStaleMs))) return;
  const { ts } = await effects.run('post-message', `recall ${release}`, (to) =>
    to.slack.post({ channel, ...documents.recallAlert(facts) }),
  );
  await store.slots.posted(id, slotName, ts);
  // Its buttons are a rollout's: else the first click would take the alert for a twin of that rollout's card.
  for (const { rollout } of facts.waysBack) {
    await store.slots.claim(rollout, claim, clock.now());
    await store.slots.posted(rollout, slotName, ts);
  }
}

/** Whoever was alerted hears that it is over; whom the alert did not wake, this need not wake either. */
async function tellLiftOnce(
  { store, clock, fleet, effects, documents }: World,
  lift: LiftedRecall,
): Promise<void> {
  const { channel } = fleet;
  const id = alertsOf(fleet, lift.release);
  const said = await store.slots.list(id);
  const posted = (slot: string) => said.some(({ name, ts }) => name === slot && ts !== undefined);
  const name = nameOf('recall-lifted', lift);
  if (posted(name) || !posted(nameOf('recall', lift))) return;
  const claim = { name, channel, claimedAt: clock.now() };
  if (!(await store.slots.claim(id, claim, clock.now() - claimStaleMs))) return;
  const { ts } = await effects.run('post-message', `recall lifted ${lift.release}`, (to) =>
    to.slack.post({ channel, ...documents.recallLifted(lift) }),
  );
  await store.slots.posted(id, name, ts);
}

/** Under which alerts about a release are kept. Attempts count from 1: no rollout has this id. */
function alertsOf({ scope }: World['fleet'], release: ReleaseId): RolloutId {
  return rolloutIdOf({ family: familyOf(release), release, scope, attempt: 0 });
}

/** A slot of its own for every time a release is taken back. */
function nameOf(what: 'recall' | 'recall-lifted', { times }: { readonly times: number }): string {
  return times === 1 ? what : `${what}-${times}`;
}

async function factsOf(
  world: World,
  recall: RecalledRelease,
  { placed, floating }: PinsNow,
): Promise<RecallFacts> {
  const rollouts = await rolloutsOf(world, recall.release);
  const names = new Set(
    placed
      .filter(({ release }) => compareReleases(release, recall.release) === 0)
      .map(({ cluster }) => cluster.name),
  );
  const running = world.fleet.clusters
    .filter(({ name }) => names.has(name))
    .map(({ name, environment }) => ({ cluster: name, environment }));
  const waysBack = rollouts.filter(hasWayBack).map(({ id, environments }) => ({
    rollout: id,
    // What ran before was not proven everywhere: only what the button can do is promised.
    clusters: environments.flatMap((environment) =>
      provenWays(environment).flatMap((way) => ('to' in way ? [way.cluster] : [])),
    ),
  }));
  const withdrawn = rollouts
    .filter(
      ({ id, recalled }) => recalled !== undefined && !waysBack.some((one) => one.rollout === id),
    )
    .map(({ id }) => id);
  const byPins = { ...recall, running, withdrawn, waysBack, unpinned: [], notSeen: [] };
  // Whom a mark does not concern is not looked at anew at every look; what floats runs what no pin names.
  const isCertain = recall.because !== 'marked' || concernsAnybody(byPins);
  const clusters = world.fleet.clusters.filter(
    ({ name }) => !names.has(name) && (isCertain || floating.has(name)),
  );
  const { runs, notSeen } = await whereRuns(
    { ...world, fleet: { ...world.fleet, clusters } },
    { by: 'release', text: recall.release.toLowerCase() },
  );
  const run = new Set(runs.map(({ cluster }) => cluster));
  const unpinned = clusters
    .filter(({ name }) => run.has(name))
    .map(({ name, environment }) => ({ cluster: name, environment }));
  return { ...byPins, unpinned, notSeen };
}

function concernsAnybody({ running, unpinned, withdrawn, waysBack }: RecallFacts): boolean {
  return running.length + unpinned.length + withdrawn.length + waysBack.length > 0;
}
