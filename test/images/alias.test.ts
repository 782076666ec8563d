import { expect, test } from 'vitest';
import { aliasOf, parseAlias } from '../../src/images/alias.ts';
import { ReleaseId } from '../../src/shared/ids.ts';

test.each([
  ['al2023@v20250501', 'al2023@v20250501'],
  ['al2@v20251209', 'al2@v20251209'],
  ['bottlerocket@v1.40.0', 'bottlerocket@1.40.0'],
  ['bottlerocket@1.40.0', 'bottlerocket@1.40.0'],
  ['bottlerocket@1.62.1-5f13b929', 'bottlerocket@1.62.1'],
])('%s pins %s', (alias, release) => {
  expect(parseAlias(alias)).toMatchObject({ kind: 'release', release });
});

test.each(['al2023@latest', 'al2@latest', 'bottlerocket@latest', 'windows2022@latest'])(
  '%s floats',
  (alias) => {
    expect(parseAlias(alias)).toMatchObject({ kind: 'floating' });
  },
);

test.each([
  ['al2@lates', /not a version of al2/],
  ['al2023@20250501', /not a version of al2023.*v20260714/],
  ['al2023@v2025050', /not a version/],
  ['al2023@v20250231', /not a version/],
  ['bottlerocket@1.40', /not a version/],
  ['windows2022@2026.04.18', /may only specify version 'latest'/],
  ['ubuntu@24.04', /not an alias family/],
  ['AL2023@latest', /not an alias family/],
  ['al2023', /improperly formatted/],
  ['al2023@', /improperly formatted/],
  ['', /improperly formatted/],
  ['{{ .Values.alias }}', /improperly formatted/],
  [`al2023@v20250501${'0'.repeat(20)}`, /at most 30/],
])('%s is invalid', (alias, reason) => {
  expect(parseAlias(alias)).toEqual({ kind: 'invalid', reason: expect.stringMatching(reason) });
});

test.each([
  ['al2023@v20260714', 'al2023@v20260714'],
  ['bottlerocket@1.62.1', 'bottlerocket@v1.62.1'],
  ['windows2022@2026.04.18', undefined],
  ['ubuntu@24.04.20260711', undefined],
])('%s is written as %s', (release, alias) => {
  expect(aliasOf(ReleaseId.parse(release))).toBe(alias);
});

test('an alias that is written is read back as the release it pins', () => {
  for (const release of ['al2023@v20260714', 'al2@v20251120', 'bottlerocket@1.62.1']) {
    const alias = aliasOf(ReleaseId.parse(release)) ?? '';
    expect(parseAlias(alias)).toMatchObject({ kind: 'release', release });
  }
});
