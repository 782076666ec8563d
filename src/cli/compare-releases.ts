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
import type { PackageChange } from '../analysis/types.ts';
import type { BottlerocketVariant } from '../analysis/variant-contents.ts';
import type { Notes } from './diff-notes.ts';
import type { DiffQuestion } from './diff-question.ts';

/** A comparison; `reopened` is for people, beside what `--json` prints. */
export type Comparison = {
  readonly report: DiffReport;
  /** Vulnerabilities that a backward move brings back. */
  readonly reopened: readonly string[];
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
  return {
    report: diffReport({
      from,
      to,
      kubernetes,
      type,
      packages,
      security,
      unknowns: [...unread, ...unknowns],
    }),
    reopened: security.status === 'checked' ? security.reopened : [],
  };
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
      unknowns: [...unread, ...unknowns],
    }),
    reopened: security.status === 'checked' ? security.reopened : [],
  };
}

function isTold({ from, to }: PackageChange): boolean {
  return from !== null || to !== null;
}

function variantOf(type: string): BottlerocketVariant['variant'] {
  return type === 'nvidia' || type === 'fips' || type === 'nvidia-fips' ? type : 'standard';
}
