import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareReleases, familyOf, releaseId, versionOf } from '../../src/images/releases.ts';
import { ReleaseId } from '../../src/shared/ids.ts';

const dated = fc
  .date({ min: new Date('2018-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const number = fc.integer({ min: 0, max: 120 });
const release = fc.oneof(
  fc
    .tuple(fc.constantFrom('al2023', 'al2'), dated)
    .map(([family, day]) => ReleaseId.parse(`${family}@v${day}`)),
  fc
    .tuple(fc.constantFrom('', 'v'), number, number, number)
    .map(([v, a, b, c]) => ReleaseId.parse(`bottlerocket@${v}${a}.${b}.${c}`)),
  fc
    .tuple(fc.constantFrom('22.04', '24.04'), dated, fc.constantFrom('', '.1', '.2'))
    .map(([series, day, again]) => ReleaseId.parse(`ubuntu@${series}.${day}${again}`)),
  dated.map((day) =>
    ReleaseId.parse(`windows2022@${day.slice(0, 4)}.${day.slice(4, 6)}.${day.slice(6)}`),
  ),
);

test('the order of releases is total, antisymmetric and transitive', () => {
  fc.assert(
    fc.property(release, release, release, (a, b, c) => {
      expect(Math.sign(compareReleases(a, b))).toBe(-Math.sign(compareReleases(b, a)) + 0);
      expect(compareReleases(a, a)).toBe(0);
      const [x, y, z] = [a, b, c].sort(compareReleases);
      if (x === undefined || y === undefined || z === undefined) throw new Error('three went in');
      expect(compareReleases(x, y)).toBeLessThanOrEqual(0);
      expect(compareReleases(y, z)).toBeLessThanOrEqual(0);
      expect(compareReleases(x, z)).toBeLessThanOrEqual(0);
    }),
  );
});

test('two releases are the same only when their versions are, but for the v', () => {
  fc.assert(
    fc.property(release, release, (a, b) => {
      const plain = (id: ReleaseId) => `${familyOf(id)} ${versionOf(id).replace(/^v/, '')}`;
      expect(compareReleases(a, b) === 0).toBe(plain(a) === plain(b));
    }),
  );
});

test.each([
  { older: 'al2023@v20251230', newer: 'al2023@v20260102' },
  { older: 'bottlerocket@1.9.2', newer: 'bottlerocket@1.10.0' },
  { older: 'bottlerocket@v1.49.0', newer: 'bottlerocket@1.50.0' },
  { older: 'bottlerocket@1.50.0', newer: 'bottlerocket@1.50.1' },
  { older: 'windows2022@2026.01.22', newer: 'windows2022@2026.04.18' },
  { older: 'ubuntu@24.04.20260711', newer: 'ubuntu@24.04.20260711.1' },
  { older: 'al2@v20250829', newer: 'al2@v20251209' },
])('$newer is newer than $older', ({ older, newer }) => {
  expect(compareReleases(ReleaseId.parse(older), ReleaseId.parse(newer))).toBeLessThan(0);
});

test.each([
  { family: 'bottlerocket', version: 'v1.62.1-5f13b929', id: 'bottlerocket@1.62.1' },
  { family: 'bottlerocket', version: '1.62.1', id: 'bottlerocket@1.62.1' },
  { family: 'windows2022', version: '2026-01-22', id: 'windows2022@2026.01.22' },
  { family: 'al2023', version: 'v20260714', id: 'al2023@v20260714' },
  { family: 'al2023', version: '20260714', id: undefined },
  { family: 'al2023', version: 'v20261332', id: undefined },
  { family: 'al2023', version: '1.35.6-20260714', id: undefined },
  { family: 'bottlerocket', version: '1.62', id: undefined },
  { family: 'custom', version: '1.0.0', id: undefined },
] as const)('$version of $family is $id', ({ family, version, id }) => {
  expect(releaseId(family, version)).toBe(id);
});
