import { expect, test } from 'vitest';
import { impossibleDate } from '../../src/pins/impossible-date.ts';

test.each([
  ['alias', 'al2023@v20251399', '20251399'],
  ['alias', 'v20250230', '20250230'],
  ['alias', 'al2@v20240229', undefined],
  ['alias', 'bottlerocket@1.50.0', undefined],
  ['name', 'amazon-eks-node-al2023-x86_64-standard-1.35-v20251301', '20251301'],
  ['name', 'Windows_Server-2022-English-Core-EKS_Optimized-1.35-2026.02.30', '20260230'],
  ['name', 'golden-v99999999', undefined],
  [
    'ssmParameter',
    '/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/standard/amazon-eks-node-al2023-x86_64-standard-1.35-v20251131/image_id',
    '20251131',
  ],
  ['releaseVersion', '1.33.0-20250704', undefined],
  ['releaseVersion', '1.33.0-20250732', '20250732'],
  ['releaseVersion', '1.35-2026.13.18', '20261318'],
  // the hash of a build may be all digits
  ['releaseVersion', '1.62.1-12345678', undefined],
  ['id', 'ami-20251399', undefined],
] as const)('%s %s: %s', (kind, value, day) => expect(impossibleDate(kind, value)).toBe(day));
