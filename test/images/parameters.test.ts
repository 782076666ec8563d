import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  bottlerocketParameter,
  recommendedLookup,
  releaseLookup,
  ubuntuParameter,
  windowsParameter,
} from '../../src/images/parameters.ts';
import { whyNeverBuilt } from '../../src/images/slot.ts';
import type { ImageSlot } from '../../src/images/types.ts';
import { ReleaseId } from '../../src/shared/ids.ts';

const samples = '../shared/reference/data/aws/ssm-samples.json';

const slot = (part: Partial<ImageSlot>): ImageSlot => ({
  family: 'al2023',
  region: 'eu-west-1',
  kubernetes: '1.35',
  architecture: 'x86_64',
  variant: 'standard',
  ...part,
});

const paths = [
  [
    recommendedLookup(slot({ architecture: 'arm64', variant: 'nvidia' })),
    '/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/nvidia/recommended',
  ],
  [
    releaseLookup(slot({}), ReleaseId.parse('al2023@v20260714')),
    '/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/standard/amazon-eks-node-al2023-x86_64-standard-1.35-v20260714',
  ],
  [
    recommendedLookup(slot({ family: 'al2', kubernetes: '1.30' })),
    '/aws/service/eks/optimized-ami/1.30/amazon-linux-2/recommended',
  ],
  [
    releaseLookup(
      slot({ family: 'al2', kubernetes: '1.30', architecture: 'arm64' }),
      ReleaseId.parse('al2@v20251120'),
    ),
    '/aws/service/eks/optimized-ami/1.30/amazon-linux-2-arm64/amazon-eks-arm64-node-1.30-v20251120',
  ],
  [
    releaseLookup(
      slot({ family: 'al2', kubernetes: '1.30', variant: 'neuron' }),
      ReleaseId.parse('al2@v20251120'),
    ),
    '/aws/service/eks/optimized-ami/1.30/amazon-linux-2-gpu/amazon-eks-gpu-node-1.30-v20251120',
  ],
  [
    recommendedLookup(
      slot({ family: 'bottlerocket', variant: 'nvidia-fips', architecture: 'arm64' }),
    ),
    '/aws/service/bottlerocket/aws-k8s-1.35-nvidia-fips/arm64/latest/image_version',
  ],
  [
    releaseLookup(slot({ family: 'bottlerocket' }), ReleaseId.parse('bottlerocket@1.62.1')),
    '/aws/service/bottlerocket/aws-k8s-1.35/x86_64/1.62.1/image_version',
  ],
  [
    recommendedLookup(slot({ family: 'windows2025' })),
    '/aws/service/ami-windows-latest/Windows_Server-2025-English-Core-EKS_Optimized-1.35/image_id',
  ],
] as const;

test.each(paths)('%o is looked up at %s', (lookup, path) => {
  const parameter =
    lookup.by === 'version' ? lookup.imageVersion : 'parameter' in lookup && lookup.parameter;
  expect(parameter).toBe(path);
});

test('Ubuntu parameters name the disk of their series', () => {
  const common = { product: 'eks', kubernetes: '1.35', architecture: 'x86_64' } as const;
  expect(ubuntuParameter({ ...common, series: '24.04' })).toBe(
    '/aws/service/canonical/ubuntu/eks/24.04/1.35/stable/current/amd64/hvm/ebs-gp3/ami-id',
  );
  expect(ubuntuParameter({ ...common, series: '22.04', serial: '20260711' })).toBe(
    '/aws/service/canonical/ubuntu/eks/22.04/1.35/stable/20260711/amd64/hvm/ebs-gp2/ami-id',
  );
});

test.each([
  { part: { architecture: 'arm64', variant: 'neuron' }, why: /neuron.*arm64/ },
  { part: { variant: 'fips' }, why: /no fips/ },
  { part: { family: 'al2', kubernetes: '1.33' }, why: /1\.33/ },
  {
    part: { family: 'al2', kubernetes: '1.32', architecture: 'arm64', variant: 'nvidia' },
    why: /arm64/,
  },
  { part: { family: 'bottlerocket', kubernetes: '1.34', variant: 'nvidia-fips' }, why: /1\.35/ },
  { part: { family: 'windows2025', kubernetes: '1.34' }, why: /1\.35/ },
  { part: { family: 'windows2022', architecture: 'arm64' }, why: /arm64/ },
  { part: { kubernetes: 'latest' }, why: /not a Kubernetes minor/ },
] as const)('no parameter is asked for $part, which nobody builds', ({ part, why }) => {
  expect(whyNeverBuilt(slot(part))).toMatch(why);
  expect(recommendedLookup(slot(part)).by).toBe('nothing');
});

// The samples are part of the reference, which a clone need not have.
test.skipIf(!existsSync(samples))('every public name in the samples can be spelled by us', () => {
  const spelled = new Set<string>();
  for (const variant of ['standard', 'nvidia', 'fips', 'neuron'] as const)
    for (const architecture of ['x86_64', 'arm64'] as const) {
      const one = slot({ variant, architecture });
      const al2023Folder = `/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/${architecture}/${variant}`;
      const lookups = [
        recommendedLookup(one),
        ...[
          'v20260714',
          'v20260724',
          'v20260114',
          'v20260120',
          'v20260129',
          'v20260209',
          'v20260224',
        ].map((version) => releaseLookup(one, ReleaseId.parse(`al2023@${version}`))),
      ];
      spelled.add(al2023Folder);
      for (const lookup of lookups) {
        if (lookup.by !== 'document') continue;
        spelled.add(lookup.parameter);
        for (const leaf of ['image_id', 'image_name', 'release_version'])
          spelled.add(`${lookup.parameter}/${leaf}`);
      }
      for (const version of ['latest', 'v1.62.1'])
        for (const leaf of ['image_id', 'image_version'] as const)
          spelled.add(bottlerocketParameter(one, version, leaf));
    }
  spelled.add(windowsParameter({ family: 'windows2025', kubernetes: '1.35' }, 'Core'));
  spelled.add(
    ubuntuParameter({
      product: 'eks',
      series: '24.04',
      kubernetes: '1.35',
      architecture: 'x86_64',
    }),
  );
  const names = [...readFileSync(samples, 'utf8').matchAll(/"(\/aws\/service\/[^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );
  expect(names.length).toBeGreaterThan(20);
  // the one name that AWS itself calls invalid is a slot nobody builds
  const neverBuilt = '/arm64/neuron/';
  expect(names.filter((name) => !spelled.has(name) && !name.includes(neverBuilt))).toEqual([]);
});
