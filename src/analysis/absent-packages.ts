import { oneLine } from '../shared/text.ts';
import { mentions } from './claim-check.ts';
import { packageNames } from './package-words.ts';
import type { Analysis, Fact, PackageMove } from './types.ts';

/** More names than these in one question nobody answers one by one. */
const mostNamed = 4;

/** What a question about a change ends on: `what changed in the nginx package?` */
const lastNamed =
  /\b(?:chang|mov|updat|upgrad|patch|fix)[a-z]* (?:in|of|to|with|for) (?:the )?([a-z][a-z0-9.+_-]{2,60}?)(?: package)?[?.!\s]*$/;

/** What people ask about that is no package. */
const noPackages = new Set(
  `kubernetes eks aws amiable this that these those here there them our your detail details general total short brief summary
  english release releases image images node nodes cluster clusters rollout production prod staging dev package packages
  version versions software security cves cve drivers driver everything anything`.split(/\s+/),
);

type Compared = {
  readonly packages: readonly Pick<PackageMove, 'name'>[];
  /** How many more were compared and not kept. */
  readonly left: Pick<Analysis['left'], 'packages'>;
};

/**
 * The packages that a question names and that were not compared, each as a fact (`A`): without it an answer about the
 * others reads as if nothing had changed in these. A name that another fact of ours has is left to that one.
 * @param analysis absent: nothing was compared.
 * @param facts all that the question is answered from.
 */
export function absentPackages(
  question: string,
  analysis: Compared | undefined,
  facts: readonly Fact[],
): readonly Fact[] {
  const { packages, left } = analysis ?? { packages: [], left: { packages: 0 } };
  const asked = oneLine(question).toLowerCase();
  const last = lastNamed.exec(asked)?.[1];
  const names = [...new Set([...packageNames(asked), ...(last === undefined ? [] : [last])])];
  const ours = facts.filter(({ untrusted }) => untrusted !== true).map(({ text }) => text);
  return names
    .filter((name) => !noPackages.has(name) && !isNamed(name, packages, ours))
    .slice(0, mostNamed)
    .map((name, index) => ({
      id: `A${index + 1}`,
      text: sentence(name, packages.length, left.packages),
    }));
}

/** `kernel6.12` is about the kernel, and `nvidia` about `kmod-nvidia-latest-dkms`. */
function isNamed(name: string, packages: Compared['packages'], ours: readonly string[]): boolean {
  return (
    packages.some((one) => name.startsWith(one.name)) ||
    ours.some((text) => mentions(text.toLowerCase(), name))
  );
}

function sentence(name: string, kept: number, left: number): string {
  if (kept === 0) return `${name} was not compared: no packages were.`;
  if (left === 0) return `${name} is not among the packages compared.`;
  return `${name} is not among the packages on record, and ${left} more were compared.`;
}
