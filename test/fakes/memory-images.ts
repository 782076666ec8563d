import { imageName } from '../../src/images/image-name.ts';
import { compareReleases, familyOf } from '../../src/images/releases.ts';
import { slotKey, slotOf } from '../../src/images/slot.ts';
import type { Family, Image, ImageSlot } from '../../src/images/types.ts';
import { sha256 } from '../../src/shared/canonical.ts';
import type { ReleaseId } from '../../src/shared/ids.ts';
import type { DescribedImage, Images } from '../../src/workflow/ports/images.ts';

/** Everything that is published in a test, by any publisher, and what EC2 says of it. */
export function memoryImages() {
  const published: Image[] = [];
  const recommended = new Map<string, ReleaseId>();
  const described = new Map<string, DescribedImage>();
  const asked: string[] = [];
  /** Families that EC2 alone knows of, and of which it tells nothing more now. */
  const silentFamilies = new Set<Family>();

  const images: Images = {
    async recommended(slots, unanswered) {
      const silent = slots.filter(({ family }) => silentFamilies.has(family));
      const failure = new Error('EC2 DescribeImages failed: RequestLimitExceeded');
      if (silent.length > 0 && unanswered === undefined) throw failure;
      if (silent.length > 0) unanswered?.(silent, failure);
      return slots
        .filter(({ family }) => !silentFamilies.has(family))
        .flatMap((slot) => {
          const release = recommended.get(slotKey(slot));
          return published.filter(
            (image) => image.release === release && slotKey(image) === slotKey(slot),
          );
        });
    },
    async ofRelease(release, slots) {
      asked.push(release);
      if (silentFamilies.has(familyOf(release))) {
        throw new Error('EC2 DescribeImages failed: RequestLimitExceeded');
      }
      return published.filter(
        (image) =>
          compareReleases(image.release, release) === 0 &&
          slots.some((slot) => slotKey(slot) === slotKey(image)),
      );
    },
    async describe(region, imageIds) {
      return imageIds.flatMap((id) => described.get(`${region} ${id}`) ?? []);
    },
  };

  return {
    images,
    /** Releases whose versioned parameters were read. */
    asked,
    silentFamilies,
    /** Publishes a release in a slot; `recommend: false` leaves the recommendation where it is. */
    publish(
      slot: ImageSlot,
      release: ReleaseId,
      { recommend = true, name }: { readonly recommend?: boolean; readonly name?: string } = {},
    ): string {
      const imageId = `ami-${sha256(`${slotKey(slot)} ${release}`).slice(0, 17)}`;
      const called = name ?? imageName(slot, release, '5f13b929') ?? '';
      published.push({ ...slotOf(slot), release, imageId, name: called });
      if (recommend) recommended.set(slotKey(slot), release);
      describeAs(slot.region, imageId, {
        name: called,
        architecture: slot.architecture,
        ownerAlias: familyOf(release) === 'custom' ? undefined : 'amazon',
      });
      return imageId;
    },
    /** What is recommended goes elsewhere: forward, or back. */
    recommend(slot: ImageSlot, release: ReleaseId) {
      recommended.set(slotKey(slot), release);
    },
    describeAs,
  };

  function describeAs(
    region: string,
    imageId: string,
    {
      ownerAlias,
      ...as
    }: Partial<Omit<DescribedImage, 'ownerAlias'>> & { readonly ownerAlias?: string | undefined },
  ): void {
    described.set(`${region} ${imageId}`, {
      imageId,
      name: '',
      architecture: 'x86_64',
      state: 'available',
      ownerId: '099720109477',
      createdAt: '2026-11-01T00:00:00.000Z',
      tags: {},
      ...described.get(`${region} ${imageId}`),
      ...as,
      ...(ownerAlias === undefined ? {} : { ownerAlias }),
    });
  }
}
