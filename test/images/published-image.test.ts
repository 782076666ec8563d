import { expect, test } from 'vitest';
import {
  parseBottlerocketId,
  parseDocument,
  parseLeaf,
  parseNamed,
} from '../../src/images/published-image.ts';
import type { ImageSlot } from '../../src/images/types.ts';
import { ReleaseId } from '../../src/shared/ids.ts';

const slot: ImageSlot = {
  family: 'al2023',
  region: 'eu-west-1',
  kubernetes: '1.35',
  architecture: 'x86_64',
  variant: 'standard',
};
const document = {
  schema_version: '2',
  image_id: 'ami-0b22d1ef6b2f62001',
  image_name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
  release_version: '1.35.6-20260714',
};

test('the JSON parent gives id, name and version in one consistent read', () => {
  expect(parseDocument(slot, JSON.stringify(document))).toEqual({
    kind: 'image',
    image: {
      ...slot,
      release: 'al2023@v20260714',
      imageId: 'ami-0b22d1ef6b2f62001',
      name: 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
      releaseVersion: '1.35.6-20260714',
    },
  });
});

test.each([
  ['no JSON', 'ami-0b22d1ef6b2f62001', /not JSON/],
  ['an array', '[]', /./],
  ['null', 'null', /./],
  ['no id', JSON.stringify({ ...document, image_id: undefined }), /image_id/],
  [
    'an id with a line break',
    JSON.stringify({ ...document, image_id: 'ami-0b22d1ef6b2f62001\n' }),
    /image_id/,
  ],
  [
    'the image of another minor',
    JSON.stringify({ ...document, image_name: document.image_name.replace('1.35', '1.34') }),
    /not of this slot/,
  ],
  [
    'an unknown name',
    JSON.stringify({ ...document, image_name: '<!channel>' }),
    /not of this slot/,
  ],
  [
    'versions of two releases',
    JSON.stringify({ ...document, release_version: '1.35.6-20260625' }),
    /does not belong/,
  ],
  [
    'the version of another minor',
    JSON.stringify({ ...document, release_version: '1.34.6-20260714' }),
    /does not belong/,
  ],
])('a value with %s is malformed, and no crash', (_what, value, problem) => {
  expect(parseDocument(slot, value)).toEqual({
    kind: 'malformed',
    problem: expect.stringMatching(problem),
  });
});

test('a leaf gives the id, and the folder the name', () => {
  const release = ReleaseId.parse('al2023@v20260714');
  expect(parseLeaf(slot, release, 'ami-0b22d1ef6b2f62001')).toMatchObject({
    image: { release, name: document.image_name },
  });
  expect(parseLeaf(slot, release, 'none').kind).toBe('malformed');
});

test('a full Bottlerocket version and the id under it give the image with its EC2 name', () => {
  const bottlerocket: ImageSlot = { ...slot, family: 'bottlerocket', variant: 'fips' };
  expect(
    parseBottlerocketId(bottlerocket, '1.62.1-5f13b929', 'ami-0c33b07713b0c7004'),
  ).toMatchObject({
    image: {
      release: 'bottlerocket@1.62.1',
      name: 'bottlerocket-aws-k8s-1.35-fips-x86_64-v1.62.1-5f13b929',
      releaseVersion: '1.62.1-5f13b929',
    },
  });
  expect(parseBottlerocketId(bottlerocket, '1.62.1', 'ami-0c33b07713b0c7004').kind).toBe(
    'malformed',
  );
});

test('a Windows id is what its EC2 name says', () => {
  const windows: ImageSlot = { ...slot, family: 'windows2022' };
  const name = 'Windows_Server-2022-English-Core-EKS_Optimized-1.35-2026.04.18';
  expect(parseNamed(windows, 'ami-0d44e1d0e5c0d8001', name)).toMatchObject({
    image: { release: 'windows2022@2026.04.18' },
  });
  expect(parseNamed(slot, 'ami-0d44e1d0e5c0d8001', name).kind).toBe('malformed');
});
