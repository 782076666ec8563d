import type { Instant } from '../shared/time.ts';
import { troubleOf } from './recall.ts';
import type { Architecture } from './types.ts';

/** An image of one's own, as EC2 describes it; times are ISO 8601. */
export type CustomImage = {
  readonly imageId: string;
  readonly name: string;
  readonly architecture: Architecture;
  readonly state: string;
  readonly createdAt: string;
  readonly deprecatedAt?: string;
};

/**
 * The newest usable image of an architecture, as Karpenter would choose among equals: the younger, then the greater
 * name. EC2 lists in no order at all. Deprecated images never win here, though Karpenter takes one when nothing else is
 * there: a proposal must not move a pin to it.
 */
export function newestCustomImage<Found extends CustomImage>(
  images: readonly Found[],
  architecture: Architecture,
  now: Instant,
): Found | undefined {
  return images
    .filter((image) => image.architecture === architecture && troubleOf(image, now) === undefined)
    .sort(
      (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.name < b.name ? 1 : -1),
    )[0];
}
