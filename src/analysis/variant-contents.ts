import { rpmvercmp } from './rpm-version.ts';

/** One variant of Bottlerocket for EKS, and what its nodes say they run where somebody looked. */
export type BottlerocketVariant = {
  /** Such as `1.34`. */
  readonly kubernetes: string;
  readonly variant: 'standard' | 'nvidia' | 'fips' | 'nvidia-fips';
  /** Two numbers, of a Node's `kernelVersion`; beats our table. */
  readonly kernel?: string;
  /** Two numbers, of a Node's `containerRuntimeVersion`; beats our table. */
  readonly containerd?: string;
};

/** Lines of what a variant is built with: two numbers, of NVIDIA's driver its branch. Absent: we do not know. */
export type VariantContents = {
  readonly kernel?: string;
  readonly containerd?: string;
  readonly nvidia?: string;
  /** One number. */
  readonly systemd?: string;
};

type Kind = BottlerocketVariant['variant'];
type Row = {
  /** First minor, and the last one (inclusive). */
  readonly minors: readonly [number, number];
  readonly kinds: readonly Kind[];
  /** First release of Bottlerocket for which it is so, and the first for which it no longer is. */
  readonly since?: string;
  readonly until?: string;
} & VariantContents;

const plain: readonly Kind[] = ['standard', 'nvidia'];
const ordinary: readonly Kind[] = [...plain, 'fips'];
const gpu: readonly Kind[] = ['nvidia', 'nvidia-fips'];
const every: readonly Kind[] = [...ordinary, 'nvidia-fips'];

/**
 * What the notes of Bottlerocket say its variants are built with: 1.33 in v1.39.0 (with FIPS on kernel 6.1), 1.34 in
 * v1.47.0, 1.35 in v1.53.0, 1.36 in v1.61.0, 1.37 in v1.66.0; R570 for the older ones in v1.38.0 and R580 for all in
 * v1.53.0; containerd 2.2 for all that had 2.1 in v1.64.0. Of older minors it is the variants' own package lists. 1.33
 * left containerd 2.0 between v1.50.0 and v1.53.0, and 1.37 chooses its driver at boot: of these nothing is said.
 */
const table: readonly Row[] = [
  { minors: [28, 32], kinds: ordinary, kernel: '6.1', containerd: '1.7' },
  { minors: [28, 32], kinds: ['nvidia'], since: '1.38.0', until: '1.53.0', nvidia: '570' },
  { minors: [33, 33], kinds: plain, kernel: '6.12' },
  { minors: [33, 33], kinds: ['fips'], kernel: '6.1' },
  { minors: [33, 33], kinds: ordinary, since: '1.39.0', until: '1.51.0', containerd: '2.0' },
  { minors: [33, 35], kinds: every, since: '1.53.0', until: '1.64.0', containerd: '2.1' },
  { minors: [34, 34], kinds: every, since: '1.47.0', until: '1.53.0', containerd: '2.1' },
  { minors: [34, 34], kinds: gpu, since: '1.47.0', until: '1.53.0', nvidia: '580' },
  { minors: [33, 35], kinds: every, since: '1.64.0', containerd: '2.2' },
  { minors: [34, 35], kinds: every, kernel: '6.12' },
  { minors: [28, 36], kinds: gpu, since: '1.53.0', nvidia: '580' },
  { minors: [36, 36], kinds: plain, kernel: '6.18' },
  { minors: [36, 36], kinds: ['fips', 'nvidia-fips'], kernel: '6.12' },
  { minors: [36, 36], kinds: every, containerd: '2.2' },
  { minors: [28, 33], kinds: ordinary, systemd: '252' },
  { minors: [34, 35], kinds: every, systemd: '257' },
  { minors: [37, 37], kinds: every, kernel: '6.18', containerd: '2.3' },
];

/** What a variant is built with in a release such as `1.50.0`. What its nodes were seen to run beats the table. */
export function contentsAt(variant: BottlerocketVariant, release: string): VariantContents {
  const minor = Number(variant.kubernetes.split('.')[1]);
  const found: { -readonly [Part in keyof VariantContents]: VariantContents[Part] } = {};
  for (const { minors, kinds, since, until, ...contents } of table) {
    if (minor < minors[0] || minor > minors[1] || !kinds.includes(variant.variant)) continue;
    if (since !== undefined && rpmvercmp(release, since) < 0) continue;
    if (until !== undefined && rpmvercmp(release, until) >= 0) continue;
    Object.assign(found, contents);
  }
  return {
    ...found,
    ...(variant.kernel === undefined ? {} : { kernel: variant.kernel }),
    ...(variant.containerd === undefined ? {} : { containerd: variant.containerd }),
  };
}

const introduced: readonly (readonly [string, string])[] = [
  ['1.37', '1.66.0'],
  ['1.36', '1.61.0'],
  ['1.35', '1.53.0'],
  ['1.34', '1.47.0'],
  ['1.33', '1.39.0'],
  ['1.32', '1.30.0'],
];

/** The newest minor that both releases have a variant for; of releases older than we know of, 1.31. */
export function newestVariantOf(releases: readonly string[]): string {
  const found = introduced.find(([, since]) =>
    releases.every((release) => rpmvercmp(release, since) >= 0),
  );
  return found?.[0] ?? '1.31';
}
