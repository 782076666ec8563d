import {
  type BottlerocketQuestion,
  bottlerocketFacts,
  bottlerocketPackages,
  type KitFeed,
} from '../analysis/bottlerocket-facts.ts';
import type { DiffReport } from '../analysis/diff-report.ts';
import { diffReport } from '../analysis/diff-report.ts';
import { eksFacts, type Feed } from '../analysis/eks-facts.ts';
import type { EksNotes } from '../analysis/eks-notes.ts';
import { diffPackages } from '../analysis/package-diff.ts';
import type { PackageChange, SecurityFacts } from '../analysis/types.ts';
import type { BottlerocketVariant } from '../analysis/variant-contents.ts';
import type { Notes, Unread } from './diff-notes.ts';
import type { DiffQuestion } from './diff-question.ts';

/** A comparison; `reopened` and `noneFixed` are for people, beside what `--json` prints. */
export type Comparison = {
  readonly report: DiffReport;
  /** A sentence for each release whose notes were not found or not read; such a comparison tells nothing. */
  readonly missing: readonly string[];
  /** Vulnerabilities that a backward move brings back. */
  readonly reopened: readonly string[];
  /** Advisories were read, packages were compared with them, and none of what they name is fixed. */
  readonly noneFixed: 'all' | 'checked' | undefined;
};

/** Two releases of amazon-eks-ami, for one kind of image. */
export function compareEks(
  { from, to, kubernetes: asked, type }: DiffQuestion,
  { eks, unread }: Notes,
  feed: Feed,
): Comparison {
  const notes = new Map(eks.map((one) => [one.tag, one]));
  const [before, after] = [notes.get(from), notes.get(to)];
  const kubernetes = asked ?? newestMinor(before, after) ?? 'unknown';
  const family = type.startsWith('AL2_') ? 'al2' : 'al2023';
  const facts = eksFacts({
    release: `${family}@${to}`,
    images: [{ kubernetes, amiType: type, from: `${family}@${from}`, clusters: 1 }],
    notes,
    url: '',
    feed,
  });
  const packages = diffPackages(before, after, { kubernetes, amiType: type });
  const { security, unknowns } = facts;
  const missing = withoutNotes([from, to], (release) => notes.has(release), unread);
  return {
    report: diffReport({ from, to, kubernetes, type, packages, security, missing, unknowns }),
    missing,
    reopened: security.status === 'checked' ? security.reopened : [],
    noneFixed: noneFixed(security, packages),
  };
}

/** What was not read is not known to be absent. */
function withoutNotes(
  releases: readonly string[],
  has: (release: string) => boolean,
  unread: readonly Unread[],
): readonly string[] {
  const absent = [...new Set(releases)].filter((release) => !has(release));
  const failed = unread.filter(({ release = absent[0] }) => absent.some((one) => one === release));
  const unseen = absent.filter(
    (one) => !failed.some(({ release }) => release === undefined || release === one),
  );
  return [
    ...unseen.map((release) => `No notes of ${release} were found.`),
    ...failed.map(({ sentence }) => sentence),
  ];
}

/** Nothing said where nothing was checked, and less where some packages were not. */
function noneFixed(
  security: SecurityFacts,
  packages: readonly PackageChange[],
): Comparison['noneFixed'] {
  if (security.status !== 'checked' || security.fixed.length > 0) return undefined;
  const { unchecked } = security;
  const known = packages.filter(
    ({ name, change }) => change !== 'unknown' && !unchecked.includes(name),
  );
  if (known.length === 0) return undefined;
  return unchecked.length === 0 ? 'all' : 'checked';
}

/** Minors stand newest first in the notes. */
function newestMinor(...sides: readonly (EksNotes | undefined)[]): string | undefined {
  const [first = [], ...others] = sides
    .filter((notes) => notes !== undefined)
    .map((notes) => notes.kubernetes.map(({ version }) => version));
  return first.find((version) => others.every((minors) => minors.includes(version)));
}

/** Two releases of Bottlerocket, for one variant: its packages come in kits. */
export function compareBottlerocket(
  { from, to, kubernetes = '', type }: DiffQuestion,
  { bottlerocket: notes, kitNotes, kits, unread }: Notes,
  feed: KitFeed,
): Comparison {
  const variant: BottlerocketVariant = { kubernetes, variant: variantOf(type) };
  const name = `aws-k8s-${kubernetes}${type === 'standard' ? '' : `-${type}`}`;
  const [before, after] = [`bottlerocket@${from}`, `bottlerocket@${to}`];
  const question: BottlerocketQuestion = {
    release: after,
    images: [{ kubernetes, amiType: name, from: before, clusters: 1, variant }],
    notes,
    kitNotes,
    kits,
    url: '',
    feed,
  };
  const { security, unknowns } = bottlerocketFacts(question);
  const [{ packages } = { packages: [] }] = bottlerocketPackages(question);
  const told = new Set([...notes.map(({ version }) => version), ...kits.keys()]);
  const missing = withoutNotes(
    [before, after],
    (release) => told.has(release.replace('bottlerocket@', '')),
    unread,
  );
  return {
    report: diffReport({
      from: before,
      to: after,
      kubernetes,
      type: name,
      // A kit that neither release's notes tell of is no comparison.
      packages: packages.filter(
        ({ from: old, to: now, change }) =>
          change !== 'unknown' || old !== null || now !== null || packages.some(isTold),
      ),
      security,
      missing,
      unknowns,
    }),
    missing,
    reopened: security.status === 'checked' ? security.reopened : [],
    noneFixed: noneFixed(security, packages),
  };
}

function isTold({ from, to }: PackageChange): boolean {
  return from !== null || to !== null;
}

function variantOf(type: string): BottlerocketVariant['variant'] {
  return type === 'nvidia' || type === 'fips' || type === 'nvidia-fips' ? type : 'standard';
}
