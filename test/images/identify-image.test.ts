import { expect, test } from 'vitest';
import { type CustomLine, customReleaseOf, nameFilter } from '../../src/images/custom-line.ts';
import { identifyImage, type OwnedImage } from '../../src/images/identify-image.ts';

const image = (part: Partial<OwnedImage> = {}): OwnedImage => ({
  name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
  architecture: 'x86_64',
  ownerId: '590381155156',
  createdAt: '2026-07-14T21:47:09.000Z',
  ...part,
});

const names = {
  al2023: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
  al2: 'amazon-eks-node-1.30-v20251120',
  bottlerocket: 'bottlerocket-aws-k8s-1.35-x86_64-v1.53.0-5f13b929',
  windows2022: 'Windows_Server-2022-English-Core-EKS_Optimized-1.33-2026-01-22',
} as const;

test.each(Object.entries(names))(
  'an image of %s is known by the alias EC2 vouches for',
  (family, name) => {
    expect(identifyImage(image({ name, ownerAlias: 'amazon' }))).toMatchObject({
      kind: 'known',
      image: { family },
    });
  },
);

test.each([
  ['al2023', '602401143452'],
  ['bottlerocket', '092701018921'],
  ['windows2022', '801119661308'],
] as const)('an image of %s is known by its publisher’s account', (family, ownerId) => {
  expect(identifyImage(image({ name: names[family], ownerId })).kind).toBe('known');
});

const foreign: readonly Pick<OwnedImage, 'name' | 'ownerId' | 'ownerAlias'>[] = [
  ...Object.values(names).map((name) => ({ name, ownerId: '999988887777' })),
  { name: names.bottlerocket, ownerId: '602401143452' },
  { name: names.al2023, ownerId: '099720109477' },
  { name: names.al2023, ownerId: '999988887777', ownerAlias: 'aws-marketplace' },
  {
    name: 'ubuntu-eks/k8s_1.31/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260711',
    ownerId: '999988887777',
    ownerAlias: 'amazon',
  },
];

test.each(foreign)('a name in foreign hands says nothing: %j', (part) => {
  const found = identifyImage(image(part));
  expect(found).toMatchObject({
    kind: 'unknown',
    reason: expect.stringContaining(part.ownerAlias ?? part.ownerId),
  });
});

test('Canonical’s images are Canonical’s', () => {
  const name = 'ubuntu-eks/k8s_1.31/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260711';
  expect(identifyImage(image({ name, ownerId: '099720109477' }))).toEqual({
    kind: 'known',
    release: 'ubuntu@24.04.20260711',
    image: {
      family: 'ubuntu',
      kubernetes: '1.31',
      architecture: 'x86_64',
      variant: 'standard',
      line: 'eks/24.04',
    },
  });
});

test('a name that says another architecture than EC2 is not believed', () => {
  expect(identifyImage(image({ ownerAlias: 'amazon', architecture: 'arm64' }))).toMatchObject({
    kind: 'unknown',
  });
});

const acme: CustomLine = {
  name: 'acme',
  owner: '111122223333',
  image: 'acme-eks-al2023-{architecture}-{kubernetes}-{version}',
  tags: {},
  variant: 'nvidia',
};

test.each([
  ['acme-eks-al2023-x86_64-1.35-20260716-0412', 'acme@20260716.0412', '1.35'],
  ['acme-eks-al2023-amd64-1.34-v2.0.1', 'acme@2.0.1', '1.34'],
])('%s is %s', (name, release, kubernetes) => {
  expect(customReleaseOf(acme, image({ name, ownerId: acme.owner }))).toEqual({
    release,
    architecture: 'x86_64',
    variant: 'nvidia',
    line: 'acme',
    kubernetes,
  });
});

test.each([
  ['another owner', { name: 'acme-eks-al2023-x86_64-1.35-1', ownerId: '999988887777' }],
  ['another name', { name: 'acme-eks-al2-x86_64-1.35-1', ownerId: acme.owner }],
  ['no version', { name: 'acme-eks-al2023-x86_64-1.35-beta', ownerId: acme.owner }],
  ['another architecture', { name: 'acme-eks-al2023-arm64-1.35-1', ownerId: acme.owner }],
])('an image with %s is not of the line', (_what, part) => {
  expect(customReleaseOf(acme, image(part))).toBeUndefined();
});

test('without a version in its name, an image is as old as the day it was made', () => {
  const line = { ...acme, image: 'golden.node*' };
  const found = customReleaseOf(line, image({ name: 'golden.node (x)', ownerId: acme.owner }));
  expect(found).toMatchObject({ release: 'acme@2026.07.14' });
  expect(found).not.toHaveProperty('kubernetes');
  // a dot in the pattern is a dot
  expect(
    customReleaseOf(line, image({ name: 'goldenXnode', ownerId: acme.owner })),
  ).toBeUndefined();
});

test('EC2 is asked with wildcards for placeholders', () => {
  expect(nameFilter(acme)).toBe('acme-eks-al2023-*-*-*');
  expect(nameFilter({ image: 'a*{version}' })).toBe('a*');
});
