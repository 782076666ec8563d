import type { KitName } from './bottlerocket-advisory.ts';
import type { KitVersions } from './bottlerocket-notes.ts';
import type { KitChangelogs } from './kit-notes.ts';
import { kitPackages } from './kit-packages.ts';
import { changeOf } from './package-diff.ts';
import type { PackageChange } from './types.ts';
import type { BottlerocketVariant } from './variant-contents.ts';

/** What moves in one variant of Bottlerocket: its kits, and what their notes tell of the packages in them. */
export type BottlerocketPackages = {
  readonly kits: readonly PackageChange[];
  /** The kits and the packages in them, by name. */
  readonly packages: readonly PackageChange[];
  readonly unknowns: readonly string[];
};

const kitNames: readonly KitName[] = ['bottlerocket-core-kit', 'bottlerocket-kernel-kit'];

/** So many packages are named in one sentence; the rest are counted. */
const mostNamed = 12;

/** Compares the kits of two releases, and the packages in them, for one variant. */
export function packagesInKits(
  changelogs: KitChangelogs,
  {
    variant,
    releases,
    kits: [had, has],
  }: {
    readonly variant: BottlerocketVariant;
    /** Such as `1.49.0` and `1.50.0`. */
    readonly releases: readonly [from: string, to: string];
    readonly kits: readonly [from: KitVersions, to: KitVersions];
  },
): BottlerocketPackages {
  const kits = kitNames.map(
    (name): PackageChange =>
      changeOf(name, had[name], has[name]) ?? { name, from: null, to: null, change: 'unknown' },
  );
  const inside = kitNames.map((kit) => {
    const [from, to, notes] = [had[kit], has[kit], changelogs[kit]];
    if (from === undefined || to === undefined) return undefined;
    return notes.status === 'unavailable'
      ? `Which packages moved inside ${kit} was not checked: ${notes.reason}`
      : kitPackages(notes.releases, { variant, releases, kit, kits: [from, to] });
  });
  const told = inside.filter((one) => typeof one === 'object');
  const names = (pick: (one: (typeof told)[number]) => readonly string[]) =>
    [...new Set(told.flatMap(pick))].sort();
  const untold = names((one) => one.untold);
  const doubtful = names((one) => one.doubtful);
  return {
    kits,
    packages: [...kits, ...told.flatMap(({ packages }) => packages)].sort((a, b) =>
      a.name < b.name ? -1 : Number(a.name > b.name),
    ),
    unknowns: [
      ...kits
        .filter(({ change }) => change === 'unknown')
        .map(({ name }) => `${name}: the notes do not say which version a release was built from.`),
      ...inside.filter((one) => typeof one === 'string'),
      ...told.flatMap(({ unknowns }) => unknowns),
      ...(untold.length === 0
        ? []
        : [`Updated to versions that no notes tell: ${listed(untold)}.`]),
      ...(doubtful.length === 0
        ? []
        : [`Updated in the kits, if the image has them at all: ${listed(doubtful)}.`]),
    ],
  };
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
