import type { ReleaseId } from '../shared/ids.ts';
import { al2Kind, flavor, imageName } from './image-name.ts';
import { versionOf } from './releases.ts';
import { whyNeverBuilt } from './slot.ts';
import type { Architecture, ImageSlot } from './types.ts';

/** How the image of a slot is found among the public SSM parameters. */
export type Lookup =
  /** One JSON value holds id, name and version; `imageId` is its first leaf, where only leaves are published. */
  | { readonly by: 'document'; readonly parameter: string; readonly imageId: string }
  /**
   * Two leaves of one folder, the full version and the id. A reading can straddle a publication: unless both were written
   * together, the id under that very version is what counts.
   */
  | { readonly by: 'version'; readonly imageVersion: string; readonly imageId: string }
  /** An id and nothing else; what it is, EC2 knows. */
  | { readonly by: 'image-id'; readonly parameter: string }
  | { readonly by: 'nothing'; readonly reason: string };

/** Where AWS says which image a slot should use now. */
export function recommendedLookup(slot: ImageSlot): Lookup {
  const never = whyNeverBuilt(slot);
  if (never !== undefined) return { by: 'nothing', reason: never };
  switch (slot.family) {
    case 'al2023':
    case 'al2':
      return document(`${amazonLinuxFolder(slot)}/recommended`);
    case 'bottlerocket':
      return bottlerocketLookup(slot, 'latest');
    case 'windows2019':
    case 'windows2022':
    case 'windows2025':
      return { by: 'image-id', parameter: windowsParameter(slot, editionOf(slot)) };
    case 'ubuntu':
      return ubuntuLookup(slot);
    case 'custom':
      return { by: 'nothing', reason: 'custom images have no public parameter' };
  }
}

/** Where the image that a given release has for a slot is published, for good. */
export function releaseLookup(slot: ImageSlot, release: ReleaseId): Lookup {
  const never = whyNeverBuilt(slot);
  if (never !== undefined) return { by: 'nothing', reason: never };
  switch (slot.family) {
    case 'al2023':
    case 'al2':
      // keyed by image name, never by release_version
      return document(`${amazonLinuxFolder(slot)}/${imageName(slot, release)}`);
    case 'bottlerocket':
      return bottlerocketLookup(slot, versionOf(release));
    case 'windows2019':
    case 'windows2022':
    case 'windows2025':
      // only the newest is published: whether it is this release, its name says
      return { by: 'image-id', parameter: windowsParameter(slot, editionOf(slot)) };
    case 'ubuntu':
      return ubuntuLookup(slot, versionOf(release).split('.').slice(2).join('.'));
    case 'custom':
      return { by: 'nothing', reason: 'custom images have no public parameter' };
  }
}

/** `version`: `latest`, `1.62.1` or `1.62.1-5f13b929`; a leading `v` is trimmed, as Karpenter does. */
export function bottlerocketParameter(
  { kubernetes, variant, architecture }: Omit<ImageSlot, 'region' | 'family'>,
  version: string,
  leaf: 'image_id' | 'image_version',
): string {
  const folder = `aws-k8s-${kubernetes}${flavor(variant)}`;
  return `/aws/service/bottlerocket/${folder}/${architecture}/${version.replace(/^v/, '')}/${leaf}`;
}

/** The newest image of a Windows edition; there is no versioned path. */
export function windowsParameter(
  { family, kubernetes }: Pick<ImageSlot, 'family' | 'kubernetes'>,
  edition: 'Core' | 'Full',
): string {
  const year = family.slice('windows'.length);
  return `/aws/service/ami-windows-latest/Windows_Server-${year}-English-${edition}-EKS_Optimized-${kubernetes}/image_id`;
}

/** Canonical's images. Source of the minors each series has: eksctl. */
export function ubuntuParameter({
  product,
  series,
  kubernetes,
  architecture,
  serial = 'current',
}: {
  readonly product: 'eks' | 'eks-pro';
  readonly series: UbuntuSeries;
  readonly kubernetes: string;
  readonly architecture: Architecture;
  /** A day such as `20260711`; absent: the newest. */
  readonly serial?: string;
}): string {
  const disk = series === '20.04' || series === '22.04' ? 'ebs-gp2' : 'ebs-gp3';
  const cpu = architecture === 'x86_64' ? 'amd64' : 'arm64';
  return `/aws/service/canonical/ubuntu/${product}/${series}/${kubernetes}/stable/${serial}/${cpu}/hvm/${disk}/ami-id`;
}

function editionOf({ line }: ImageSlot): 'Core' | 'Full' {
  return line === 'Full' ? 'Full' : 'Core';
}

function ubuntuLookup({ line, kubernetes, architecture }: ImageSlot, serial?: string): Lookup {
  const [product, series] = line?.split('/') ?? [];
  if ((product !== 'eks' && product !== 'eks-pro') || !isSeries(series))
    return { by: 'nothing', reason: 'an Ubuntu parameter also needs product and series' };
  const parameter = ubuntuParameter({
    product,
    series,
    kubernetes,
    architecture,
    ...(serial !== undefined && { serial }),
  });
  return { by: 'image-id', parameter };
}

const ubuntuSeries = ['20.04', '22.04', '24.04', '26.04'] as const;
type UbuntuSeries = (typeof ubuntuSeries)[number];

function isSeries(text: string | undefined): text is UbuntuSeries {
  return ubuntuSeries.some((series) => series === text);
}

function amazonLinuxFolder(slot: ImageSlot): string {
  const root = `/aws/service/eks/optimized-ami/${slot.kubernetes}`;
  if (slot.family === 'al2023')
    return `${root}/amazon-linux-2023/${slot.architecture}/${slot.variant}`;
  const kind = al2Kind(slot);
  return `${root}/amazon-linux-2${kind === '' ? '' : `-${kind.slice(0, -1)}`}`;
}

function bottlerocketLookup(slot: ImageSlot, version: string): Lookup {
  return {
    by: 'version',
    imageVersion: bottlerocketParameter(slot, version, 'image_version'),
    imageId: bottlerocketParameter(slot, version, 'image_id'),
  };
}

function document(parameter: string): Lookup {
  return { by: 'document', parameter, imageId: `${parameter}/image_id` };
}
