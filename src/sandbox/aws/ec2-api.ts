import { ApiError } from './api-error.ts';
import type { Answer, Call, Context } from './call.ts';
import { describeImages } from './ec2-images.ts';
import { describeReservations, describeSubnets } from './ec2-room.ts';
import { element } from './encode-answer.ts';
import type { StoredImage } from './world.ts';

/** EC2, describing images and what is left for more nodes, by query and XML. */
export function ec2Api(
  { world, account, clock }: Context,
  { operation, region, form }: Call,
): Answer {
  if (operation === 'DescribeSubnets')
    return { xml: describeSubnets(world, region, filtersOf(form)) };
  if (operation === 'DescribeCapacityReservations')
    return { xml: describeReservations(world, region, listOf(form, 'CapacityReservationId')) };
  if (operation !== 'DescribeImages')
    throw new ApiError(
      'InvalidAction',
      `The action ${operation} is not valid for this web service.`,
    );
  const isTrue = (name: string) => form.get(name) === 'true';
  const images = describeImages(
    world,
    { region, account, now: clock.now() },
    {
      imageIds: listOf(form, 'ImageId'),
      owners: listOf(form, 'Owner'),
      filters: filtersOf(form),
      includeDeprecated: isTrue('IncludeDeprecated'),
      includeDisabled: isTrue('IncludeDisabled'),
    },
  );
  const size = Number(form.get('MaxResults') ?? images.length);
  if (!Number.isInteger(size) || size < 0)
    throw new ApiError('InvalidParameterValue', 'Value for parameter maxResults is invalid.');
  const token = form.get('NextToken') ?? '';
  const offset = token === '' ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(offset))
    throw new ApiError('InvalidParameterValue', 'Invalid value for parameter nextToken.');
  const end = offset + Math.max(1, size);
  const items = images.slice(offset, end).map((image) => `<item>${xmlOf(image, account)}</item>`);
  const next = end < images.length ? Buffer.from(String(end)).toString('base64') : undefined;
  return { xml: `<imagesSet>${items.join('')}</imagesSet>${element('nextToken', next)}` };
}

/** `ImageId.1=…&ImageId.2=…` */
function listOf(form: URLSearchParams, name: string): readonly string[] {
  const values: string[] = [];
  for (let i = 1; form.has(`${name}.${i}`); i += 1) values.push(form.get(`${name}.${i}`) ?? '');
  return values;
}

function filtersOf(form: URLSearchParams) {
  const filters: { name: string; values: readonly string[] }[] = [];
  for (let i = 1; form.has(`Filter.${i}.Name`); i += 1)
    filters.push({
      name: form.get(`Filter.${i}.Name`) ?? '',
      values: listOf(form, `Filter.${i}.Value`),
    });
  return filters;
}

function xmlOf(image: StoredImage, account: string): string {
  const tags = image.ownerId === account ? Object.entries(image.tags) : [];
  const isoMs = (at: number | undefined) =>
    at === undefined ? undefined : new Date(at).toISOString();
  const tagSet = tags
    .map(([key, value]) => `<item>${element('key', key)}${element('value', value)}</item>`)
    .join('');
  return [
    element('imageId', image.imageId),
    element('imageLocation', `${image.ownerAlias ?? image.ownerId}/${image.name}`),
    element('imageState', image.state),
    element('imageOwnerId', image.ownerId),
    element('imageOwnerAlias', image.ownerAlias),
    element('creationDate', isoMs(image.createdAt)),
    element('deprecationTime', isoMs(image.deprecatedAt)),
    element('isPublic', image.isPublic),
    element('architecture', image.architecture),
    element('imageType', 'machine'),
    element('platform', image.platform),
    element('name', image.name),
    element('description', image.description),
    element('rootDeviceType', 'ebs'),
    element('rootDeviceName', '/dev/xvda'),
    element('virtualizationType', 'hvm'),
    tagSet === '' ? '' : `<tagSet>${tagSet}</tagSet>`,
  ].join('');
}
