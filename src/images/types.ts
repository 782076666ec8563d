import type { ReleaseId } from '../shared/ids.ts';

/** Architecture as SSM spells it; Kubernetes says `amd64` for `x86_64`. */
export type Architecture = 'x86_64' | 'arm64';

/** The flavours of AL2023 (`standard`, `nvidia`, `neuron`) and Bottlerocket (`standard`, `nvidia`, `fips`, `nvidia-fips`). */
export type Variant = 'standard' | 'nvidia' | 'neuron' | 'fips' | 'nvidia-fips';

/** Families whose releases Amiable knows how to order and look up. */
export type Family =
  | 'al2023'
  | 'al2'
  | 'bottlerocket'
  | 'windows2019'
  | 'windows2022'
  | 'windows2025'
  | 'ubuntu'
  | 'custom';

/** What one image is, apart from its release: the row and column of a release's table. */
export type ImageSlot = {
  readonly family: Family;
  readonly region: string;
  /** Kubernetes minor of the control plane, such as `1.35`. */
  readonly kubernetes: string;
  readonly architecture: Architecture;
  readonly variant: Variant;
  /**
   * What tells apart images that share everything else: Ubuntu's product and series (`eks/24.04`), Windows' `Full`
   * edition, the name of a line of custom images. Absent where the family has one line.
   */
  readonly line?: string;
};

/** One image: the AMI a release has for a slot. */
export type Image = ImageSlot & {
  readonly release: ReleaseId;
  /** `ami-…`, valid in `region` only. */
  readonly imageId: string;
  /** EC2 name, such as `amazon-eks-node-al2023-x86_64-standard-1.35-v20260714`. */
  readonly name: string;
  /** `release_version` of the EKS parameters, such as `1.35.6-20260714`; absent where the family has none. */
  readonly releaseVersion?: string;
};
