import type { ReleaseId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { compareReleases, trainOf } from './releases.ts';
import { distinctSlots, slotKey, slotOf } from './slot.ts';
import type { Image, ImageSlot } from './types.ts';

/** One image that a pin of the environment stands for, and what it names today. */
export type NeededSlot = ImageSlot & {
  /** Absent: not known (an id nobody can map). Such a pin is left alone and holds nobody up. */
  readonly current?: ReleaseId;
};

/** What the offer rule needs to know of one environment and one train of releases. */
export type OfferQuestion = {
  readonly needed: readonly NeededSlot[];
  /** Every image known to exist now, of any release, and when we first saw it. */
  readonly available: readonly (Image & { readonly seenAt: Instant })[];
  /** When a release was published, where its notes say so; goes before our own sight of it. */
  readonly publishedAt?: ReadonlyMap<ReleaseId, Instant>;
  /** Releases known by name only (release notes), for "skips 2 releases". */
  readonly known?: readonly ReleaseId[];
  readonly now: Instant;
  /** Age from which a release is offered, in ms, inclusive; 0 offers at once. */
  readonly minimumAgeMs: number;
  readonly denied: readonly Denial[];
  readonly recalled: readonly { readonly release: ReleaseId; readonly reason: string }[];
};

/** An entry of `images.deny`. */
export type Denial = {
  readonly release: ReleaseId;
  readonly reason: string;
  readonly link?: string;
};

/** A slot of a release's matrix: its image, or nothing where AWS has none yet. */
export type Cell = { readonly slot: ImageSlot; readonly image?: Image };

/** Why a release that is newer than a pin is not offered. */
export type PassedOver =
  | { readonly because: 'recalled'; readonly reason: string }
  | { readonly because: 'denied'; readonly reason: string; readonly link?: string }
  | { readonly because: 'incomplete'; readonly missing: readonly ImageSlot[] }
  | { readonly because: 'too-young'; readonly eligibleAt: Instant };

/** A candidate with its matrix over the slots it would move. */
export type Candidate = { readonly release: ReleaseId; readonly matrix: readonly Cell[] };

export type Offer =
  | {
      readonly kind: 'offer';
      readonly release: ReleaseId;
      /** Known releases between the oldest pin that moves and this one. */
      readonly skips: number;
      /** One image for each slot that moves. */
      readonly images: readonly Image[];
      readonly matrix: readonly Cell[];
      /** Newer ones that were not eligible, newest first. */
      readonly passedOver: readonly (Candidate & PassedOver)[];
    }
  | {
      readonly kind: 'none';
      /**
       * `nothing-pinned`: no pin with a known release; `nothing-eligible`: see `passedOver`; `not-checked`: what is published
       * could not be read, which this rule itself never says.
       */
      readonly reason: 'nothing-pinned' | 'up-to-date' | 'nothing-eligible' | 'not-checked';
      readonly passedOver: readonly (Candidate & PassedOver)[];
      /** When time alone makes one eligible, if nothing else changes; absent when time alone does not help. */
      readonly eligibleAt?: Instant;
    };

/**
 * Chooses the newest release that every slot behind it has, that is old enough, and that nobody denied or recalled. A
 * pin that is ahead of it already is not moved backward.
 */
export function offerOf(question: OfferQuestion): Offer {
  const pinned = question.needed.filter(hasCurrent);
  const [first] = pinned;
  if (first === undefined) return { kind: 'none', reason: 'nothing-pinned', passedOver: [] };
  const train = trainOf(first.current);
  if (pinned.some(({ current }) => trainOf(current) !== train))
    throw new Error('offerOf was asked about several trains at once');

  const passedOver: (Candidate & PassedOver)[] = [];
  for (const release of releasesOf(train, question)) {
    const behind = pinned.filter(({ current }) => compareReleases(current, release) < 0);
    if (behind.length === 0) break; // newest first: the rest is older still
    const matrix = matrixOf(release, behind, question.available);
    const verdict = whyNot(release, matrix, question);
    if (verdict !== undefined) {
      passedOver.push({ release, matrix, ...verdict });
      continue;
    }
    return {
      kind: 'offer',
      release,
      skips: skipsOf(release, behind, question),
      images: matrix.flatMap(({ image }) => (image === undefined ? [] : [image])),
      matrix,
      passedOver,
    };
  }
  if (passedOver.length === 0) return { kind: 'none', reason: 'up-to-date', passedOver };
  const waits = passedOver.flatMap((one) => (one.because === 'too-young' ? [one.eligibleAt] : []));
  return {
    kind: 'none',
    reason: 'nothing-eligible',
    passedOver,
    ...(waits.length > 0 && { eligibleAt: Math.min(...waits) }),
  };
}

type Pinned = NeededSlot & { readonly current: ReleaseId };

function hasCurrent(slot: NeededSlot): slot is Pinned {
  return slot.current !== undefined;
}

/** Candidates, newest first; a release spelled two ways counts once. */
function releasesOf(train: string, { available, known = [] }: OfferQuestion) {
  const all = [...available.map(({ release }) => release), ...known]
    .filter((release) => trainOf(release) === train)
    .sort((a, b) => compareReleases(b, a));
  return all.filter((release, i) => {
    const before = all[i - 1];
    return before === undefined || compareReleases(before, release) !== 0;
  });
}

function matrixOf(
  release: ReleaseId,
  slots: readonly ImageSlot[],
  available: readonly Image[],
): readonly Cell[] {
  const bySlot = new Map(
    available
      .filter((image) => compareReleases(image.release, release) === 0)
      .map((image) => [slotKey(image), image]),
  );
  return distinctSlots(slots).map((needed) => {
    const slot = slotOf(needed);
    const image = bySlot.get(slotKey(slot));
    return image === undefined ? { slot } : { slot, image };
  });
}

function whyNot(
  release: ReleaseId,
  matrix: readonly Cell[],
  question: OfferQuestion,
): PassedOver | undefined {
  const same = (other: { readonly release: ReleaseId }) =>
    compareReleases(other.release, release) === 0;
  const recall = question.recalled.find(same);
  if (recall !== undefined) return { because: 'recalled', reason: recall.reason };
  const denial = question.denied.find(same);
  if (denial !== undefined) {
    const { reason, link } = denial;
    return { because: 'denied', reason, ...(link !== undefined && { link }) };
  }
  const missing = matrix.filter(({ image }) => image === undefined).map(({ slot }) => slot);
  if (missing.length > 0) return { because: 'incomplete', missing };
  const eligibleAt = sinceOf(release, matrix, question) + question.minimumAgeMs;
  return eligibleAt > question.now ? { because: 'too-young', eligibleAt } : undefined;
}

/** When its age began: its publication, else when we had seen it in all the slots that need it. */
function sinceOf(
  release: ReleaseId,
  matrix: readonly Cell[],
  { available, publishedAt }: OfferQuestion,
): Instant {
  const published = publishedAt?.get(release);
  if (published !== undefined) return published;
  const wanted = new Set(matrix.map(({ slot }) => slotKey(slot)));
  const seen = available
    .filter((image) => compareReleases(image.release, release) === 0 && wanted.has(slotKey(image)))
    .map(({ seenAt }) => seenAt);
  return Math.max(...seen);
}

function skipsOf(release: ReleaseId, behind: readonly Pinned[], question: OfferQuestion): number {
  const oldest = behind
    .map(({ current }) => current)
    .reduce((a, b) => (compareReleases(a, b) <= 0 ? a : b));
  return releasesOf(trainOf(release), question).filter(
    (other) => compareReleases(oldest, other) < 0 && compareReleases(other, release) < 0,
  ).length;
}
