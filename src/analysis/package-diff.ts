import type { EksNotes } from './eks-notes.ts';
import { imagePackages, type NotesSlot } from './image-packages.ts';
import { compareEvr, evrOf } from './rpm-version.ts';
import type { Change, PackageChange } from './types.ts';

/** A package move, and the release in between that brought the present line of it, where one is known. */
export type DatedChange = PackageChange & {
  /** Tag of the first release from which on the package was never of an older line than now. */
  readonly since?: string;
};

/**
 * What changes for one kind of image, from the release that runs to the offered one, by name. What is in neither image is
 * left out; what only one side's notes mention is `unknown`, and so is a kernel that neither mentions: every image has one.
 * @param from notes of the running release; `undefined` when there are none.
 * @param between notes of the releases in between, in any order; only used to say which of them brought a new line.
 */
export function diffPackages(
  from: EksNotes | undefined,
  to: EksNotes | undefined,
  slot: NotesSlot,
  between: readonly EksNotes[] = [],
): readonly DatedChange[] {
  const before = from === undefined ? new Map() : imagePackages(from, slot);
  const after = to === undefined ? new Map() : imagePackages(to, slot);
  const names = new Set([...before.keys(), ...after.keys()]);
  if (names.size > 0) names.add('kernel');
  return [...names].sort().flatMap((name): readonly DatedChange[] => {
    const change =
      changeOf(name, before.get(name), after.get(name)) ??
      (name === 'kernel' ? { name, from: null, to: null, change: 'unknown' } : undefined);
    if (change === undefined) return [];
    const since = to === undefined ? undefined : broughtBy(change, to, slot, between);
    return [since === undefined ? change : { ...change, since }];
  });
}

/** How one package moved; `undefined` (not told) is not `null` (not there). Nothing when neither image has it. */
export function changeOf(
  name: string,
  from: string | null | undefined,
  to: string | null | undefined,
): PackageChange | undefined {
  const row = { name, from: from ?? null, to: to ?? null };
  if (from === undefined || to === undefined) {
    return from === to ? undefined : { ...row, change: 'unknown' };
  }
  if (from === null) return to === null ? undefined : { ...row, change: 'added' };
  if (to === null) return { ...row, change: 'removed' };
  return { ...row, change: changeOfVersions(name, from, to) };
}

function changeOfVersions(name: string, from: string, to: string): Change {
  if (from === to) return 'unchanged';
  const order = compareEvr(evrOf(to), evrOf(from));
  if (order < 0) return 'downgrade';
  if (seriesOf(name, from) !== seriesOf(name, to)) return 'series';
  const minor = (version: string) => numbersOf(version).slice(0, 2).join('.');
  return name === 'kernel' || isDriver(name) || minor(from) === minor(to) ? 'patch' : 'minor';
}

/** The line a version belongs to: two numbers of a kernel (6.12), the branch of a driver (580), else the first number. */
export function seriesOf(name: string, version: string): string {
  return numbersOf(version)
    .slice(0, name === 'kernel' ? 2 : 1)
    .join('.');
}

/** Two numbers for people: `2.1` of `2.1.4-1.eks.amzn2023`; of a driver its branch. */
export function lineOf(name: string, version: string): string {
  return isDriver(name) ? seriesOf(name, version) : numbersOf(version).slice(0, 2).join('.');
}

/** NVIDIA's kernel modules and driver, whose first number is a branch with a support life of its own. */
export function isDriver(name: string): boolean {
  return /^kmod-.*nvidia|^nvidia-driver-/.test(name);
}

function numbersOf(version: string): readonly string[] {
  return evrOf(version).version.match(/\d+/g) ?? [];
}

function broughtBy(
  { name, from, to: version, change }: PackageChange,
  to: EksNotes,
  slot: NotesSlot,
  between: readonly EksNotes[],
): string | undefined {
  if (from === null || version === null || !['series', 'minor', 'downgrade'].includes(change)) {
    return undefined;
  }
  let since = to.tag;
  for (const notes of between.toSorted((a, b) => (a.tag < b.tag ? 1 : -1))) {
    const then = imagePackages(notes, slot).get(name);
    if (then === undefined || then === null) return undefined; // somewhere in the dark: say nothing
    if (lineOf(name, then) !== lineOf(name, version)) break;
    since = notes.tag;
  }
  return since;
}
