import type { Image, ImageSlot } from '../../images/types.ts';
import type { ReleaseId } from '../../shared/ids.ts';

/**
 * What AWS publishes.
 * @throws AwsError when AWS cannot be reached or throttles us; a later look may help.
 */
export type Images = {
  /**
   * The recommended image of every slot, ten parameters a request; slots that have none are absent.
   * @param unanswered told of slots that EC2 alone knows of (Windows, Ubuntu, custom lines) where EC2 fails, so that the
   * others go on; without it the whole question fails.
   */
  recommended(slots: readonly ImageSlot[], unanswered?: Unanswered): Promise<readonly Image[]>;
  /** The image a given release has for each slot, from the versioned parameters; slots without one are absent. */
  ofRelease(release: ReleaseId, slots: readonly ImageSlot[]): Promise<readonly Image[]>;
  /** What AMI ids are (EC2 DescribeImages), in one region; unknown ids are absent. */
  describe(region: string, imageIds: readonly string[]): Promise<readonly DescribedImage[]>;
};

/** Absent is not "not published" for these. */
export type Unanswered = (slots: readonly ImageSlot[], cause: unknown) => void;

/** An AMI as EC2 describes it. */
export type DescribedImage = {
  readonly imageId: string;
  readonly name: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly state: string;
  readonly ownerAlias?: string;
  readonly ownerId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly deprecatedAt?: string;
  readonly tags: Readonly<Record<string, string>>;
};
