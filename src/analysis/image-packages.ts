import type { EksNotes } from './eks-notes.ts';

/** A row and column of a release's notes: one kind of image. */
export type NotesSlot = {
  /** Such as `1.35`. */
  readonly kubernetes: string;
  /** EKS AMI type, such as `AL2023_x86_64_STANDARD`. */
  readonly amiType: string;
};

/**
 * Packages of one kind of image under stable names: `kernel` whatever its series is called, `kubelet` from the release
 * version, `base-image` from the source AMI. `null`: not in the image; no entry: the notes do not say.
 */
export function imagePackages(
  notes: EksNotes,
  { kubernetes, amiType }: NotesSlot,
): ReadonlyMap<string, string | null> {
  const packages = new Map<string, string | null>();
  const minor = notes.kubernetes.find(({ version }) => version === kubernetes);
  const table = Object.entries(minor?.packages ?? {}).find(([type]) => type === amiType)?.[1];
  if (minor === undefined || table === undefined) return packages;
  const kubelet = /^(\d+\.\d+\.\d+)-/.exec(minor.releaseVersion)?.[1];
  if (kubelet !== undefined) packages.set('kubelet', kubelet);
  const base = baseImage(notes, { kubernetes, amiType });
  if (base !== undefined) packages.set('base-image', base);
  for (const [name, version] of Object.entries(table)) {
    if (!isKernel(name)) packages.set(name, version);
    // Several series may have a row, only one of them a version. No image is without a kernel: all dashes say nothing.
    else if (version !== null) packages.set('kernel', version);
  }
  return packages;
}

/** The kernel's row is renamed with its series: `kernel` (6.1, 5.10), `kernel6.12`, `kernel6.18`. */
function isKernel(name: string): boolean {
  return /^kernel(\d+\.\d+)?$/.test(name);
}

/** `2023.12.20260710.0` of `al2023-ami-minimal-2023.12.20260710.0-kernel-6.12-x86_64`. */
function baseImage(notes: EksNotes, { kubernetes, amiType }: NotesSlot): string | undefined {
  const row = notes.sourceAmis.find((source) => source['amiType'] === amiType);
  if (row === undefined) return undefined;
  const column = Object.keys(row).find((heading) => isFor(heading, kubernetes));
  const name = column === undefined ? '' : (row[column] ?? '');
  return /-(\d{1,4}(?:\.\d{1,10}){2,3})-/.exec(name)?.[1];
}

/** `Source AMI Name`, or since 2026 one column a range: `Source AMI Name (K8s 1.33 – 1.35)`. */
function isFor(heading: string, kubernetes: string): boolean {
  if (heading === 'Source AMI Name') return true;
  const [, first, last = first] =
    /^Source AMI Name \(K8s 1\.(\d+)(?: *[–-] *1\.(\d+))?\)$/.exec(heading) ?? [];
  const minor = Number(kubernetes.split('.')[1]);
  return first !== undefined && minor >= Number(first) && minor <= Number(last);
}
