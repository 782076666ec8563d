import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parameterOf, readParameterPath } from '../../src/images/parameter-path.ts';
import type { Image } from '../../src/images/types.ts';
import { reasonAgainstParameter } from '../../src/pins/parameter-syntax.ts';
import { ReleaseId } from '../../src/shared/ids.ts';

const samples = '../shared/reference/data/aws/ssm-samples.json';
const eks = '/aws/service/eks/optimized-ami';
const al2023 = `${eks}/1.35/amazon-linux-2023/x86_64/standard/amazon-eks-node-al2023-x86_64-standard-1.35-v20260714/image_id`;
const bottlerocket = '/aws/service/bottlerocket/aws-k8s-1.35-nvidia/arm64/1.62.1/image_id';

const named = [
  { value: al2023, release: 'al2023@v20260714', image: 'al2023 1.35 x86_64 standard' },
  {
    value: `arn:aws:ssm:eu-west-1::parameter${al2023}`,
    release: 'al2023@v20260714',
    image: 'al2023 1.35 x86_64 standard',
    region: 'eu-west-1',
  },
  {
    value: `${eks}/1.30/amazon-linux-2-gpu/amazon-eks-gpu-node-1.30-v20250704/image_id`,
    release: 'al2@v20250704',
    image: 'al2 1.30 x86_64 nvidia',
  },
  {
    value: `${eks}/1.30/amazon-linux-2/amazon-eks-node-1.30-v20250704/image_id`,
    release: 'al2@v20250704',
    image: 'al2 1.30 x86_64 standard',
  },
  { value: bottlerocket, release: 'bottlerocket@1.62.1', image: 'bottlerocket 1.35 arm64 nvidia' },
  {
    value: '/aws/service/bottlerocket/aws-k8s-1.35-nvidia-fips/x86_64/1.62.1-5f13b929/image_id',
    release: 'bottlerocket@1.62.1',
    image: 'bottlerocket 1.35 x86_64 nvidia-fips',
  },
];

test.each(named)(
  '$value names a release, and may be moved',
  ({ value, release, image, region }) => {
    const found = readParameterPath(value);
    if (found === undefined) throw new Error('not read');
    const { family, kubernetes, architecture, variant } = found.image;
    expect([family, kubernetes, architecture, variant].join(' ')).toBe(image);
    expect(found).toMatchObject({ release });
    expect(found.region).toBe(region);
    expect(reasonAgainstParameter(value)).toBeUndefined();
  },
);

test.each([
  {
    value: `${eks}/1.35/amazon-linux-2023/x86_64/standard/recommended/image_id`,
    because: /floating/,
  },
  { value: '/aws/service/bottlerocket/aws-k8s-1.35/arm64/latest/image_id', because: /floating/ },
  {
    value:
      '/aws/service/ami-windows-latest/Windows_Server-2022-English-Core-EKS_Optimized-1.35/image_id',
    because: /floating/,
  },
  {
    value: '/aws/service/canonical/ubuntu/eks/24.04/1.35/stable/20260711/amd64/hvm/ebs-gp3/ami-id',
    because: /Ubuntu/,
  },
  { value: '/acme/images/v20260714', because: /of your own/ },
  { value: al2023.replace('/image_id', ''), because: /image_id/ },
  { value: al2023.replace('image_id', 'image_name'), because: /image_id/ },
  // the folders and the image's name disagree
  { value: al2023.replace('/1.35/', '/1.34/'), because: /names a release/ },
  { value: al2023.replace('/x86_64/', '/arm64/'), because: /names a release/ },
  { value: bottlerocket.replace('image_id', 'image_version'), because: /names a release/ },
  { value: bottlerocket.replace('aws-k8s-1.35', 'aws-ecs-2'), because: /names a release/ },
  { value: `${bottlerocket}:3`, because: /names a release/ },
  { value: bottlerocket.replace('-nvidia', '-metal'), because: /names a release/ },
])('$value names no release, and stays', ({ value, because }) => {
  expect(readParameterPath(value)).toBeUndefined();
  expect(reasonAgainstParameter(value)).toMatch(because);
});

const image = (part: Partial<Image>): Image => ({
  family: 'al2023',
  region: 'eu-west-1',
  kubernetes: '1.36',
  architecture: 'x86_64',
  variant: 'standard',
  release: ReleaseId.parse('al2023@v20261118'),
  imageId: 'ami-0123456789abcdef0',
  name: '',
  ...part,
});

test('a newer image is named by its own parameter, spelled as the old one is', () => {
  const newer = `${eks}/1.36/amazon-linux-2023/x86_64/standard/amazon-eks-node-al2023-x86_64-standard-1.36-v20261118/image_id`;
  expect(parameterOf(image({}), al2023)).toBe(newer);
  expect(parameterOf(image({}), `arn:aws:ssm:eu-west-1::parameter${al2023}`)).toBe(
    `arn:aws:ssm:eu-west-1::parameter${newer}`,
  );
  const next = image({
    family: 'bottlerocket',
    architecture: 'arm64',
    variant: 'nvidia',
    release: ReleaseId.parse('bottlerocket@1.63.0'),
    releaseVersion: '1.63.0-0badcafe',
  });
  const folder = '/aws/service/bottlerocket/aws-k8s-1.36-nvidia/arm64';
  expect(parameterOf(next, bottlerocket)).toBe(`${folder}/1.63.0/image_id`);
  expect(parameterOf(next, bottlerocket.replace('1.62.1', '1.62.1-5f13b929'))).toBe(
    `${folder}/1.63.0-0badcafe/image_id`,
  );
});

test('no parameter is made up for an image of another family', () => {
  expect(parameterOf(image({ family: 'bottlerocket' }), al2023)).toBeUndefined();
  expect(parameterOf(image({}), '/acme/images/current')).toBeUndefined();
});

test.skipIf(!existsSync(samples))('pins and images agree on every recorded parameter', () => {
  const names = readFileSync(samples, 'utf8').match(/\/aws\/service\/[^"\s]+/g) ?? [];
  expect(names.length).toBeGreaterThan(5);
  for (const name of new Set(names)) {
    expect([name, readParameterPath(name) !== undefined]).toEqual([
      name,
      reasonAgainstParameter(name) === undefined,
    ]);
  }
});
