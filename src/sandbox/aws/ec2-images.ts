import type { Instant } from '../../shared/time.ts';
import { ApiError } from './api-error.ts';
import type { StoredImage, World } from './world.ts';

/** What DescribeImages can be asked. */
export type ImageQuestion = {
  readonly imageIds?: readonly string[];
  readonly owners?: readonly string[];
  readonly filters?: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly includeDeprecated?: boolean;
  readonly includeDisabled?: boolean;
};

/**
 * The images of a region that answer a question, for one account.
 * @throws ApiError as EC2 does: one malformed or unknown id among `imageIds` fails the whole call; a filter that finds
 * nothing does not.
 */
export function describeImages(
  world: World,
  { region, account, now }: { region: string; account: string; now: Instant },
  question: ImageQuestion,
): readonly StoredImage[] {
  const { imageIds = [], owners = [], filters = [] } = question;
  const values = filters.reduce((sum, filter) => sum + filter.values.length, 0);
  if (values > 200)
    throw new ApiError(
      'FilterLimitExceeded',
      'The maximum number of filter values specified on a single call is 200',
    );
  const visible = Object.values(world.images[region] ?? {}).filter(
    (image) => image.createdAt <= now && (image.isPublic || image.ownerId === account),
  );
  for (const id of imageIds) assertWellFormed(id);
  const unknown = imageIds.filter((id) => !visible.some(({ imageId }) => imageId === id));
  if (unknown.length > 0)
    throw new ApiError(
      'InvalidAMIID.NotFound',
      unknown.length === 1
        ? `The image id '[${unknown[0]}]' does not exist`
        : `The image ids '[${unknown.join(', ')}]' do not exist`,
    );
  return visible.filter((image) => {
    const isAsked = imageIds.includes(image.imageId);
    if (imageIds.length > 0 && !isAsked) return false;
    const isOwn = image.ownerId === account;
    const isDeprecated = image.deprecatedAt !== undefined && image.deprecatedAt <= now;
    if (isDeprecated && !isOwn && !isAsked && question.includeDeprecated !== true) return false;
    if (image.state === 'disabled' && question.includeDisabled !== true) return false;
    if (owners.length > 0 && !owners.some((owner) => isOwner(owner, image, account))) return false;
    return filters.every((filter) => passes(filter, image, account));
  });
}

function assertWellFormed(id: string): void {
  if (!/^ami-[0-9a-f]+$/.test(id))
    throw new ApiError('InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`);
}

function isOwner(owner: string, image: StoredImage, account: string): boolean {
  if (owner === 'self') return image.ownerId === account;
  return owner === image.ownerId || owner === image.ownerAlias;
}

function passes(
  { name, values }: { readonly name: string; readonly values: readonly string[] },
  image: StoredImage,
  account: string,
): boolean {
  const found = filterValues(name, image, account);
  if (found === undefined)
    throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return values.some((pattern) => found.some((value) => matches(pattern, value)));
}

function filterValues(
  filter: string,
  image: StoredImage,
  account: string,
): readonly string[] | undefined {
  // tags are seen by the account that set them, and by nobody else
  const tags = image.ownerId === account ? image.tags : {};
  if (filter.startsWith('tag:')) {
    const value = tags[filter.slice('tag:'.length)];
    return value === undefined ? [] : [value];
  }
  switch (filter) {
    case 'name':
      return [image.name];
    case 'image-id':
      return [image.imageId];
    case 'architecture':
      return [image.architecture];
    case 'state':
      return [image.state];
    case 'owner-id':
      return [image.ownerId];
    case 'owner-alias':
      return image.ownerAlias === undefined ? [] : [image.ownerAlias];
    case 'is-public':
      return [String(image.isPublic)];
    case 'creation-date':
      return [new Date(image.createdAt).toISOString()];
    case 'tag-key':
      return Object.keys(tags);
    default:
      return undefined;
  }
}

/** `*` stands for any text and `?` for one character, as in all EC2 filters. */
function matches(pattern: string, value: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(value);
}
