import { sha256 } from '../../shared/canonical.ts';
import type { Instant } from '../../shared/time.ts';

// The paths are spelled here a second time on purpose: if the service read them from the same code, a wrong one would
// work in the sandbox and nowhere else. Source: the reference of SSM paths, checked against recorded samples.

/** What the publisher of a family does on one day. */
export type Publication = {
  readonly family:
    | 'al2023'
    | 'al2'
    | 'bottlerocket'
    | 'windows2019'
    | 'windows2022'
    | 'windows2025';
  /** `v20260714`; `1.62.1` for Bottlerocket; `2026.04.18` for Windows. */
  readonly release: string;
  /** Kubernetes minors, such as `1.35`. */
  readonly minors: readonly string[];
  readonly architectures: readonly ('x86_64' | 'arm64')[];
  readonly variants: readonly string[];
  readonly regions: readonly string[];
  /** When `recommended` moves; the versioned parameters exist some minutes and the EC2 image a day before. */
  readonly at: Instant;
  /** Kubelet patch in `release_version` by minor; absent: 6. */
  readonly patches?: Readonly<Record<string, number>>;
  /** False: published under its version only, as before it is promoted. Default true. */
  readonly recommend?: boolean;
};

/** Which of a release's images. */
export type Place = {
  readonly kubernetes: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly variant: string;
};

const eksAccount = '602401143452';
const windowsAccount = '801119661308';
const bottlerocketAccount = '092701018921';

export type Plan = {
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly isWindows: boolean;
  readonly recommended: string;
  /** Folders that hold this release for good. */
  readonly versioned: readonly string[];
  /** `leaf` is appended to the folder; leaves are written one after another, `lagMs` after the first. */
  leaves(imageId: string): readonly {
    readonly leaf: string;
    readonly value: string;
    readonly lagMs: number;
  }[];
};

/** Where a release of a slot is published, and what is written there; `undefined` when nobody builds it. */
export function planOf(
  { family, release, patches }: Pick<Publication, 'family' | 'release' | 'patches'>,
  { kubernetes, architecture, variant }: Place,
): Plan | undefined {
  const minor = Number(kubernetes.slice(2));
  if (family === 'al2023' || family === 'al2') {
    const gpu = variant === 'nvidia' || variant === 'neuron';
    if (variant !== 'standard' && !gpu) return undefined;
    if (architecture === 'arm64' && (variant === 'neuron' || (family === 'al2' && gpu)))
      return undefined;
    if (family === 'al2' && minor >= 33) return undefined;
    const al2Kind = gpu ? 'gpu' : architecture === 'arm64' ? 'arm64' : '';
    const root = `/aws/service/eks/optimized-ami/${kubernetes}`;
    const folder =
      family === 'al2023'
        ? `${root}/amazon-linux-2023/${architecture}/${variant}`
        : `${root}/amazon-linux-2${al2Kind && `-${al2Kind}`}`;
    const name =
      family === 'al2023'
        ? `amazon-eks-node-al2023-${architecture}-${variant}-${kubernetes}-${release}`
        : `amazon-eks-${al2Kind && `${al2Kind}-`}node-${kubernetes}-${release}`;
    const version = `${kubernetes}.${patches?.[kubernetes] ?? 6}-${release.slice(1)}`;
    return {
      name,
      description: `EKS-optimized Kubernetes node based on Amazon Linux, (k8s: ${version.split('-')[0]}, containerd: 2.*)`,
      ownerId: eksAccount,
      isWindows: false,
      recommended: `${folder}/recommended`,
      versioned: [`${folder}/${name}`],
      leaves: (imageId) => [
        {
          leaf: '',
          value: JSON.stringify({
            schema_version: '2',
            image_id: imageId,
            image_name: name,
            release_version: version,
          }),
          lagMs: 0,
        },
        { leaf: '/image_id', value: imageId, lagMs: 512 },
        { leaf: '/image_name', value: name, lagMs: 943 },
        { leaf: '/release_version', value: version, lagMs: 1_331 },
      ],
    };
  }
  if (family === 'bottlerocket') {
    const isKnown = ['standard', 'nvidia', 'fips', 'nvidia-fips'].includes(variant);
    if (!isKnown || (variant === 'nvidia-fips' && minor < 35)) return undefined;
    const plain = release.replace(/^v/, '');
    const full = `${plain}-${sha256(`bottlerocket ${plain}`).slice(0, 8)}`;
    const flavored = `aws-k8s-${kubernetes}${variant === 'standard' ? '' : `-${variant}`}`;
    const folder = `/aws/service/bottlerocket/${flavored}/${architecture}`;
    return {
      name: `bottlerocket-${flavored}-${architecture}-v${full}`,
      description: `Bottlerocket OS ${plain} for ${flavored}`,
      ownerId: bottlerocketAccount,
      isWindows: false,
      recommended: `${folder}/latest`,
      versioned: [`${folder}/${plain}`, `${folder}/${full}`],
      leaves: (imageId) => [
        { leaf: '/image_id', value: imageId, lagMs: 0 },
        { leaf: '/image_version', value: full, lagMs: 221 },
      ],
    };
  }
  if (architecture === 'arm64' || variant !== 'standard') return undefined;
  if (family === 'windows2025' && minor < 35) return undefined;
  const product = `Windows_Server-${family.slice('windows'.length)}-English-Core-EKS_Optimized-${kubernetes}`;
  return {
    name: `${product}-${release}`,
    description: 'Microsoft Windows Server Core optimized for Amazon EKS',
    ownerId: windowsAccount,
    isWindows: true,
    recommended: `/aws/service/ami-windows-latest/${product}`,
    versioned: [],
    leaves: (imageId) => [{ leaf: '/image_id', value: imageId, lagMs: 0 }],
  };
}
