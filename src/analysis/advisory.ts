import { compareEvr, type Evr, evrOf } from './rpm-version.ts';
import type { Severity } from './types.ts';

/** A security advisory, whichever feed it came from. */
export type Advisory = {
  /** `ALAS2023-2025-…`, `BRSA-…`, formerly `GHSA-…` for Bottlerocket. */
  readonly id: string;
  readonly severity: Severity;
  /** `CVE-…` and `GHSA-…`; empty for end-of-life advisories and bundled updates. */
  readonly cves: readonly string[];
  /** From which version on a package is no longer vulnerable; each package and version once, whatever its architectures. */
  readonly products: readonly { readonly package: string; readonly fixedIn: string }[];
  /** Page for people; absent where the feed has none that we link to. */
  readonly url?: string;
  /** The package was removed from the image: nothing is patched. */
  readonly endOfLife?: true;
  /** Kit and version that brought it; Bottlerocket's source form only. */
  readonly kit?: { readonly name: string; readonly version: string };
};

/** The feeds' words in four. Amazon Linux says Important for high; Bottlerocket says moderate and medium for the same. */
export function severityOf(word: string): Severity {
  switch (word.trim().toLowerCase()) {
    case 'critical':
      return 'critical';
    case 'important':
    case 'high':
      return 'high';
    case 'medium':
    case 'moderate':
      return 'medium';
    case 'low':
      return 'low';
    default:
      return 'unknown';
  }
}

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'unknown'];

/** Worst first. */
export function bySeverity(a: Severity, b: Severity): number {
  return order.indexOf(a) - order.indexOf(b);
}

/** Whether it can be named as a vulnerability at all; feeds are outsiders' text too. */
export function isVulnerabilityId(text: string): boolean {
  return /^CVE-\d{4}-\d{4,7}$|^GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}$/.test(text);
}

/** Page of an advisory, from its id alone; `undefined` for ids of no known feed. */
export function advisoryUrl(id: string, kit?: Advisory['kit']): string | undefined {
  if (/^ALAS2023-\d{4}-\d{1,6}$/.test(id)) return `https://alas.aws.amazon.com/AL2023/${id}.html`;
  if (/^BRSA-[0-9a-z]{8,12}$/.test(id) && kit !== undefined) {
    const repository = `https://github.com/bottlerocket-os/${kit.name}`;
    return `${repository}/blob/develop/advisories/${kit.version}/${id}.toml`;
  }
  return undefined;
}

type Entry = { readonly advisory: Advisory; readonly fixedIn: string; readonly evr: Evr };

/** Products of advisories by package name, oldest fix first: what a move passed is a range of them. */
export type AdvisoryIndex = ReadonlyMap<string, readonly Entry[]>;

/** Epochs are left out, since versions in image notes have none. */
export function indexAdvisories(advisories: Iterable<Advisory>): AdvisoryIndex {
  const index = new Map<string, Entry[]>();
  for (const advisory of advisories) {
    for (const { package: name, fixedIn } of advisory.products) {
      const entries = index.get(name) ?? [];
      entries.push({ advisory, fixedIn, evr: withoutEpoch(evrOf(fixedIn)) });
      index.set(name, entries);
    }
  }
  for (const entries of index.values()) {
    entries.sort((a, b) => compareEvr(a.evr, b.evr) || a.evr.release.length - b.evr.release.length);
  }
  return index;
}

/** Entries that `version` does not have yet: a tail of the package's entries. */
export function fixedAfter(index: AdvisoryIndex, name: string, version: string): readonly Entry[] {
  const entries = index.get(name) ?? [];
  const evr = withoutEpoch(evrOf(version));
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && compareEvr(entry.evr, evr) > 0) high = middle;
    else low = middle + 1;
  }
  return entries.slice(low);
}

function withoutEpoch(evr: Evr): Evr {
  return { ...evr, epoch: '0' };
}
