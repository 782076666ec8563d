import type { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { compareReleases } from './releases.ts';
import { slotKey, slotOf } from './slot.ts';
import type { Image, ImageSlot } from './types.ts';

/** A recommendation that moved backward: the newer release was taken back. */
export type Recall = {
  readonly release: ReleaseId;
  /** What is recommended instead, newest where slots differ. */
  readonly returnedTo: ReleaseId;
  /** Where it was seen; regions go back one after another. */
  readonly slots: readonly ImageSlot[];
};

/**
 * Compares what was recommended when we last looked with what is recommended now. A slot that is missing from either
 * side says nothing: a failed read must never look like a recall. Newest recalled release first.
 */
export function recallOf(previous: readonly Image[], current: readonly Image[]): readonly Recall[] {
  const before = new Map(previous.map((image) => [slotKey(image), image]));
  const recalls = new Map<ReleaseId, Recall>();
  for (const image of current) {
    const old = before.get(slotKey(image));
    if (old === undefined || compareReleases(image.release, old.release) >= 0) continue;
    const slot = slotOf(image);
    const known = recalls.get(old.release);
    const newest =
      known === undefined || compareReleases(known.returnedTo, image.release) < 0
        ? image.release
        : known.returnedTo;
    recalls.set(old.release, {
      release: old.release,
      returnedTo: newest,
      slots: [...(known?.slots ?? []), slot],
    });
  }
  return [...recalls.values()].sort((a, b) => compareReleases(b.release, a.release));
}

/**
 * Whether a release's title says it was taken back. AWS marks it by editing the release later: `[ABANDONED] AMI Release
 * v20260311` since 2026, `[Recalled] AMI Release v20230211` before.
 */
export function isMarkedRecalled(title: string): boolean {
  return /^\s*#*\s*\[(?:abandoned|recalled)\]/i.test(title);
}

/** What is wrong with an image that once was good. */
export type ImageTrouble =
  | { readonly kind: 'deprecated'; readonly at: Instant }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'unavailable'; readonly state: string };

/**
 * Judges an AMI as EC2 describes it; `undefined` when new nodes may use it.
 * @param image `deprecatedAt` is EC2's DeprecationTime (ISO 8601), which every EKS image has, two years ahead.
 */
export function troubleOf(
  image: { readonly state: string; readonly deprecatedAt?: string },
  now: Instant,
): ImageTrouble | undefined {
  if (image.state === 'disabled') return { kind: 'disabled' };
  if (image.state !== 'available') return { kind: 'unavailable', state: image.state };
  if (image.deprecatedAt === undefined) return undefined;
  const at = Date.parse(image.deprecatedAt);
  return at <= now ? { kind: 'deprecated', at } : undefined;
}
