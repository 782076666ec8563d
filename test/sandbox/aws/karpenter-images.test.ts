import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { day, second } from '../../../src/shared/time.ts';
import { july, noon, startForTest } from './start-for-test.ts';

const classFile = '../shared/reference/data/karpenter/ec2nodeclass-ready.json';
const asked = { region: 'eu-west-1', kubernetes: '1.35' };
const alias = (text: string) => [{ alias: text }];

test('an alias becomes one image for each architecture and variant, with their requirements', async () => {
  const { aws } = await startForTest();
  aws.publish(july);
  const amis = aws.resolve({ ...asked, terms: alias('al2023@v20260714') });
  if (amis === 'unresolved') throw new Error('it is published');
  expect(amis.map(({ name }) => name)).toEqual([
    'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
    'amazon-eks-node-al2023-x86_64-nvidia-1.35-v20260714',
    'amazon-eks-node-al2023-x86_64-neuron-1.35-v20260714',
    'amazon-eks-node-al2023-arm64-standard-1.35-v20260714',
    'amazon-eks-node-al2023-arm64-nvidia-1.35-v20260714',
  ]);
  expect(amis[0]?.requirements).toEqual([
    { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
    { key: 'karpenter.k8s.aws/instance-gpu-count', operator: 'DoesNotExist' },
    { key: 'karpenter.k8s.aws/instance-accelerator-count', operator: 'DoesNotExist' },
  ]);
  expect(amis[2]?.requirements[1]).toEqual({
    key: 'karpenter.k8s.aws/instance-accelerator-count',
    operator: 'Exists',
  });
  expect(amis[4]?.requirements[1]).toEqual({
    key: 'karpenter.k8s.aws/instance-gpu-count',
    operator: 'Exists',
  });
});

test.each([
  ['a release of another region', { region: 'us-east-1', kubernetes: '1.35' }, 'al2023@v20260714'],
  ['a release without this minor', { region: 'eu-west-1', kubernetes: '1.36' }, 'al2023@v20260714'],
  ['a version that never was', asked, 'al2023@v20260713'],
  ['a version without its v', asked, 'al2023@20260714'],
  ['a pinned Windows', asked, 'windows2022@2026.07.14'],
  ['Amazon Linux 2 on 1.35', asked, 'al2@latest'],
])('%s resolves to nothing', async (_what, where, text) => {
  const { aws, clock } = await startForTest();
  aws.publish(july);
  clock.advance(2 * second);
  expect(aws.resolve({ ...where, terms: alias(text) })).toBe('unresolved');
});

test('a release that is published for some variants is good, without the others', async () => {
  const { aws } = await startForTest();
  aws.publish({ ...july, variants: ['standard'] });
  expect(aws.resolve({ ...asked, terms: alias('al2023@v20260714') })).toHaveLength(2);
});

test('latest follows what is recommended, and Bottlerocket takes its version with and without v', async () => {
  const { aws, clock } = await startForTest();
  aws.publish(july);
  aws.publish({
    ...july,
    family: 'bottlerocket',
    release: '1.62.1',
    variants: ['standard', 'fips'],
  });
  clock.advance(2 * second);
  const names = (text: string) => {
    const amis = aws.resolve({ ...asked, terms: alias(text) });
    return amis === 'unresolved' ? amis : amis.map(({ name }) => name);
  };
  expect(names('al2023@latest')).toEqual(names('al2023@v20260714'));
  expect(names('bottlerocket@v1.62.1')).toEqual([
    expect.stringMatching(/^bottlerocket-aws-k8s-1\.35-x86_64-v1\.62\.1-[0-9a-f]{8}$/),
    expect.stringMatching(/^bottlerocket-aws-k8s-1\.35-arm64-/),
  ]);
  expect(names('bottlerocket@1.62.1')).toEqual(names('bottlerocket@latest'));
});

test('of two ids of one architecture the younger survives, and any other before a deprecated one', async () => {
  const { aws } = await startForTest();
  const standard = { ...july, architectures: ['x86_64'], variants: ['standard'] } as const;
  const [older] = aws.publish({ ...standard, release: 'v20260707', at: noon - 7 * day });
  const [newer] = aws.publish(standard);
  const terms = [{ id: newer?.imageId ?? '' }, { id: older?.imageId ?? '' }, { id: 'ami-unknown' }];
  const requirements = [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }];
  expect(aws.resolve({ ...asked, terms })).toEqual([
    { id: newer?.imageId, name: newer?.name, requirements },
  ]);
  aws.deprecate({ nameEndsWith: '-v20260714' });
  expect(aws.resolve({ ...asked, terms })).toMatchObject([{ id: older?.imageId }]);
  aws.setImageState('eu-west-1', older?.imageId ?? '', 'deregistered');
  expect(aws.resolve({ ...asked, terms })).toMatchObject([
    { id: newer?.imageId, deprecated: true },
  ]);
});

test('names, tags and SSM parameters are terms too', async () => {
  const { aws } = await startForTest();
  const [image] = aws.publish({ ...july, architectures: ['x86_64'], variants: ['standard'] });
  aws.putParameter('eu-west-1', '/acme/node', image?.imageId ?? '');
  aws.putParameter('eu-west-1', '/acme/wrong', 'v20260714');
  const ids = (term: object) => {
    const amis = aws.resolve({ ...asked, terms: [term] });
    return amis === 'unresolved' ? amis : amis.map(({ id }) => id);
  };
  expect(ids({ ssmParameter: '/acme/node' })).toEqual([image?.imageId]);
  expect(ids({ ssmParameter: '/acme/wrong' })).toBe('unresolved');
  expect(ids({ name: 'amazon-eks-node-al2023-x86_64-*' })).toEqual([image?.imageId]);
  expect(ids({ name: 'amazon-eks-node-al2023-x86_64-*', owner: 'self' })).toBe('unresolved');
  expect(ids({ tags: { team: '*' } })).toBe('unresolved');
});

// The sample is part of the reference, which a clone need not have.
test.skipIf(!existsSync(classFile))(
  'the entries have the shape of a real status.amis',
  async () => {
    const { aws } = await startForTest();
    aws.publish(july);
    const amis = aws.resolve({ ...asked, terms: alias('al2023@v20260714') });
    const text = readFileSync(classFile, 'utf8');
    const real: unknown = JSON.parse(text);
    const found = findAmis(real);
    expect(found.length).toBeGreaterThan(0);
    for (const { name, requirements } of found)
      expect(amis).toContainEqual({ id: expect.stringMatching(/^ami-/), name, requirements });
  },
);

type Ami = { name: string; requirements: unknown };

function findAmis(value: unknown): readonly Ami[] {
  if (value === null || typeof value !== 'object') return [];
  if ('amis' in value && Array.isArray(value.amis)) return value.amis;
  return Object.values(value).flatMap(findAmis);
}
