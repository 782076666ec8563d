import { slotKey } from '../images/slot.ts';
import type { Image, ImageSlot } from '../images/types.ts';
import type { Clock, Instant } from '../shared/time.ts';
import { hour, minute } from '../shared/time.ts';
import type { DescribedImage, Images } from './ports/images.ts';

/** A published image hardly ever goes away; one that is missing may appear any minute. */
const foundFor = hour;
const missingFor = minute;

/** Spares AWS what it said a short while ago. What is recommended is asked every time. */
export function rememberedImages(images: Images, clock: Clock): Images {
  const found = new Map<string, { readonly image: Image | undefined; readonly until: Instant }>();
  const described = new Map<
    string,
    { readonly image: DescribedImage | undefined; readonly until: Instant }
  >();
  return {
    recommended: (slots, unanswered) => images.recommended(slots, unanswered),
    async ofRelease(release, slots) {
      const now = clock.now();
      const key = (slot: ImageSlot) => `${release} ${slotKey(slot)}`;
      const unknown = slots.filter((slot) => (found.get(key(slot))?.until ?? 0) <= now);
      if (unknown.length > 0) {
        const fresh = await images.ofRelease(release, unknown);
        for (const slot of unknown) {
          const image = fresh.find((one) => slotKey(one) === slotKey(slot));
          const until = now + (image === undefined ? missingFor : foundFor);
          found.set(key(slot), { image, until });
        }
      }
      return slots.flatMap((slot) => found.get(key(slot))?.image ?? []);
    },
    async describe(region, imageIds) {
      const now = clock.now();
      const key = (id: string) => `${region} ${id}`;
      const unknown = imageIds.filter((id) => (described.get(key(id))?.until ?? 0) <= now);
      if (unknown.length > 0) {
        const fresh = await images.describe(region, unknown);
        for (const id of unknown) {
          const image = fresh.find(({ imageId }) => imageId === id);
          described.set(key(id), {
            image,
            until: now + (image === undefined ? missingFor : foundFor),
          });
        }
      }
      return imageIds.flatMap((id) => described.get(key(id))?.image ?? []);
    },
  };
}
