import { z } from 'zod';
import type { ReleaseId } from '../shared/ids.ts';
import { imageName, releaseOf } from './image-name.ts';
import { releaseId } from './releases.ts';
import { slotKey, slotOf } from './slot.ts';
import type { Image, ImageSlot } from './types.ts';

/** What a parameter said, or what is wrong with it. A wrong value is told and left alone: it must stop nothing else. */
export type Parsed =
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'malformed'; readonly problem: string };

/** `ami-` and 8 (before 2016) or 17 hexadecimal digits. */
export const ImageId = z.string().regex(/^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/);

const ReleaseDocument = z.object({
  image_id: ImageId,
  image_name: z.string(),
  release_version: z.string(),
});

/** Reads the JSON parent of an Amazon Linux release (`…/recommended`, or the folder named after the image). */
export function parseDocument(slot: ImageSlot, value: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    return malformed('is not JSON');
  }
  const document = ReleaseDocument.safeParse(json);
  if (!document.success) return malformed(z.prettifyError(document.error));
  const { image_id: imageId, image_name: name, release_version: releaseVersion } = document.data;
  const named = releaseOf(name);
  if (named === undefined || imageName(slot, named.release) !== name)
    return malformed(`image_name ${JSON.stringify(name.slice(0, 100))} is not of this slot`);
  const expected = `${named.release.slice(-8)}`;
  if (
    !new RegExp(`^${slot.kubernetes.replace('.', '\\.')}\\.\\d+-${expected}$`).test(releaseVersion)
  )
    return malformed(`release_version does not belong to ${named.release}`);
  return { kind: 'image', image: imageOf(slot, named.release, imageId, name, releaseVersion) };
}

/** Reads a release whose folder has leaves but no JSON parent: the id is the value, the name is the folder's. */
export function parseLeaf(slot: ImageSlot, release: ReleaseId, value: string): Parsed {
  const name = imageName(slot, release);
  if (name === undefined) return malformed(`${slot.family} has no leaves by image name`);
  if (!ImageId.safeParse(value).success) return malformed('is not an AMI id');
  return { kind: 'image', image: imageOf(slot, release, value, name) };
}

/** Reads a full Bottlerocket version (`1.62.1-5f13b929`); `undefined` when it is none. */
export function parseBottlerocketVersion(
  value: string,
): { readonly release: ReleaseId; readonly build: string } | undefined {
  const build = /-([0-9a-f]{8})$/.exec(value)?.[1];
  const release = releaseId('bottlerocket', value);
  return build === undefined || release === undefined ? undefined : { release, build };
}

/** Reads the id published under a full Bottlerocket version. */
export function parseBottlerocketId(slot: ImageSlot, version: string, value: string): Parsed {
  const parsed = parseBottlerocketVersion(version);
  if (parsed === undefined) return malformed('is not a full Bottlerocket version');
  if (!ImageId.safeParse(value).success) return malformed('is not an AMI id');
  const name = imageName(slot, parsed.release, parsed.build);
  if (name === undefined) return malformed('is not a Bottlerocket slot');
  return { kind: 'image', image: imageOf(slot, parsed.release, value, name, version) };
}

/** What an id is by its EC2 name, for families whose parameters hold only an id. */
export function parseNamed(slot: ImageSlot, imageId: string, name: string): Parsed {
  const named = releaseOf(name);
  if (named === undefined || slotKey({ ...named, region: slot.region }) !== slotKey(slot))
    return malformed(`image ${JSON.stringify(name.slice(0, 100))} is not of this slot`);
  return { kind: 'image', image: imageOf(slot, named.release, imageId, name) };
}

function imageOf(
  slot: ImageSlot,
  release: ReleaseId,
  imageId: string,
  name: string,
  releaseVersion?: string,
): Image {
  return {
    ...slotOf(slot),
    release,
    imageId,
    name,
    ...(releaseVersion !== undefined && { releaseVersion }),
  };
}

function malformed(problem: string): Parsed {
  return { kind: 'malformed', problem };
}
