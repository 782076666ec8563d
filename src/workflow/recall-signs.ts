import { isMarkedRecalled, recallOf } from '../images/recall.ts';
import { compareReleases, trainOf } from '../images/releases.ts';
import type { Image } from '../images/types.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { Placed } from './placed-pins.ts';
import type { AnnouncedRelease } from './ports/release-list.ts';
import type { LiftedRecall, RecalledRelease } from './recall-facts.ts';
import type { SeenImages } from './seen-images.ts';

/** A recall as it is noticed. */
export type RecallSign = Omit<RecalledRelease, 'at' | 'times'>;

/** Recommendations that went back since the look before. */
export function movedBack(seen: Pick<SeenImages, 'before' | 'recommended'>): readonly RecallSign[] {
  return recallOf(seen.before, seen.recommended).map(({ release, returnedTo, slots }) => {
    const regions = [...new Set(slots.map(({ region }) => region))].sort();
    const detail = `${returnedTo} is recommended again in ${regions.join(', ')}`;
    return { release, because: 'moved-back', detail, regions };
  });
}

/** Releases whose title says they were taken back, as far as a pin names them or could be offered them. */
export function markedOnes(
  announced: readonly AnnouncedRelease[],
  offered: readonly Placed[],
): readonly RecallSign[] {
  return announced
    .filter(({ title, release }) => {
      const mine = offered.filter((one) => trainOf(one.release) === trainOf(release));
      return (
        isMarkedRecalled(title) && mine.some((one) => compareReleases(one.release, release) <= 0)
      );
    })
    .map(({ release, title }) => ({
      release,
      because: 'marked',
      detail: `its notes are now called "${title.slice(0, 100)}"`,
    }));
}

/** What one look saw that may lift a recall. */
export type LiftSigns = {
  readonly recommended: readonly Image[];
  readonly announced: readonly AnnouncedRelease[];
  /** What speaks for a recall in the same look. */
  readonly signs: readonly RecallSign[];
};

/**
 * Recalls that no longer stand: the release is recommended again wherever its family is, the regions it went back in
 * among them; or its title lost the mark, and nothing older is recommended. Nothing else may speak against it, and what
 * was not seen does not speak for it. Images that became unfit are not lifted: what was deprecated or disabled by hand
 * is for people to judge.
 */
export function liftedNow(
  standing: readonly RecalledRelease[],
  { recommended, announced, signs }: LiftSigns,
): readonly Pick<LiftedRecall, 'release' | 'detail'>[] {
  return standing.flatMap(({ release, because, regions = [] }) => {
    const same = (one: { readonly release: ReleaseId }) =>
      compareReleases(one.release, release) === 0;
    const here = recommended.filter((image) => trainOf(image.release) === trainOf(release));
    const title = announced.find(same)?.title;
    const speaksAgainst = signs.some(same) || (title !== undefined && isMarkedRecalled(title));
    if (here.length === 0 || speaksAgainst) return [];
    if (because === 'moved-back') {
      const again = [...new Set(here.map(({ region }) => region))].sort();
      if (!here.every(same) || !regions.every((region) => again.includes(region))) return [];
      return [{ release, detail: `it is recommended again in ${again.join(', ')}` }];
    }
    const isOlder = (image: Image) => compareReleases(image.release, release) < 0;
    if (because !== 'marked' || title === undefined || here.some(isOlder)) return [];
    return [{ release, detail: `its notes are called "${title.slice(0, 100)}" again` }];
  });
}
