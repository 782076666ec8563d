import type { AdvisoryIndex } from './advisory.ts';
import { fixedByMoves, securityFacts } from './cves-fixed.ts';
import type { EksNotes } from './eks-notes.ts';
import { groupMoves } from './group-moves.ts';
import { diffPackages } from './package-diff.ts';
import type { ImageMove, NotesFacts, PackageMove, ReleaseFacts, SecurityFacts } from './types.ts';

/** Advisories as far as they could be fetched. */
export type Feed =
  | {
      readonly status: 'read';
      readonly index: AdvisoryIndex;
      readonly exploited?: ReadonlySet<string>;
    }
  | { readonly status: 'unavailable'; readonly reason: string };

export type EksQuestion = {
  /** Such as `al2023@v20260714`. */
  readonly release: string;
  /** Each kind of image once for each release it runs now. */
  readonly images: readonly ImageMove[];
  /** Notes by tag: of the release, of what runs, and of as many in between as there are. */
  readonly notes: ReadonlyMap<string, EksNotes>;
  /** Page of the release's notes. */
  readonly url: string;
  /** ALAS of AL2023. */
  readonly feed: Feed;
  readonly supportEndsInDays?: NonNullable<ReleaseFacts['supportEndsInDays']>;
  readonly blastRadius?: NonNullable<ReleaseFacts['blastRadius']>;
};

/** All that notes and advisories tell of an EKS image release, against what each kind of image runs now. */
export function eksFacts({
  release,
  images,
  notes,
  url,
  feed,
  ...known
}: EksQuestion): ReleaseFacts {
  const to = notes.get(tagOf(release));
  const oldest = images
    .map(({ from }) => tagOf(from))
    .filter((tag) => tag !== '')
    .sort()[0];
  const between = [...notes.values()]
    .filter(({ tag }) => oldest !== undefined && tag > oldest && tag < tagOf(release))
    .sort((a, b) => (a.tag < b.tag ? 1 : -1));
  const changes =
    to === undefined
      ? []
      : images.map(({ kubernetes, amiType, from }) =>
          diffPackages(notes.get(tagOf(from)), to, { kubernetes, amiType }),
        );
  const packages = groupMoves(changes);
  const ran = [...new Set(images.map(({ from }) => from))];
  return {
    release,
    notes: notesFacts(to, tagOf(release), url),
    images,
    packages,
    security: securityOf(
      packages,
      images,
      feed,
      changes.some((ofImage) => ofImage.length > 0),
    ),
    between: between.map(({ tag, abandoned, notices }) => ({
      release: release.replace(/@.*/, `@${tag}`),
      recalled: abandoned,
      callouts: notices.filter(isCallout),
    })),
    recalledPredecessors: ran.filter((from) => notes.get(tagOf(from))?.abandoned === true),
    unknowns: unknownsOf(packages, images, notes, to),
    ...known,
  };
}

function tagOf(release: string): string {
  return /@(v\d{8})$/.exec(release)?.[1] ?? '';
}

/** A quoted line that says something; "no changes to the AMI template" still comes with new packages. */
function isCallout(line: string): boolean {
  return !/^\*\*Note\*\*$|^There are no changes to the AMI template/.test(line);
}

function notesFacts(notes: EksNotes | undefined, tag: string, url: string): NotesFacts {
  if (notes === undefined) return { status: 'missing', reason: `No notes of ${tag} were found.` };
  return {
    status: 'found',
    title: notes.title,
    url,
    callouts: notes.notices.filter(isCallout),
    pullRequests: notes.pullRequests.map(({ number, title }) => ({ number, title })),
    recalled: notes.abandoned,
  };
}

/** Only Amazon Linux 2023 has its advisories read; of others it says so. */
function securityOf(
  packages: readonly PackageMove[],
  images: readonly ImageMove[],
  feed: Feed,
  isCompared: boolean,
): SecurityFacts {
  if (feed.status === 'unavailable') return { status: 'not-checked', reason: feed.reason };
  if (!isCompared) return { status: 'not-checked', reason: 'The package versions are not known.' };
  const isCovered = (image: number) => images[image]?.amiType.startsWith('AL2023_') === true;
  const covered = packages
    .map((move) => ({ ...move, images: move.images.filter(isCovered) }))
    .filter((move) => move.images.length > 0);
  const rest = packages.filter((move) => !move.images.every(isCovered));
  if (covered.length === 0 && rest.length > 0) {
    return { status: 'not-checked', reason: 'No advisories are read for this family.' };
  }
  const joined = fixedByMoves(covered, feed.index);
  const beside = { fixed: [], reopened: [], unchecked: rest.map(({ name }) => name) };
  return securityFacts([joined, beside], feed.exploited);
}

function unknownsOf(
  packages: readonly PackageMove[],
  images: readonly ImageMove[],
  notes: ReadonlyMap<string, EksNotes>,
  to: EksNotes | undefined,
): readonly string[] {
  if (to === undefined)
    return ['What changes in the packages is not known: the notes are missing.'];
  const unknowns = packages
    .filter(({ change }) => change === 'unknown')
    .map(
      ({ name, to: version }) =>
        `${name}: the notes do not say ${version === null ? 'what it is now' : 'what it was before'}.`,
    );
  const silent = [...new Set(images.map(({ from }) => from))].filter(
    (from) => !notes.has(tagOf(from)),
  );
  const absent = images.filter(({ kubernetes, amiType }) => {
    const minor = to.kubernetes.find(({ version }) => version === kubernetes);
    return minor === undefined || !Object.hasOwn(minor.packages, amiType);
  });
  return [
    ...silent.map((from) => `No notes of ${from} were found: what changes from it is not known.`),
    ...absent.map(
      ({ kubernetes, amiType }) => `The notes do not mention ${amiType} on ${kubernetes}.`,
    ),
    ...new Set(unknowns),
    'Packages of the base image that the notes do not list were not compared.',
  ];
}
