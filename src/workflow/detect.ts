import type { Denial, Offer } from '../images/offer.ts';
import { offerOf } from '../images/offer.ts';
import { isMarkedRecalled } from '../images/recall.ts';
import { compareReleases, familyOf, trainOf } from '../images/releases.ts';
import { distinctSlots, slotKey } from '../images/slot.ts';
import type { Family } from '../images/types.ts';
import { floatingAlias } from '../pins/pin-syntax.ts';
import { isEverywhere } from '../rollout/hold.ts';
import type { ReleaseId, RolloutId, SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { imageIn, neededSlots, withStragglers } from './available-images.ts';
import { failureText } from './failure-text.ts';
import { withoutHeld } from './held-pins.ts';
import { imageTroubles } from './image-troubles.ts';
import { keptBack } from './kept-back.ts';
import { openRelease } from './open-release.ts';
import { problemsOf, tooFarProblem } from './pin-problems.ts';
import type { Placed } from './placed-pins.ts';
import { placedPins, slotsOf } from './placed-pins.ts';
import type { AnnouncedRelease } from './ports/release-list.ts';
import { closedBy, reached } from './reached-fleet.ts';
import type { RecalledRelease } from './recall-facts.ts';
import { followRecalls } from './recall-radar.ts';
import type { LiftSigns } from './recall-signs.ts';
import { liftedNow, markedOnes, movedBack } from './recall-signs.ts';
import type { RecallHistory } from './recalls.ts';
import { recallHistory, recordLift, recordRecall } from './recalls.ts';
import { rememberSeen } from './seen-images.ts';
import type { WatchProblem } from './watched-pins.ts';
import type { World } from './world.ts';

/** What came of one train of releases: a family, or a series or line of it. */
export type TrainDetection = {
  /** Such as `al2023`, `ubuntu@24.04`, or the name of a line of custom images. */
  readonly train: string;
  readonly family: Family;
  readonly offer: Offer;
  /** The rollout that carries the offered release, opened now or before. */
  readonly rollout?: RolloutId;
  readonly opened: boolean;
  /** Why no rollout was opened for an offered release, or what could not be read. */
  readonly waits?: string;
  /** Movable pins that name an older release. */
  readonly behind: number;
};

/**
 * What a look at all pins and all published images found, and what was done about it. What it says of itself is what it
 * says of the train that matters most: one with a new rollout, else one with an offer, else the first.
 */
export type Detection = Omit<TrainDetection, 'train' | 'family'> & {
  /** In the order of their names. */
  readonly trains: readonly TrainDetection[];
  /** Releases that were taken back, also those known before. */
  readonly recalled: readonly RecalledRelease[];
  readonly pins: number;
  /** Files that cannot be read, and pins that stay as they are. */
  readonly problems: readonly WatchProblem[];
  readonly at: Instant;
};

/**
 * Compares what the pins name with what is published, and opens a rollout for the newest eligible release of each train.
 * The same release is never offered twice at once: the rollout's id follows from what it is, and its first commit is
 * written only if absent, so two replicas that come to the same conclusion open one rollout.
 */
export async function detect(asWritten: World, by?: SlackUserId): Promise<Detection> {
  const { world, watched, silence } = await reached(asWritten, await asWritten.pins.read());
  const unheard = closedBy(silence);
  const { fleet, images, clock } = world;
  const pins = await placedPins(world, watched);
  const problems: WatchProblem[] = [...watched.problems, ...problemsOf(fleet, pins)];
  for (const problem of problems) world.log.warn(problem, 'not looked after');
  const offered = pins.placed.filter(({ release }) => isOffered(fleet.families, release));
  const unanswered = new Map<string, string>();
  // Asked together, so that their parameters share requests; what no pin needs after all is left out again.
  const [needed, recommended] = await Promise.all([
    neededSlots(world, offered),
    images.recommended(distinctSlots(offered.flatMap(slotsOf)), (slots, cause) => {
      world.log.warn({ slots: slots.map(slotKey), cause }, 'published images not read');
      for (const slot of slots) unanswered.set(slotKey(slot), failureText(cause));
    }),
  ]);
  const wanted = new Set(needed.map(slotKey));
  const seen = await rememberSeen(
    world,
    recommended.filter((image) => wanted.has(slotKey(image))),
  );
  const announced = await announcedReleases(world, offered);
  const signs = [
    ...movedBack(seen),
    ...markedOnes(announced, offered),
    ...(await imageTroubles(world, [...seen.recommended, ...needed.flatMap(imageIn)])),
  ];
  for (const recall of signs) await recordRecall(world, recall);
  // Only now: a crash before the recall was recorded must see it again.
  await seen.save();
  const history = await recallsNow(world, { recommended: seen.recommended, announced, signs });
  const recalled = history.standing;
  const floating = watched.pins.filter(({ pin }) => floatingAlias.test(pin.value));
  await followRecalls(world, history, {
    placed: pins.placed,
    floating: new Set(floating.flatMap(({ clusters }) => clusters)),
  });
  const { available, failed } = await withStragglers(world, needed, seen.now);
  const denied = [...fleet.denied, ...(await markedBad(world))];
  const publishedAt = new Map(
    announced.map(({ release, publishedAt: at }) => [release, at] as const),
  );
  const trains: TrainDetection[] = [];
  for (const train of [...new Set(offered.map(({ release }) => trainOf(release)))].sort()) {
    const mine = offered.filter(({ release }) => trainOf(release) === train);
    const slots = needed.filter(({ current }) => trainOf(current) === train);
    const silent =
      failed.get(train) ?? slots.flatMap((slot) => unanswered.get(slotKey(slot)) ?? [])[0];
    if (silent !== undefined) {
      trains.push(notChecked(train, mine, silent));
      continue;
    }
    const offer = offerOf({
      needed: slots,
      available,
      now: clock.now(),
      minimumAgeMs: fleet.minimumAgeMs,
      denied,
      recalled: recalled.map(({ release, detail }) => ({ release, reason: detail })),
      publishedAt,
      known: announced
        .filter(({ title }) => !isMarkedRecalled(title))
        .map(({ release }) => release),
    });
    const family = mine[0] === undefined ? 'custom' : familyOf(mine[0].release);
    const found = { train, family, offer, behind: 0 };
    if (offer.kind === 'none') {
      trains.push({ ...found, opened: false });
      continue;
    }
    const { placed: behind, tooFar } = await withoutHeld(
      world,
      mine.filter(({ release }) => compareReleases(release, offer.release) < 0),
      offer.release,
    );
    problems.push(...tooFar.map(tooFarProblem));
    if (unheard !== undefined) {
      trains.push({ ...found, offer, opened: false, waits: unheard, behind: behind.length });
      continue;
    }
    const seenAt = available.flatMap((image) =>
      compareReleases(image.release, offer.release) === 0 ? [image.seenAt] : [],
    );
    const releasedAt = publishedAt.get(offer.release) ?? Math.max(0, ...seenAt);
    const opened = await openRelease(world, { offer, watched, behind, problems, by, releasedAt });
    trains.push({ ...found, ...opened, behind: behind.length });
  }
  const pinned = watched.pins.length;
  return { ...foremost(trains), trains, recalled, pins: pinned, problems, at: clock.now() };
}

/** Silence is neither "up to date" nor "not published there". */
function notChecked(train: string, mine: readonly Placed[], why: string): TrainDetection {
  return {
    train,
    family: mine[0] === undefined ? 'custom' : familyOf(mine[0].release),
    offer: { kind: 'none', reason: 'not-checked', passedOver: [] },
    opened: false,
    waits: why,
    behind: 0,
  };
}

function foremost(trains: readonly TrainDetection[]): Omit<TrainDetection, 'train' | 'family'> {
  const nothing: Offer = { kind: 'none', reason: 'nothing-pinned', passedOver: [] };
  const first =
    trains.find(({ opened }) => opened) ??
    trains.find(({ offer }) => offer.kind === 'offer') ??
    trains[0];
  if (first === undefined) return { offer: nothing, opened: false, behind: 0 };
  const { train: _, family: __, ...found } = first;
  return found;
}

/** What publishers say of the families that are pinned. */
async function announcedReleases(
  { releases }: Pick<World, 'releases'>,
  offered: readonly Placed[],
): Promise<readonly AnnouncedRelease[]> {
  const families = new Set(offered.map(({ release }) => familyOf(release)));
  return (await Promise.all([...families].map((family) => releases.newest(family)))).flat();
}

/** The record of recalls, after what no longer stands was lifted. */
async function recallsNow(world: World, seen: LiftSigns): Promise<RecallHistory> {
  const history = await recallHistory(world);
  const lifts = liftedNow(history.standing, seen);
  for (const lift of lifts) await recordLift(world, lift);
  return lifts.length === 0 ? history : recallHistory(world);
}

/** Releases that people marked bad for every place; where it is only some, the others are still offered it. */
async function markedBad(world: World): Promise<readonly Denial[]> {
  const { bad } = await keptBack(world);
  return bad.filter(isEverywhere).map(({ release, reason }) => ({ release, reason }));
}

/** Amazon Linux 2 has no new releases: its pins are reported, with a warning, and stay. */
function isOffered(families: readonly Family[], release: ReleaseId): boolean {
  const family = familyOf(release);
  return family !== 'al2' && families.includes(family);
}
