import { slotsOfAlias } from '../images/alias-slots.ts';
import type { NeededSlot } from '../images/offer.ts';
import { compareReleases, familyOf, trainOf } from '../images/releases.ts';
import { distinctSlots, slotKey, slotOf } from '../images/slot.ts';
import type { Image, ImageSlot } from '../images/types.ts';
import type { ReleaseId } from '../shared/ids.ts';
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

/** Every image a pin stands for: an alias for each image its release has, an id or a name for itself. */
export async function neededSlots(
  { images }: Pick<World, 'images'>,
  placed: readonly Placed[],
): Promise<readonly PinnedSlot[]> {
  const needed: PinnedSlot[] = [];
  const aliased = new Map<ReleaseId, Map<string, ImageSlot>>();
  for (const { at, cluster, release, slot } of placed) {
    if (slot !== undefined) {
      const { kind, value } = at.pin;
      needed.push({ ...slot, current: release, ...(kind === 'id' && { imageId: value }) });
      continue;
    }
    const slots = aliased.get(release) ?? new Map<string, ImageSlot>();
    aliased.set(release, slots);
    for (const one of slotsOfAlias(familyOf(release), cluster)) slots.set(slotKey(one), one);
  }
  // One question a release, however many pins name it.
  const answers = await Promise.all(
    [...aliased].map(async ([current, slots]) =>
      (await images.ofRelease(current, [...slots.values()])).map((image) => ({
        ...slotOf(image),
        imageId: image.imageId,
        current,
      })),
    ),
  );
  return [...needed, ...answers.flat()];
}

/**
 * Adds what releases have where something else is recommended: regions get a release hours or days apart, and a release
 * that all of them have must not wait for one that only some have.
 */
export async function withStragglers(
  world: Pick<World, 'images' | 'store' | 'clock'>,
  needed: readonly PinnedSlot[],
  seen: readonly SeenImage[],
): Promise<readonly SeenImage[]> {
  const more: Image[] = [];
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
      more.push(...(await world.images.ofRelease(release, lacking.map(slotOf))));
    }
  }
  return more.length === 0 ? seen : [...seen, ...(await rememberOthers(world, more))];
}
