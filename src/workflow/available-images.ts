import { slotsOfAlias } from '../images/alias-slots.ts';
import type { NeededSlot } from '../images/offer.ts';
import { compareReleases, familyOf, trainOf } from '../images/releases.ts';
import { distinctSlots, slotKey, slotOf } from '../images/slot.ts';
import type { Image, ImageSlot } from '../images/types.ts';
import type { ReleaseId } from '../shared/ids.ts';
import { failureText } from './failure-text.ts';
import type { Placed } from './placed-pins.ts';
import type { SeenImage } from './seen-images.ts';
import { rememberOthers } from './seen-images.ts';
import type { World } from './world.ts';

/** Releases looked up one by one because regions differ; more than that says something else is wrong. */
const mostCandidates = 5;

/** An image that a pin stands for today, and the id of it where that is known. */
export type PinnedSlot = NeededSlot & { readonly current: ReleaseId; readonly imageId?: string };

/** The image itself, for those who ask how it is. */
export function imageIn({
  region,
  current,
  imageId,
}: PinnedSlot): readonly Pick<Image, 'region' | 'release' | 'imageId'>[] {
  return imageId === undefined ? [] : [{ region, release: current, imageId }];
}

/** Every image a pin stands for: an alias for each image its release has, any other for itself. */
export async function neededSlots(
  { images }: Pick<World, 'images'>,
  placed: readonly Placed[],
): Promise<readonly PinnedSlot[]> {
  const byItself: PinnedSlot[] = [];
  const aliased = new Set<string>();
  const asked = new Map<ReleaseId, Map<string, ImageSlot>>();
  for (const { at, cluster, release, slot } of placed) {
    const { kind, value } = at.pin;
    if (slot !== undefined) {
      byItself.push({ ...slot, current: release, ...(kind === 'id' && { imageId: value }) });
      if (kind === 'id') continue;
    }
    const slots = asked.get(release) ?? new Map<string, ImageSlot>();
    asked.set(release, slots);
    for (const one of slot === undefined ? slotsOfAlias(familyOf(release), cluster) : [slot]) {
      slots.set(slotKey(one), one);
      if (slot === undefined) aliased.add(`${release} ${slotKey(one)}`);
    }
  }
  // One question a release, however many pins name it.
  const answers = await Promise.all(
    [...asked].map(async ([current, slots]) =>
      (await images.ofRelease(current, [...slots.values()])).map((image) => ({
        ...slotOf(image),
        imageId: image.imageId,
        current,
      })),
    ),
  );
  const found = new Map(answers.flat().map((one) => [`${one.current} ${slotKey(one)}`, one]));
  return [
    // An exact name or parameter needs its slot also where AWS has taken the old image away.
    ...byItself.map((one) =>
      one.imageId === undefined ? (found.get(`${one.current} ${slotKey(one)}`) ?? one) : one,
    ),
    ...[...found].flatMap(([key, one]) => (aliased.has(key) ? [one] : [])),
  ];
}

/**
 * Adds what releases have where something else is recommended: regions get a release hours or days apart, and a release
 * that all of them have must not wait for one that only some have.
 */
export async function withStragglers(
  world: Pick<World, 'images' | 'store' | 'clock' | 'log'>,
  needed: readonly PinnedSlot[],
  seen: readonly SeenImage[],
): Promise<{
  readonly available: readonly SeenImage[];
  /** Trains that could not be looked at, and why; the others go on. */
  readonly failed: ReadonlyMap<string, string>;
}> {
  const more: Image[] = [];
  const failed = new Map<string, string>();
  const releases = [...new Set(seen.map(({ release }) => release))].sort((a, b) =>
    compareReleases(b, a),
  );
  const has = new Set(seen.map((image) => `${image.release} ${slotKey(image)}`));
  for (const train of new Set(releases.map(trainOf))) {
    for (const release of releases
      .filter((one) => trainOf(one) === train)
      .slice(0, mostCandidates)) {
      const lacking = distinctSlots(
        needed.filter(
          (slot) =>
            trainOf(slot.current) === train &&
            compareReleases(slot.current, release) < 0 &&
            !has.has(`${release} ${slotKey(slot)}`),
        ),
      );
      if (lacking.length === 0) continue;
      try {
        more.push(...(await world.images.ofRelease(release, lacking.map(slotOf))));
      } catch (cause) {
        world.log.warn({ release, cause }, 'published images not read');
        failed.set(train, failureText(cause));
      }
    }
  }
  const others = more.length === 0 ? [] : await rememberOthers(world, more);
  return { available: [...seen, ...others], failed };
}
