import type { ReleaseId } from '../shared/ids.ts';
import { releaseId, versionOf } from './releases.ts';
import type { Architecture, Family, ImageSlot, Variant } from './types.ts';

/**
 * What an EC2 image name says; an AMI id alone says nothing. `line` is `Full` for that edition of Windows, of which
 * Karpenter supports Core alone, and product and series (`eks/24.04`) for Ubuntu.
 */
export type NamedRelease = Omit<ImageSlot, 'region'> & {
  readonly release: ReleaseId;
  /** Bottlerocket's build commit, eight hexadecimal digits. */
  readonly build?: string;
};

/**
 * The EC2 name of a release's image. Bottlerocket's needs `build`.
 * @returns `undefined` for families whose names we never have to spell (Windows, Ubuntu, custom).
 */
export function imageName(
  slot: Omit<ImageSlot, 'region'>,
  release: ReleaseId,
  build?: string,
): string | undefined {
  const { family, kubernetes, architecture, variant } = slot;
  const version = versionOf(release);
  switch (family) {
    case 'al2023':
      return `amazon-eks-node-al2023-${architecture}-${variant}-${kubernetes}-${version}`;
    case 'al2':
      return `amazon-eks-${al2Kind(slot)}node-${kubernetes}-${version}`;
    case 'bottlerocket':
      return build === undefined
        ? undefined
        : `bottlerocket-aws-k8s-${kubernetes}${flavor(variant)}-${architecture}-v${version}-${build}`;
    case 'windows2019':
    case 'windows2022':
    case 'windows2025':
    case 'ubuntu':
    case 'custom':
      return undefined;
  }
}

/**
 * Reads an EC2 image name back.
 * @returns `undefined` when it is no EKS node image that AWS, Bottlerocket or Canonical publishes: a custom image.
 */
export function releaseOf(name: string): NamedRelease | undefined {
  for (const reader of readers) {
    const found = reader(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Part of Bottlerocket's variant name after the Kubernetes minor: `-nvidia-fips`; empty for the plain one. */
export function flavor(variant: Variant): string {
  return variant === 'standard' ? '' : `-${variant}`;
}

/** Amazon Linux 2 names its three images `node`, `arm64-node` and `gpu-node`; the last serves nvidia and neuron. */
export function al2Kind({ architecture, variant }: Pick<ImageSlot, 'architecture' | 'variant'>) {
  if (variant !== 'standard') return 'gpu-';
  return architecture === 'arm64' ? 'arm64-' : '';
}

const readers: readonly ((name: string) => NamedRelease | undefined)[] = [
  (name) => {
    const [, architecture, variant, kubernetes, version] =
      /^amazon-eks-node-al2023-(x86_64|arm64)-(standard|nvidia|neuron)-(1\.\d+)-(v\d+)$/.exec(
        name,
      ) ?? [];
    return named('al2023', { architecture, variant, kubernetes, version });
  },
  (name) => {
    const [, kind, kubernetes, version] =
      /^amazon-eks-(arm64-|gpu-)?node-(1\.\d+)-(v\d+)$/.exec(name) ?? [];
    const architecture = kind === 'arm64-' ? 'arm64' : 'x86_64';
    const variant = kind === 'gpu-' ? 'nvidia' : 'standard';
    return named('al2', { architecture, variant, kubernetes, version });
  },
  (name) => {
    const [, kubernetes, nvidia, fips, architecture, version, build] =
      /^bottlerocket-aws-k8s-(1\.\d+)(-nvidia)?(-fips)?-(x86_64|aarch64|arm64)-v([\d.]+)-([0-9a-f]{8})$/.exec(
        name,
      ) ?? [];
    const variant = `${nvidia ?? ''}${fips ?? ''}`.slice(1) || 'standard';
    const found = named('bottlerocket', {
      // older names say aarch64
      architecture: architecture === 'aarch64' ? 'arm64' : architecture,
      variant,
      kubernetes,
      version,
    });
    return found === undefined || build === undefined ? undefined : { ...found, build };
  },
  (name) => {
    const [, year, edition, kubernetes, version] =
      /^Windows_Server-(2019|2022|2025)-English-(Core|Full)-EKS_Optimized-(1\.\d+)-([\d.-]+)$/.exec(
        name,
      ) ?? [];
    const family = windowsFamily(year);
    if (family === undefined) return undefined;
    const found = named(family, {
      architecture: 'x86_64',
      variant: 'standard',
      kubernetes,
      version,
    });
    return found && (edition === 'Full' ? { ...found, line: 'Full' } : found);
  },
  (name) => {
    const [, product, kubernetes, series, architecture, serial] =
      /^ubuntu-(eks(?:-pro)?)\/k8s_(1\.\d+)\/images\/hvm-ssd(?:-gp3)?\/ubuntu-[a-z]+-(\d{2}\.\d{2})-(amd64|arm64)-server-(\d{8}(?:\.\d+)?)$/.exec(
        name,
      ) ?? [];
    const found = named('ubuntu', {
      architecture: architecture === 'amd64' ? 'x86_64' : architecture,
      variant: 'standard',
      kubernetes,
      version: serial === undefined ? undefined : `${series}.${serial}`,
    });
    return found && { ...found, line: `${product}/${series}` };
  },
];

function windowsFamily(year: string | undefined): Family | undefined {
  if (year === '2019') return 'windows2019';
  if (year === '2022') return 'windows2022';
  return year === '2025' ? 'windows2025' : undefined;
}

type Captured = Readonly<
  Record<'architecture' | 'variant' | 'kubernetes' | 'version', string | undefined>
>;

function named(family: Family, captured: Captured): NamedRelease | undefined {
  const { architecture, variant, kubernetes, version } = captured;
  if (kubernetes === undefined || version === undefined) return undefined;
  const release = releaseId(family, version);
  if (release === undefined || !isArchitecture(architecture) || !isVariant(variant))
    return undefined;
  return { family, release, kubernetes, architecture, variant };
}

function isArchitecture(text: string | undefined): text is Architecture {
  return text === 'x86_64' || text === 'arm64';
}

function isVariant(text: string | undefined): text is Variant {
  return ['standard', 'nvidia', 'neuron', 'fips', 'nvidia-fips'].includes(text ?? '');
}
