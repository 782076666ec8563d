import { type Advisory, type AdvisoryIndex, bySeverity, fixedAfter } from './advisory.ts';
import { variantHas } from './bottlerocket-variant.ts';
import { seriesOf } from './package-diff.ts';
import { rpmvercmp } from './rpm-version.ts';
import type { CveFixed, PackageMove, SecurityFacts, Severity } from './types.ts';
import type { BottlerocketVariant } from './variant-contents.ts';

type Found = CveFixed & { readonly images: readonly number[] };

/** What one join found; several are put together by `securityFacts`. */
export type Joined = {
  readonly fixed: readonly Found[];
  /** Ids that a backward move brings back. */
  readonly reopened: readonly string[];
  readonly unchecked: readonly string[];
};

/** Packages that Amazon Linux itself builds, so that its advisories cover them; the others come from elsewhere. */
const amazonLinuxPackages = new Set(['kernel', 'containerd', 'runc', 'amazon-ssm-agent']);

/** Names under which ALAS knows the packages that we compare: for `parseUpdateinfo`. */
export const alasPackages: ReadonlySet<string> = new Set([
  ...amazonLinuxPackages,
  'kernel6.12',
  'kernel6.18',
]);

/**
 * What package moves fix: the version was below the advisory's and no longer is. The severity is the advisory's, which is
 * that of the worst of its CVEs.
 */
export function fixedByMoves(moves: readonly PackageMove[], index: AdvisoryIndex): Joined {
  const fixed: Found[] = [];
  const reopened = new Set<string>();
  const unchecked = new Set<string>();
  for (const { name, from, to, change, images } of moves) {
    if (change === 'unchanged' || change === 'added' || change === 'removed') continue;
    if (from === null || to === null || !amazonLinuxPackages.has(name)) {
      if (name !== 'kubelet' && name !== 'base-image') unchecked.add(name);
      continue;
    }
    const [before, after] = [alasName(name, from), alasName(name, to)];
    if (!alasPackages.has(before) || !alasPackages.has(after)) {
      unchecked.add(name); // a series that no advisory was kept of: none found would not be none
      continue;
    }
    const wasOpen = fixedAfter(index, before, from);
    const isOpen = fixedAfter(index, after, to);
    // An advisory that came again with a later version says that the first fix was not all of it.
    const stillOpen = new Set(isOpen.flatMap(({ advisory }) => idsOf(advisory)));
    const isFixed = ({ id }: Found) => !stillOpen.has(id);
    if (before === after) {
      const passed = wasOpen.slice(0, Math.max(0, wasOpen.length - isOpen.length));
      const lost = isOpen.slice(0, Math.max(0, isOpen.length - wasOpen.length));
      for (const { advisory, fixedIn } of passed) {
        fixed.push(...foundIn(advisory, name, fixedIn, images).filter(isFixed));
      }
      for (const id of lost.flatMap(({ advisory }) => idsOf(advisory))) reopened.add(id);
      continue;
    }
    // Another series is another package: only what its own advisories name as fixed is known to be fixed in it.
    const open = new Set(wasOpen.flatMap(({ advisory }) => idsOf(advisory)));
    const all = index.get(after) ?? [];
    for (const { advisory, fixedIn } of all.slice(0, all.length - isOpen.length)) {
      for (const found of foundIn(advisory, name, fixedIn, images).filter(isFixed)) {
        if (open.delete(found.id)) fixed.push(found);
      }
    }
    if (open.size > 0) unchecked.add(name);
  }
  return { fixed, reopened: [...reopened], unchecked: [...unchecked] };
}

/** AL2023 calls a later kernel `kernel6.12`; its first series, and AL2's only, is just `kernel`. */
function alasName(name: string, version: string): string {
  if (name !== 'kernel') return name;
  const series = seriesOf(name, version);
  return rpmvercmp(series, '6.12') >= 0 ? `kernel${series}` : 'kernel';
}

/** A range of kit versions: after `from`, up to and with `to`. */
export type KitRange = { readonly kit: string; readonly from: string; readonly to: string };

/** What newer kits fix in one variant of Bottlerocket. End-of-life advisories fix nothing. */
export function fixedByKits(
  ranges: readonly KitRange[],
  advisories: Iterable<Advisory>,
  {
    variant,
    releases,
    image,
  }: {
    readonly variant: BottlerocketVariant;
    /** From and to: a package that is only in one of them was not fixed but replaced, so it stays unchecked. */
    readonly releases: readonly [from: string, to: string];
    /** Its index. */
    readonly image: number;
  },
): Joined {
  const fixed: Found[] = [];
  const unchecked = new Set<string>();
  for (const advisory of advisories) {
    if (advisory.endOfLife === true || !ranges.some((range) => isWithin(advisory, range))) continue;
    for (const { package: name, fixedIn } of advisory.products) {
      const has = variantHas(name, variant, releases);
      if (has === undefined) unchecked.add(name);
      else if (has) fixed.push(...foundIn(advisory, name, fixedIn, [image]));
    }
  }
  return { fixed, reopened: [], unchecked: [...unchecked] };
}

function isWithin({ kit }: Advisory, range: KitRange): boolean {
  return (
    kit?.name === range.kit &&
    rpmvercmp(kit.version, range.from) > 0 &&
    rpmvercmp(kit.version, range.to) <= 0
  );
}

/** Puts joins together: one entry per vulnerability and package, worst first, and each vulnerability counted once. */
export function securityFacts(
  joins: readonly Joined[],
  exploited: ReadonlySet<string> = new Set(),
): Extract<SecurityFacts, { status: 'checked' }> {
  const found = new Map<string, Found>();
  for (const one of joins.flatMap(({ fixed }) => fixed)) {
    const key = `${one.id} ${one.package}`;
    const known = found.get(key);
    const images = [...new Set([...(known?.images ?? []), ...one.images])].sort((a, b) => a - b);
    const worst =
      known !== undefined && bySeverity(known.severity, one.severity) <= 0 ? known : one;
    found.set(key, {
      ...worst,
      images,
      ...(exploited.has(one.id) ? { exploited: true as const } : {}),
    });
  }
  const fixed = [...found.values()].sort(
    (a, b) =>
      Number(b.exploited ?? false) - Number(a.exploited ?? false) ||
      bySeverity(a.severity, b.severity) ||
      (a.id < b.id ? 1 : -1),
  );
  const worstOf = new Map<string, Severity>();
  for (const { id, severity } of fixed) {
    const known = worstOf.get(id);
    if (known === undefined || bySeverity(severity, known) < 0) worstOf.set(id, severity);
  }
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const severity of worstOf.values()) counts[severity] += 1;
  const join = (pick: (joined: Joined) => readonly string[]) =>
    [...new Set(joins.flatMap(pick))].sort();
  return {
    status: 'checked',
    counts,
    fixed,
    reopened: join(({ reopened }) => reopened),
    unchecked: join(({ unchecked }) => unchecked),
  };
}

function idsOf({ id, cves }: Advisory): readonly string[] {
  return cves.length === 0 ? [id] : cves;
}

function foundIn(
  advisory: Advisory,
  name: string,
  fixedIn: string,
  images: readonly number[],
): readonly Found[] {
  return idsOf(advisory).map((id) => ({
    id,
    severity: advisory.severity,
    package: name,
    fixedIn,
    advisory: advisory.id,
    ...(advisory.url === undefined ? {} : { url: advisory.url }),
    images,
  }));
}
