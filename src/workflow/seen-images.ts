import { z } from 'zod';
import { imageName } from '../images/image-name.ts';
import { slotKey, slotOf } from '../images/slot.ts';
import type { Image, ImageSlot } from '../images/types.ts';
import { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { World } from './world.ts';

/** So many releases of a slot are remembered: a minimum age of weeks must find the one before the newest. */
const mostReleases = 6;

/** What a parameter recommends, and which releases we have seen in its slot since when, newest sight first. */
const Seen = z.object({
  recommended: ReleaseId.optional(),
  seen: z.array(z.object({ release: ReleaseId, imageId: z.string(), at: z.number() })),
});
type Seen = z.infer<typeof Seen>;

export type SeenImage = Image & { readonly seenAt: Instant };

/** What is recommended now and was at the look before, and all that is known to exist, since when. */
export type SeenImages = {
  readonly recommended: readonly Image[];
  readonly before: readonly Image[];
  readonly now: readonly SeenImage[];
  /** Makes what was seen the look before of the next one. Writes only what changed. */
  save(): Promise<void>;
};

/**
 * Compares what is recommended with what is remembered: a release's age counts from our own first sight where its notes
 * do not say when it was published, and a value that moves backward is a recall.
 */
export async function rememberSeen(
  world: Pick<World, 'store' | 'clock'>,
  recommended: readonly Image[],
): Promise<SeenImages> {
  const known = await knownOf(world, recommended);
  const now: SeenImage[] = [];
  const before: Image[] = [];
  const changed = new Map<string, Seen>();
  for (const image of recommended) {
    const key = keyOf(image);
    const last = known.get(key);
    if (last?.recommended !== undefined) {
      const was = last.seen.find(({ release }) => release === last.recommended);
      before.push(imageOf(image, { release: last.recommended, imageId: was?.imageId ?? '' }));
    }
    const next = withSeen(last, image, world.clock.now());
    if (last?.recommended !== image.release || next !== last)
      changed.set(key, { ...next, recommended: image.release });
    for (const { release, imageId, at } of next.seen) {
      const same = release === image.release ? image : imageOf(image, { release, imageId });
      now.push({ ...same, seenAt: at });
    }
  }
  return {
    recommended,
    before,
    now,
    async save() {
      for (const [key, seen] of changed) await world.store.memory.put(key, seen);
    },
  };
}

/** Remembers images that exist beside the recommended ones. Writes only what is new. */
export async function rememberOthers(
  world: Pick<World, 'store' | 'clock'>,
  others: readonly Image[],
): Promise<readonly SeenImage[]> {
  const known = await knownOf(world, others);
  const found: SeenImage[] = [];
  for (const image of others) {
    const key = keyOf(image);
    const last = known.get(key);
    const next = withSeen(last, image, world.clock.now());
    if (next !== last) await world.store.memory.put(key, next);
    known.set(key, next);
    const at = next.seen.find(({ release }) => release === image.release)?.at;
    found.push({ ...image, seenAt: at ?? world.clock.now() });
  }
  return found;
}

/** What was recommended in these slots at the last look for releases; nothing of a slot that nobody looked at. */
export async function recommendedAtLastLook(
  world: Pick<World, 'store'>,
  slots: readonly ImageSlot[],
): Promise<readonly ReleaseId[]> {
  const known = await knownOf(world, slots);
  return [...new Set([...known.values()].flatMap(({ recommended }) => recommended ?? []))];
}

function keyOf(slot: ImageSlot): string {
  return `seen#${slotKey(slot)}`;
}

async function knownOf(
  { store }: Pick<World, 'store'>,
  slots: readonly ImageSlot[],
): Promise<Map<string, Seen>> {
  const stored = await store.memory.get([...new Set(slots.map(keyOf))]);
  const known = new Map<string, Seen>();
  for (const [key, value] of stored) {
    const seen = Seen.safeParse(value);
    if (seen.success) known.set(key, seen.data);
  }
  return known;
}

/** The same object when the image was seen before. */
function withSeen(last: Seen | undefined, { release, imageId }: Image, at: Instant): Seen {
  if (last === undefined) return { seen: [{ release, imageId, at }] };
  if (last.seen.some((one) => one.release === release && one.imageId === imageId)) return last;
  const others = last.seen.filter((one) => one.release !== release);
  return { ...last, seen: [{ release, imageId, at }, ...others].slice(0, mostReleases) };
}

function imageOf(slot: ImageSlot, of: Pick<Image, 'release' | 'imageId'>): Image {
  const place = slotOf(slot);
  return { ...place, ...of, name: imageName(place, of.release) ?? '' };
}
