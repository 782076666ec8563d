import type { Family } from '../../images/types.ts';
import type { ReleaseId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';

/** A release as its publisher announces it. */
export type AnnouncedRelease = {
  readonly release: ReleaseId;
  /** May carry the mark of a recall: `[ABANDONED] AMI Release v20260311`. */
  readonly title: string;
  readonly publishedAt: Instant;
};

/**
 * What publishers say of their releases.
 * @throws GitHostError when it cannot be read; a later look may help.
 */
export type ReleaseList = {
  /** The newest thirty; none for families that announce none. */
  newest(family: Family): Promise<readonly AnnouncedRelease[]>;
};
