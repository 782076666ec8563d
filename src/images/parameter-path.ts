import type { ReleaseId } from '../shared/ids.ts';
import { releaseOf } from './image-name.ts';
import { bottlerocketParameter, releaseLookup } from './parameters.ts';
import { releaseId } from './releases.ts';
import type { Architecture, Image, ImageSlot, Variant } from './types.ts';

/** What the name of a public SSM parameter says of the one image whose id it holds. */
export type NamedParameter = {
  readonly release: ReleaseId;
  readonly image: Omit<ImageSlot, 'region' | 'line'>;
  /** Of an ARN: Karpenter asks in its own region, so the parameter must be one of that. */
  readonly region?: string;
};

const arn = /^arn:aws(?:-cn|-us-gov)?:ssm:([a-z0-9-]+)::parameter(?=\/)/;
const bottlerocket =
  /^\/aws\/service\/bottlerocket\/aws-k8s-(1\.\d{1,3})(-nvidia)?(-fips)?\/(x86_64|arm64)\/(\d+\.\d+\.\d+(?:-[0-9a-f]{8})?)\/image_id$/;
const amazonLinux = /^\/aws\/service\/eks\/optimized-ami\/.*\/([^/]+)\/image_id$/;

/**
 * Reads the name or ARN of a versioned public parameter.
 * @returns `undefined` for any other: one that follows publications, one's own, or one whose folder and image name differ.
 */
export function readParameterPath(value: string): NamedParameter | undefined {
  const [prefix = '', region] = arn.exec(value) ?? [];
  const name = value.slice(prefix.length);
  const found = bottlerocketOf(name) ?? amazonLinuxOf(name);
  return found && (region === undefined ? found : { ...found, region });
}

/**
 * The parameter that holds an image's id for good, spelled as another one of its family is: with its ARN, and for
 * Bottlerocket with the build commit exactly where that has one.
 * @returns `undefined` when `like` names no release, or when the image has no such parameter.
 */
export function parameterOf(image: Image, like: string): string | undefined {
  const before = readParameterPath(like);
  if (before === undefined || before.image.family !== image.family) return undefined;
  const [prefix = ''] = arn.exec(like) ?? [];
  if (image.family === 'bottlerocket') {
    const isFull = /-[0-9a-f]{8}\/image_id$/.test(like);
    const version = isFull ? image.releaseVersion : image.release.slice('bottlerocket@'.length);
    return version === undefined
      ? undefined
      : `${prefix}${bottlerocketParameter(image, version, 'image_id')}`;
  }
  const lookup = releaseLookup(image, image.release);
  return lookup.by === 'document' ? `${prefix}${lookup.imageId}` : undefined;
}

/** What a literal says that names one image by itself: its EC2 name, or the parameter that holds its id. */
export function imageNamed(
  value: string,
): { readonly release: ReleaseId; readonly image: Omit<ImageSlot, 'region'> } | undefined {
  const named = releaseOf(value);
  if (named === undefined) return readParameterPath(value);
  const { release, build: _, ...image } = named;
  return { release, image };
}

function bottlerocketOf(name: string): NamedParameter | undefined {
  const [, kubernetes, nvidia, fips, architecture, version] = bottlerocket.exec(name) ?? [];
  if (kubernetes === undefined || version === undefined) return undefined;
  const release = releaseId('bottlerocket', version);
  if (release === undefined) return undefined;
  const flavors = [nvidia, fips].flatMap((one) => one?.slice(1) ?? []).join('-');
  const variant = (flavors === '' ? 'standard' : flavors) as Variant;
  return {
    release,
    image: {
      family: 'bottlerocket',
      kubernetes,
      architecture: architecture as Architecture,
      variant,
    },
  };
}

/** Its folder is named after the image, which says everything; the folders above must say the same. */
function amazonLinuxOf(name: string): NamedParameter | undefined {
  const named = releaseOf(amazonLinux.exec(name)?.[1] ?? '');
  if (named === undefined || (named.family !== 'al2023' && named.family !== 'al2'))
    return undefined;
  const { release, family, kubernetes, architecture, variant } = named;
  const image = { family, kubernetes, architecture, variant };
  // The region is no part of a parameter's name.
  const lookup = releaseLookup({ ...image, region: '' }, release);
  return lookup.by === 'document' && lookup.imageId === name ? { release, image } : undefined;
}
