import type { KitName } from './bottlerocket-advisory.ts';
import { variantHas } from './bottlerocket-variant.ts';
import type { KitRelease } from './kit-notes.ts';
import type { KitStatement } from './kit-statement.ts';
import { covers, historyOf, isBetween, type Told, versionAt } from './kit-versions.ts';
import { changeOf } from './package-diff.ts';
import type { PackageChange } from './types.ts';
import { type BottlerocketVariant, contentsAt, type VariantContents } from './variant-contents.ts';

/** Two releases of Bottlerocket, and one kit in each of them. */
export type KitMove = {
  readonly variant: BottlerocketVariant;
  /** Such as `1.49.0` and `1.50.0`. */
  readonly releases: readonly [from: string, to: string];
  readonly kit: KitName;
  readonly kits: readonly [from: string, to: string];
};

/** Packages that moved or whose version is known, and sentences on what is not. */
export type KitPackages = {
  readonly packages: readonly PackageChange[];
  readonly unknowns: readonly string[];
  /** Updated, but no version is told on either side. */
  readonly untold: readonly string[];
  /** Updated, and nobody knows whether the variant has them. */
  readonly doubtful: readonly string[];
};

/** A package that we always speak of, under a name without its series. */
type Line = {
  readonly row: string;
  readonly kit: KitName;
  /** How the kit calls it; the part of the variant's contents tells the series. */
  readonly prefix: string;
  readonly part?: keyof VariantContents;
};

const lines: readonly Line[] = [
  { row: 'kernel', kit: 'bottlerocket-kernel-kit', prefix: 'kernel-', part: 'kernel' },
  { row: 'kmod-nvidia', kit: 'bottlerocket-kernel-kit', prefix: 'kmod-nvidia-r', part: 'nvidia' },
  { row: 'containerd', kit: 'bottlerocket-core-kit', prefix: 'containerd-', part: 'containerd' },
  { row: 'kubelet', kit: 'bottlerocket-core-kit', prefix: 'kubernetes-' },
  { row: 'runc', kit: 'bottlerocket-core-kit', prefix: 'runc' },
  { row: 'systemd', kit: 'bottlerocket-core-kit', prefix: 'systemd-', part: 'systemd' },
];

/** What the changelog of a kit tells of a variant's packages between two of its releases, all in between included. */
export function kitPackages(releases: readonly KitRelease[], move: KitMove): KitPackages {
  const [from, to] = move.kits;
  if (!covers(releases, from, to)) {
    const missing = from === to ? from : `${from} to ${to}`;
    return {
      packages: [],
      unknowns: [
        `${move.kit}: its notes of ${missing} are not all there, so its packages were not compared.`,
      ],
      untold: [],
      doubtful: [],
    };
  }
  const ours = lines.filter(
    ({ kit, row }) =>
      kit === move.kit && (row !== 'kmod-nvidia' || move.variant.variant.startsWith('nvidia')),
  );
  const always = ours.map((line) => lineMove(releases, move, line));
  const others = othersIn(releases, move);
  return {
    packages: [...always.flatMap(({ change }) => change ?? []), ...others.packages],
    unknowns: always.flatMap(({ unknown }) => unknown ?? []),
    untold: others.untold,
    doubtful: others.doubtful,
  };
}

type LineMove = {
  readonly change?: PackageChange | undefined;
  readonly unknown?: string | undefined;
};

function lineMove(releases: readonly KitRelease[], move: KitMove, line: Line): LineMove {
  const { row } = line;
  const dark: PackageChange = { name: row, from: null, to: null, change: 'unknown' };
  const sides = move.releases.map((release) => seriesOf(line, move.variant, release));
  const [before, after] = sides;
  if (before === undefined || after === undefined) {
    if (row === 'systemd') return {};
    return { change: dark, unknown: `${row}: which line of it the image has is not known.` };
  }
  const names = [`${line.prefix}${before}`, `${line.prefix}${after}`] as const;
  const told = changeTold(releases, move, names);
  // Another line of it is a move, also where nobody tells the exact versions.
  const { from = stepped(sides, 0), to = stepped(sides, 1), mentions } = told;
  const change = moved(row, from, to, mentions);
  if (change !== undefined) return { change, unknown: unknownOf(change, mentions) };
  if (row === 'systemd') return {};
  const silent = `${row}: the notes of its kit name no update of it, and no version.`;
  // Every image has a kernel: its absence from the table would read as if nothing were to say.
  return { unknown: silent, ...(row === 'kernel' ? { change: dark } : {}) };
}

function seriesOf(line: Line, variant: BottlerocketVariant, release: string): string | undefined {
  if (line.row === 'kubelet') return variant.kubernetes;
  return line.part === undefined ? '' : contentsAt(variant, release)[line.part];
}

function stepped(sides: readonly (string | undefined)[], index: 0 | 1): string | undefined {
  return sides[0] === sides[1] ? undefined : sides[index];
}

function changeTold(
  releases: readonly KitRelease[],
  { kits: [from, to] }: KitMove,
  [before, after]: readonly [string, string],
): { readonly from?: string; readonly to?: string; readonly mentions: readonly Told[] } {
  const [had, has] = [historyOf(releases, before), historyOf(releases, after)];
  const [old, now] = [versionAt(had, from), versionAt(has, to)];
  const all = before === after ? has : [...had, ...has];
  return {
    ...(old === undefined ? {} : { from: old }),
    ...(now === undefined ? {} : { to: now }),
    mentions: all.filter((one) => isBetween(one.kit, from, to) && touches(one)),
  };
}

function touches({ did }: KitStatement): boolean {
  return did === 'updated' || did === 'patched';
}

/** Nothing when it was neither named nor has a version that is known. A patch to the same version is a patch. */
function moved(
  name: string,
  from: string | undefined,
  to: string | undefined,
  mentions: readonly Told[],
): PackageChange | undefined {
  const change = changeOf(name, from, to);
  if (change === undefined) {
    return mentions.length === 0 ? undefined : { name, from: null, to: null, change: 'unknown' };
  }
  return change.change === 'unchanged' && mentions.length > 0
    ? { ...change, change: 'patch' }
    : change;
}

function unknownOf(
  { name, from, to, change }: PackageChange,
  mentions: readonly Told[],
): string | undefined {
  if (change !== 'unknown') return undefined;
  if (to !== null) return `${name}: the notes do not say what it was before.`;
  if (from !== null) return `${name}: the notes do not say what it is now.`;
  const did = mentions.some((one) => one.did === 'updated') ? 'updated' : 'patched';
  return `${name}: the notes say that it was ${did}, but no version.`;
}

/** The rest of what a kit updated: a row where a version is told, a name where none is. */
function othersIn(
  releases: readonly KitRelease[],
  move: KitMove,
): Pick<KitPackages, 'packages' | 'untold' | 'doubtful'> {
  const [from, to] = move.kits;
  const packages: PackageChange[] = [];
  const [untold, doubtful] = [new Set<string>(), new Set<string>()];
  const inRange = releases.filter(({ version }) => isBetween(version, from, to));
  const names = inRange.flatMap(({ statements }) =>
    statements.filter(touches).map(({ name }) => name),
  );
  for (const name of new Set(names)) {
    if (lines.some(({ prefix }) => name === prefix || isOf(name, prefix))) continue;
    const has = variantHas(name, move.variant, move.releases);
    if (has === false) continue;
    const told = changeTold(releases, move, [name, name]);
    const change = moved(name, told.from, told.to, told.mentions);
    if (has === undefined) doubtful.add(name);
    else if (change === undefined || (change.from === null && change.to === null)) untold.add(name);
    else packages.push(change);
  }
  return { packages, untold: [...untold], doubtful: [...doubtful] };
}

/** A line of a package that we speak of, whether or not the variant has that one: `containerd-1.7`, `kubernetes`. */
function isOf(name: string, prefix: string): boolean {
  return prefix.endsWith('-') || prefix.endsWith('-r')
    ? name.startsWith(prefix) || name === prefix.replace(/-r?$/, '')
    : false;
}
