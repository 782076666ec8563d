import type { Advisory } from './advisory.ts';
import { type BottlerocketNotes, type KitVersions, kitsAt } from './bottlerocket-notes.ts';
import { type BottlerocketPackages, packagesInKits } from './bottlerocket-packages.ts';
import { fixedByKits, type KitRange, securityFacts } from './cves-fixed.ts';
import { groupMoves } from './group-moves.ts';
import type { KitChangelogs } from './kit-notes.ts';
import { rpmvercmp } from './rpm-version.ts';
import type { ImageMove, PackageChange, ReleaseFacts, SecurityFacts } from './types.ts';
import type { BottlerocketVariant } from './variant-contents.ts';

/** An image of Bottlerocket that moves; `amiType` is its variant's name, such as `aws-k8s-1.34`. */
export type BottlerocketMove = ImageMove & { readonly variant: BottlerocketVariant };

/** Advisories of both kits as far as they could be fetched; `unreadable` counts those that did not parse. */
export type KitFeed =
  | {
      readonly status: 'read';
      readonly advisories: readonly Advisory[];
      readonly unreadable: number;
      readonly exploited?: ReadonlySet<string>;
    }
  | { readonly status: 'unavailable'; readonly reason: string };

export type BottlerocketQuestion = {
  /** Such as `bottlerocket@1.50.0`. */
  readonly release: string;
  readonly images: readonly BottlerocketMove[];
  /** Of the release, and of as many before and between as there are, in any order. */
  readonly notes: readonly BottlerocketNotes[];
  /** Kits of releases whose `Twoliter.toml` was read, by version; beats the notes. */
  readonly kits?: ReadonlyMap<string, KitVersions>;
  /** What the changelogs of both kits say, where somebody read them. */
  readonly kitNotes: KitChangelogs;
  readonly url: string;
  readonly feed: KitFeed;
  readonly supportEndsInDays?: NonNullable<ReleaseFacts['supportEndsInDays']>;
  readonly blastRadius?: NonNullable<ReleaseFacts['blastRadius']>;
};

/** All that notes, advisories and the kits' own notes tell of a Bottlerocket release. Its packages come in kits. */
export function bottlerocketFacts(question: BottlerocketQuestion): ReleaseFacts {
  const { release, images, notes, kitNotes: _, url, feed, kits: __, ...known } = question;
  const to = notes.find(({ version }) => version === versionOf(release));
  const moves = bottlerocketPackages(question);
  const oldest = images.map(({ from }) => versionOf(from)).sort(rpmvercmp)[0] ?? '';
  const between = notes
    .filter(({ version }) => isAfter(version, oldest) && isAfter(versionOf(release), version))
    .sort((a, b) => rpmvercmp(b.version, a.version));
  return {
    release,
    notes:
      to === undefined
        ? { status: 'missing', reason: `No notes of ${versionOf(release)} were found.` }
        : {
            status: 'found',
            title: `Bottlerocket ${to.version}`,
            url,
            callouts: calloutsOf(to),
            pullRequests: [],
            recalled: false,
          },
    images: images.map(({ kubernetes, amiType, from, clusters }) => ({
      kubernetes,
      amiType,
      from,
      clusters,
    })),
    packages: groupMoves(moves.map(({ packages }) => packages)),
    security: securityOf(release, images, moves, feed),
    between: between.map((one) => ({
      release: `bottlerocket@${one.version}`,
      recalled: false,
      callouts: calloutsOf(one),
    })),
    recalledPredecessors: [],
    unknowns: unknownsOf(moves, feed),
    ...known,
  };
}

/** What moves in each image, the unchanged packages too. */
export function bottlerocketPackages({
  release,
  images,
  notes,
  kitNotes,
  kits: built,
}: BottlerocketQuestion): readonly BottlerocketPackages[] {
  const kitsOf = (one: string) => built?.get(versionOf(one)) ?? kitsAt(versionOf(one), notes);
  return images.map(({ from, variant }) =>
    packagesInKits(kitNotes, {
      variant,
      releases: [versionOf(from), versionOf(release)],
      kits: [kitsOf(from), kitsOf(release)],
    }),
  );
}

function versionOf(release: string): string {
  return release.replace(/^bottlerocket@v?/, '');
}

function isAfter(version: string, other: string): boolean {
  return /^\d/.test(other) && rpmvercmp(version, other) > 0;
}

/** What a release's authors themselves hold up to its users. */
function calloutsOf({ bullets }: BottlerocketNotes): readonly string[] {
  return bullets
    .filter(({ heading }) => /^(?:Known Incompatibilities|Deprecation Notice)$/.test(heading))
    .map(({ text }) => text);
}

/** Every image needs both kits known on both sides; else nothing can be said for it, and so for the release. */
function securityOf(
  release: string,
  images: readonly BottlerocketMove[],
  moves: readonly BottlerocketPackages[],
  feed: KitFeed,
): SecurityFacts {
  if (feed.status === 'unavailable') return { status: 'not-checked', reason: feed.reason };
  if (moves.some(({ kits }) => kits.some(({ change }) => change === 'unknown'))) {
    return {
      status: 'not-checked',
      reason: 'The kits that a release was built from are not known.',
    };
  }
  const joins = images.map(({ variant, from }, image) =>
    fixedByKits(rangesOf(moves[image]?.kits ?? []), feed.advisories, {
      variant,
      releases: [versionOf(from), versionOf(release)],
      image,
    }),
  );
  return securityFacts(joins, feed.exploited);
}

function rangesOf(kits: readonly PackageChange[]): readonly KitRange[] {
  return kits.flatMap(({ name, from, to }) =>
    from === null || to === null ? [] : [{ kit: name, from, to }],
  );
}

function unknownsOf(moves: readonly BottlerocketPackages[], feed: KitFeed): readonly string[] {
  return [
    ...new Set([
      ...(feed.status === 'read' && feed.unreadable > 0
        ? [`${feed.unreadable} advisories could not be read.`]
        : []),
      ...moves.flatMap(({ unknowns }) => unknowns),
      'What the notes of the kits do not name was not compared.',
    ]),
  ];
}
