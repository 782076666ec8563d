import { DescribeImagesCommand, EC2Client, paginateDescribeImages } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { madeUpImageId } from '../../../src/sandbox/aws/publication.ts';
import type { StoredImage } from '../../../src/sandbox/aws/world.ts';
import { day } from '../../../src/shared/time.ts';
import { july, noon, startForTest } from './start-for-test.ts';

const id = madeUpImageId('eu-west-1', 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714');

const golden = (part: Partial<StoredImage>): StoredImage => ({
  imageId: 'ami-0c1a551ca11ab0001',
  name: 'acme-eks-al2023-x86_64-1.35-20260716-0412',
  architecture: 'x86_64',
  ownerId: '111122223333',
  isPublic: false,
  state: 'available',
  createdAt: noon - 30 * day,
  tags: { 'golden-ami/channel': 'stable' },
  ...part,
});

test('a published image is described with the words of EC2', async () => {
  const { aws, client } = await startForTest();
  aws.publish(july);
  const ec2 = new EC2Client(client());
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  expect(Images).toEqual([
    expect.objectContaining({
      ImageId: id,
      Name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
      ImageOwnerAlias: 'amazon',
      OwnerId: '602401143452',
      Architecture: 'x86_64',
      CreationDate: '2026-07-14T12:00:00.000Z',
      DeprecationTime: '2028-07-13T12:00:00.000Z',
      Public: true,
      State: 'available',
    }),
  ]);
});

test('one unknown id fails the whole call, and so does a malformed one; a filter finds the rest', async () => {
  const { aws, client } = await startForTest();
  aws.publish(july);
  const ec2 = new EC2Client(client());
  const unknown = 'ami-0deadbeef00000000';
  await expect(
    ec2.send(new DescribeImagesCommand({ ImageIds: [id, unknown] })),
  ).rejects.toMatchObject({
    name: 'InvalidAMIID.NotFound',
    message: `The image id '[${unknown}]' does not exist`,
  });
  await expect(
    ec2.send(new DescribeImagesCommand({ ImageIds: ['ami-xyz'] })),
  ).rejects.toMatchObject({ name: 'InvalidAMIID.Malformed' });
  const Filters = [{ Name: 'image-id', Values: [id, unknown, 'ami-xyz'] }];
  const { Images } = await ec2.send(new DescribeImagesCommand({ Filters }));
  expect(Images).toHaveLength(1);
  const elsewhere = new EC2Client(client('us-east-1'));
  expect((await elsewhere.send(new DescribeImagesCommand({ Filters }))).Images ?? []).toEqual([]);
});

test('a deprecated image of others is hidden unless asked for, a disabled one too', async () => {
  const { aws, client } = await startForTest();
  aws.publish(july);
  const ec2 = new EC2Client(client());
  const Filters = [{ Name: 'image-id', Values: [id] }];
  const count = async (more: object) =>
    (await ec2.send(new DescribeImagesCommand({ Filters, ...more }))).Images?.length ?? 0;
  expect(aws.deprecate({ nameEndsWith: '-v20260714' })).toBe(5);
  expect(await count({})).toBe(0);
  expect(await count({ IncludeDeprecated: true })).toBe(1);
  aws.setImageState('eu-west-1', id, 'disabled');
  expect(await count({ IncludeDeprecated: true })).toBe(0);
  expect(await count({ IncludeDeprecated: true, IncludeDisabled: true })).toBe(1);
});

test('own images are found by tag, name with wildcard and owner; tags of others are invisible', async () => {
  const { aws, client } = await startForTest();
  aws.publish(july);
  aws.putImage('eu-west-1', golden({}));
  aws.putImage(
    'eu-west-1',
    golden({ imageId: 'ami-0c1a551ca11ab0002', ownerId: '999900001111', isPublic: true }),
  );
  aws.putImage('eu-west-1', golden({ imageId: 'ami-0c1a551ca11ab0003', ownerId: '999900001111' }));
  const ec2 = new EC2Client(client());
  const ids = async (input: object) =>
    (await ec2.send(new DescribeImagesCommand(input))).Images?.map(({ ImageId }) => ImageId) ?? [];
  const tag = { Name: 'tag:golden-ami/channel', Values: ['st*'] };
  expect(await ids({ Filters: [tag] })).toEqual(['ami-0c1a551ca11ab0001']);
  expect(await ids({ Owners: ['self'] })).toEqual(['ami-0c1a551ca11ab0001']);
  const name = { Name: 'name', Values: ['acme-eks-*-1.35-????????-*'] };
  expect(await ids({ Filters: [name] })).toEqual([
    'ami-0c1a551ca11ab0001',
    'ami-0c1a551ca11ab0002',
  ]);
  expect(await ids({ Owners: ['amazon'], Filters: [name] })).toEqual([]);
  const owned = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  expect(owned.Images?.[0]?.Tags).toEqual([{ Key: 'golden-ami/channel', Value: 'stable' }]);
});

test('an unknown filter and too many values are refused; pages go on until there is no token', async () => {
  const { aws, client } = await startForTest();
  aws.publish(july);
  const ec2 = new EC2Client(client());
  const ask = (Name: string, Values: string[]) =>
    ec2.send(new DescribeImagesCommand({ Filters: [{ Name, Values }] }));
  await expect(ask('colour', ['red'])).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  const many = Array.from({ length: 201 }, () => id);
  await expect(ask('image-id', many)).rejects.toMatchObject({ name: 'FilterLimitExceeded' });
  const sizes: number[] = [];
  for await (const page of paginateDescribeImages({ client: ec2, pageSize: 2 }, {}))
    sizes.push(page.Images?.length ?? 0);
  expect(sizes).toEqual([2, 2, 1]);
});
