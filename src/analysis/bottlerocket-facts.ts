import type { Advisory } from './advisory.ts';
import type { KitName } from './bottlerocket-advisory.ts';
import { type BottlerocketNotes, type KitVersions, kitsAt } from './bottlerocket-notes.ts';
import type { BottlerocketVariant } from './bottlerocket-variant.ts';
import { fixedByKits, type KitRange, securityFacts } from './cves-fixed.ts';
import { groupMoves } from './group-moves.ts';
import { changeOf } from './package-diff.ts';
import { rpmvercmp } from './rpm-version.ts';
import type { ImageMove, PackageChange, ReleaseFacts, SecurityFacts } from './types.ts';

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
  readonly url: string;
  readonly feed: KitFeed;
  readonly supportEndsInDays?: NonNullable<ReleaseFacts['supportEndsInDays']>;
  readonly blastRadius?: NonNullable<ReleaseFacts['blastRadius']>;
};

const kitNames: readonly KitName[] = ['bottlerocket-core-kit', 'bottlerocket-kernel-kit'];

/** All that notes and advisories tell of a Bottlerocket release. Its packages come in kits, so kits are what moves. */
export function bottlerocketFacts(question: BottlerocketQuestion): ReleaseFacts {
  const { release, images, notes, url, feed, kits: built, ...known } = question;
  const to = notes.find(({ version }) => version === versionOf(release));
  const kitsOf = (one: string) => built?.get(versionOf(one)) ?? kitsAt(versionOf(one), notes);
  const moves = images.map(({ from }) => kitMoves(kitsOf(from), kitsOf(release)));
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
    packages: groupMoves(moves),
    security: securityOf(images, moves, feed),
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

function versionOf(release: string): string {
  return release.replace(/^bottlerocket@v?/, '');
}

function isAfter(version: string, other: string): boolean {
  return /^\d/.test(other) && rpmvercmp(version, other) > 0;
}

function kitMoves(from: KitVersions, to: KitVersions): readonly PackageChange[] {
  return kitNames.map((name) => {
    const told = changeOf(name, from[name], to[name]);
    return told ?? { name, from: null, to: null, change: 'unknown' };
  });
}

/** What a release's authors themselves hold up to its users. */
function calloutsOf({ bullets }: BottlerocketNotes): readonly string[] {
  return bullets
    .filter(({ heading }) => /^(?:Known Incompatibilities|Deprecation Notice)$/.test(heading))
    .map(({ text }) => text);
}

/** Every image needs both kits known on both sides; else nothing can be said for it, and so for the release. */
function securityOf(
  images: readonly BottlerocketMove[],
  moves: readonly (readonly PackageChange[])[],
  feed: KitFeed,
): SecurityFacts {
  if (feed.status === 'unavailable') return { status: 'not-checked', reason: feed.reason };
  if (moves.flat().some(({ change }) => change === 'unknown')) {
    return {
      status: 'not-checked',
      reason: 'The kits that a release was built from are not known.',
    };
  }
  const joins = images.map(({ variant }, image) =>
    fixedByKits(rangesOf(moves[image] ?? []), feed.advisories, variant, image),
  );
  return securityFacts(joins, feed.exploited);
}

function rangesOf(moves: readonly PackageChange[]): readonly KitRange[] {
  return moves.flatMap(({ name, from, to }) =>
    from === null || to === null ? [] : [{ kit: name, from, to }],
  );
}

function unknownsOf(
  moves: readonly (readonly PackageChange[])[],
  feed: KitFeed,
): readonly string[] {
  const dark = new Set(
    moves
      .flat()
      .filter(({ change }) => change === 'unknown')
      .map(({ name }) => name),
  );
  return [
    ...[...dark].map(
      (name) => `${name}: the notes do not say which version a release was built from.`,
    ),
    ...(feed.status === 'read' && feed.unreadable > 0
      ? [`${feed.unreadable} advisories could not be read.`]
      : []),
    'Which packages moved inside the kits is not in the notes.',
  ];
}
