import { ReleaseId } from '../shared/ids.ts';
import type { Family } from './types.ts';

/** Families as people list them. A release of `custom` images stands under the name of their line: `acme@20261118`. */
const families = [
  'al2023',
  'al2',
  'bottlerocket',
  'windows2019',
  'windows2022',
  'windows2025',
  'ubuntu',
  'custom',
] as const satisfies readonly Family[];

const spelling: Readonly<Record<Exclude<Family, 'custom'>, RegExp>> = {
  al2023: /^v\d{8}$/,
  al2: /^v\d{8}$/,
  // the build commit (`-5f13b929`) names a build of the release, not another release
  bottlerocket: /^v?(\d+\.\d+\.\d+)(?:-[0-9a-f]{8})?$/,
  // the vendor's own pages spell the date both ways
  windows2019: /^\d{4}[.-]\d{2}[.-]\d{2}$/,
  windows2022: /^\d{4}[.-]\d{2}[.-]\d{2}$/,
  windows2025: /^\d{4}[.-]\d{2}[.-]\d{2}$/,
  ubuntu: /^\d{2}\.\d{2}\.\d{8}(?:\.\d+)?$/,
};

/**
 * One version of a family as we spell it everywhere: `al2023@v20260714`, `bottlerocket@1.62.1` (no `v`, no build
 * commit), `windows2022@2026.04.18`, `ubuntu@24.04.20260711` (series, then serial).
 * @returns `undefined` when the text is no version of that family; `custom` has none of its own: see `customRelease`.
 */
export function releaseId(family: Family, version: string): ReleaseId | undefined {
  if (family === 'custom') return undefined;
  const match = spelling[family].exec(version);
  if (match === null) return undefined;
  const dated = family === 'al2023' || family === 'al2';
  if (dated && !isDate(version.slice(1))) return undefined;
  const plain = match[1] ?? version;
  return ReleaseId.parse(
    `${family}@${family.startsWith('windows') ? plain.replaceAll('-', '.') : plain}`,
  );
}

/** A release of a line of custom images: the line's name, then numbers with dots between them. */
export function customRelease(line: string, version: string): ReleaseId | undefined {
  const isTaken = families.some((family) => family === line);
  const id = ReleaseId.safeParse(`${line}@${version}`);
  return isTaken || !id.success ? undefined : id.data;
}

/** The family in front of the `@`; any other name there is that of a line of custom images. */
export function familyOf(release: ReleaseId): Family {
  const name = release.slice(0, release.indexOf('@'));
  return families.find((family) => family === name) ?? 'custom';
}

/**
 * Releases that follow one another: what a pin may move along. One for each family, but for Ubuntu one for each series
 * (`ubuntu@24.04`), and for custom images one for each line.
 */
export function trainOf(release: ReleaseId): string {
  const name = release.slice(0, release.indexOf('@'));
  return name === 'ubuntu' ? `ubuntu@${versionOf(release).split('.', 2).join('.')}` : name;
}

/** What stands after the `@`, as it is spelled there. */
export function versionOf(release: ReleaseId): string {
  return release.slice(release.indexOf('@') + 1);
}

/**
 * Orders releases, older first; 0 means the same release, with or without a `v`. Only meaningful within one family;
 * across families it is the order of their names, so that any list can be sorted.
 */
export function compareReleases(a: ReleaseId, b: ReleaseId): number {
  const [familyA, familyB] = [a.slice(0, a.indexOf('@')), b.slice(0, b.indexOf('@'))];
  if (familyA !== familyB) return familyA < familyB ? -1 : 1;
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const order = compareDigits(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** `v1.50.0` → `1`, `50`, `0`: a part that is absent counts as zero. */
function numbersOf(release: ReleaseId): readonly string[] {
  return versionOf(release).replace(/^v/, '').split('.');
}

/** As text, because a version of any length must not lose digits to floating point. */
function compareDigits(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  if (left.length !== right.length) return left.length < right.length ? -1 : 1;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function isDate(digits: string): boolean {
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso);
}
