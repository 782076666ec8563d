import type { ImageTrouble } from '../images/recall.ts';
import { troubleOf } from '../images/recall.ts';
import type { Image } from '../images/types.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { day, isoOf } from '../shared/time.ts';
import type { RecallSign } from './recall-signs.ts';
import type { World } from './world.ts';

/** A deprecation older than this is no news: the first look at a fleet would else cry over every old pin. */
const newsFor = 7 * day;

/** Releases of which an image that somebody pins or is offered is no longer fit, each with the first such image. */
export async function imageTroubles(
  { images, clock, log }: Pick<World, 'images' | 'clock' | 'log'>,
  looked: readonly Pick<Image, 'region' | 'imageId' | 'release'>[],
): Promise<readonly RecallSign[]> {
  const byRegion = new Map<string, Map<string, ReleaseId>>();
  for (const { region, imageId, release } of looked) {
    const ids = byRegion.get(region) ?? new Map<string, ReleaseId>();
    byRegion.set(region, ids.set(imageId, release));
  }
  const found = await Promise.all(
    [...byRegion].map(async ([region, ids]) => {
      // Not described is not unfit: the rest of the look goes on, and the next one asks again.
      const described = await images.describe(region, [...ids.keys()]).catch((cause: unknown) => {
        log.warn({ region, cause }, 'images not described');
        return [];
      });
      return described.flatMap((image) => {
        const release = ids.get(image.imageId);
        const trouble = troubleOf(image, clock.now());
        if (release === undefined || trouble === undefined || isOld(trouble, clock.now()))
          return [];
        const detail = `${image.imageId} in ${region} ${words(trouble)}`;
        return [{ release, because: trouble.kind, detail }];
      });
    }),
  );
  return [...new Map(found.flat().map((one) => [one.release, one])).values()];
}

function isOld(trouble: ImageTrouble, now: Instant): boolean {
  return trouble.kind === 'deprecated' && trouble.at < now - newsFor;
}

function words(trouble: ImageTrouble): string {
  switch (trouble.kind) {
    case 'deprecated':
      return `is deprecated since ${isoOf(trouble.at)}`;
    case 'disabled':
      return 'is disabled';
    case 'unavailable':
      return `is ${trouble.state}`;
  }
}
