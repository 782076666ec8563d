import { newestCustomImage } from '../../images/custom-image.ts';
import { type CustomLine, customReleaseOf, nameFilter } from '../../images/custom-line.ts';
import { troubleOf } from '../../images/recall.ts';
import { compareReleases } from '../../images/releases.ts';
import { slotOf } from '../../images/slot.ts';
import type { Image, ImageSlot } from '../../images/types.ts';
import type { ReleaseId } from '../../shared/ids.ts';
import type { Clock } from '../../shared/time.ts';
import type { Ec2Images } from './describe-images.ts';

/** Images of the configured lines for slots of one region: of a release, or of the newest there. @throws AwsError */
export type CustomImages = (
  region: string,
  slots: readonly ImageSlot[],
  release?: ReleaseId,
) => Promise<readonly Image[]>;

/** Looks for custom images with EC2's filters, one question a line and region. */
export function createCustomImages(
  { list }: Pick<Ec2Images, 'list'>,
  lines: readonly CustomLine[],
  clock: Pick<Clock, 'now'>,
): CustomImages {
  return async (region, slots, release) => {
    const wanted = slots.filter(({ family }) => family === 'custom');
    const images: Image[] = [];
    for (const line of lines) {
      const here = wanted.filter((slot) => slot.line === line.name);
      if (here.length === 0) continue;
      const { owner, tags } = line;
      // EC2 hides deprecated images from everybody but their owner
      const found = (await list(region, { owner, name: nameFilter(line), tags }))
        .filter((image) => troubleOf(image, clock.now()) === undefined)
        .flatMap((image) => {
          const custom = customReleaseOf(line, image);
          return custom === undefined ? [] : [{ ...image, custom }];
        });
      for (const slot of here) {
        const fitting = found.filter(
          ({ custom }) =>
            (custom.kubernetes ?? slot.kubernetes) === slot.kubernetes &&
            custom.variant === slot.variant &&
            custom.architecture === slot.architecture &&
            (release === undefined || compareReleases(custom.release, release) === 0),
        );
        const newest = fitting
          .map(({ custom }) => custom.release)
          .sort(compareReleases)
          .at(-1);
        const image = newestCustomImage(
          fitting.filter(({ custom }) => custom.release === newest),
          slot.architecture,
          clock.now(),
        );
        if (image === undefined) continue;
        const { imageId, name, custom } = image;
        images.push({ ...slotOf(slot), release: custom.release, imageId, name });
      }
    }
    return images;
  };
}
