import { z } from 'zod';
import { slotKey } from '../images/slot.ts';
import type { Image } from '../images/types.ts';
import { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { World } from './world.ts';

/** What a parameter last recommended, and since when we have seen that. */
const Seen = z.object({ release: ReleaseId, imageId: z.string(), firstSeenAt: z.number() });

export type SeenImage = Image & { readonly seenAt: Instant };

/**
 * Remembers per slot what is recommended and since when: a release's age counts from our own first sight where its
 * notes do not say when it was published, and a value that moves backward is a recall. Writes only what changed.
 */
export async function rememberSeen(
  { store, clock }: Pick<World, 'store' | 'clock'>,
  recommended: readonly Image[],
): Promise<{ readonly now: readonly SeenImage[]; readonly before: readonly Image[] }> {
  const keys = recommended.map((image) => `seen#${slotKey(image)}`);
  const known = await store.memory.get(keys);
  const now: SeenImage[] = [];
  const before: Image[] = [];
  for (const [i, image] of recommended.entries()) {
    const key = keys[i] ?? '';
    const seen = Seen.safeParse(known.get(key));
    if (seen.success && seen.data.release === image.release) {
      now.push({ ...image, seenAt: seen.data.firstSeenAt });
      before.push(image);
      continue;
    }
    const firstSeenAt = clock.now();
    const { release, imageId } = image;
    await store.memory.put(key, { release, imageId, firstSeenAt });
    now.push({ ...image, seenAt: firstSeenAt });
    if (seen.success) before.push({ ...image, ...pick(seen.data) });
  }
  return { now, before };
}

function pick({ release, imageId }: z.infer<typeof Seen>) {
  return { release, imageId };
}
