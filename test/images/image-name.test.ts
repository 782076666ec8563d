import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageName, releaseOf } from '../../src/images/image-name.ts';
import { releaseId } from '../../src/images/releases.ts';
import { whyNeverBuilt } from '../../src/images/slot.ts';

test.each([
  [
    'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
    {
      family: 'al2023',
      release: 'al2023@v20260714',
      kubernetes: '1.35',
      architecture: 'x86_64',
      variant: 'standard',
    },
  ],
  [
    'amazon-eks-node-al2023-arm64-nvidia-1.33-v20250403',
    {
      family: 'al2023',
      release: 'al2023@v20250403',
      kubernetes: '1.33',
      architecture: 'arm64',
      variant: 'nvidia',
    },
  ],
  [
    'amazon-eks-gpu-node-1.30-v20251120',
    {
      family: 'al2',
      release: 'al2@v20251120',
      kubernetes: '1.30',
      architecture: 'x86_64',
      variant: 'nvidia',
    },
  ],
  [
    'amazon-eks-arm64-node-1.30-v20251120',
    {
      family: 'al2',
      release: 'al2@v20251120',
      kubernetes: '1.30',
      architecture: 'arm64',
      variant: 'standard',
    },
  ],
  [
    'bottlerocket-aws-k8s-1.33-x86_64-v1.46.0-431fe75a',
    {
      family: 'bottlerocket',
      release: 'bottlerocket@1.46.0',
      kubernetes: '1.33',
      architecture: 'x86_64',
      variant: 'standard',
      build: '431fe75a',
    },
  ],
  [
    'bottlerocket-aws-k8s-1.35-nvidia-fips-arm64-v1.53.0-5f13b929',
    {
      family: 'bottlerocket',
      release: 'bottlerocket@1.53.0',
      kubernetes: '1.35',
      architecture: 'arm64',
      variant: 'nvidia-fips',
      build: '5f13b929',
    },
  ],
  [
    'bottlerocket-aws-k8s-1.28-aarch64-v1.20.0-fcf71a47',
    {
      family: 'bottlerocket',
      release: 'bottlerocket@1.20.0',
      kubernetes: '1.28',
      architecture: 'arm64',
      variant: 'standard',
      build: 'fcf71a47',
    },
  ],
  [
    'Windows_Server-2025-English-Core-EKS_Optimized-1.35-2026.04.18',
    {
      family: 'windows2025',
      release: 'windows2025@2026.04.18',
      kubernetes: '1.35',
      architecture: 'x86_64',
      variant: 'standard',
    },
  ],
  [
    'Windows_Server-2022-English-Full-EKS_Optimized-1.33-2026-01-22',
    {
      family: 'windows2022',
      release: 'windows2022@2026.01.22',
      kubernetes: '1.33',
      architecture: 'x86_64',
      variant: 'standard',
      line: 'Full',
    },
  ],
  [
    'ubuntu-eks/k8s_1.31/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20260711',
    {
      family: 'ubuntu',
      release: 'ubuntu@24.04.20260711',
      kubernetes: '1.31',
      architecture: 'arm64',
      variant: 'standard',
      line: 'eks/24.04',
    },
  ],
  [
    'ubuntu-eks-pro/k8s_1.29/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20240514.1',
    {
      family: 'ubuntu',
      release: 'ubuntu@22.04.20240514.1',
      kubernetes: '1.29',
      architecture: 'x86_64',
      variant: 'standard',
      line: 'eks-pro/22.04',
    },
  ],
])('%s says what it is', (name, expected) => {
  expect(releaseOf(name)).toEqual(expected);
});

test.each([
  'acme-eks-al2023-x86_64-1.35-20260716-0412',
  'my-amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
  'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714-patched',
  'amazon-eks-node-al2023-riscv64-standard-1.35-v20260714',
  'amazon-eks-node-al2023-x86_64-standard-1.35-v20269999',
  'bottlerocket-aws-ecs-2-x86_64-v1.46.0-431fe75a',
  'al2023-ami-2023.8.20250707.0-kernel-6.1-x86_64',
  '',
])('%s is a custom image', (name) => {
  expect(releaseOf(name)).toBeUndefined();
});

test('a name that is written is read back', () => {
  const slots = fc
    .record({
      family: fc.constantFrom('al2023', 'al2', 'bottlerocket'),
      kubernetes: fc.integer({ min: 23, max: 40 }).map((minor) => `1.${minor}`),
      architecture: fc.constantFrom('x86_64', 'arm64'),
      variant: fc.constantFrom('standard', 'nvidia', 'neuron', 'fips', 'nvidia-fips'),
    } as const)
    .filter((slot) => whyNeverBuilt({ ...slot, region: 'eu-west-1' }) === undefined)
    // the one GPU image of Amazon Linux 2 reads back as nvidia
    .filter(({ family, variant }) => family !== 'al2' || variant !== 'neuron');
  fc.assert(
    fc.property(slots, (slot) => {
      const version = slot.family === 'bottlerocket' ? '1.62.1' : 'v20260714';
      const release = releaseId(slot.family, version);
      if (release === undefined) throw new Error('a version of the family');
      const name = imageName(slot, release, '5f13b929') ?? '';
      expect(releaseOf(name)).toMatchObject({ ...slot, release });
    }),
  );
});
