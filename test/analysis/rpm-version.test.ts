import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareEvr, evrOf, rpmvercmp } from '../../src/analysis/rpm-version.ts';

// The orders that rpm's own test suite publishes (tests/rpmvercmp.at), each tried in both directions.
const published = `
1.0 = 1.0 | 1.0 < 2.0 | 2.0.1 = 2.0.1 | 2.0 < 2.0.1 | 2.0.1a = 2.0.1a | 2.0.1 < 2.0.1a
5.5p1 = 5.5p1 | 5.5p1 < 5.5p2 | 5.5p10 = 5.5p10 | 5.5p1 < 5.5p10 | 10xyz < 10.1xyz | xyz10 = xyz10
xyz10 < xyz10.1 | xyz.4 = xyz.4 | xyz.4 < 8 | xyz.4 < 2 | 5.5p2 < 5.6p1 | 5.6p1 < 6.5p1
6.0 < 6.0.rc1 | 10a1 < 10b2 | 10a2 < 10b2 | 1.0aa = 1.0aa | 1.0a < 1.0aa | 10.0001 = 10.0001
10.0001 = 10.1 | 10.0001 < 10.0039 | 4.999.9 < 5.0 | 20101121 = 20101121 | 20101121 < 20101122 | 2_0 = 2_0
2.0 = 2_0 | a = a | a+ = a+ | a+ = a_ | +a = +a | +a = _a
+_ = +_ | _+ = _+ | + = _ | 1.0~rc1 = 1.0~rc1 | 1.0~rc1 < 1.0 | 1.0~rc1 < 1.0~rc2
1.0~rc1~git123 = 1.0~rc1~git123 | 1.0~rc1~git123 < 1.0~rc1 | 1.0^ = 1.0^ | 1.0 < 1.0^ | 1.0^git1 = 1.0^git1
1.0 < 1.0^git1 | 1.0^git1 < 1.0^git2 | 1.0^git1 < 1.01 | 1.0^20160101 = 1.0^20160101 | 1.0^20160101 < 1.0.1
1.0^20160101^git1 = 1.0^20160101^git1 | 1.0^20160101 < 1.0^20160101^git1 | 1.0^20160102 = 1.0^20160102
1.0^20160101^git1 < 1.0^20160102 | 1.0~rc1^git1 = 1.0~rc1^git1 | 1.0~rc1 < 1.0~rc1^git1
1.0^git1~pre = 1.0^git1~pre | 1.0^git1~pre < 1.0^git1 | 1b.fc17 = 1b.fc17 | 1b.fc17 < 1.fc17
1g.fc17 = 1g.fc17 | 1.fc17 < 1g.fc17 | 1.1.α = 1.1.β | 1.1.αα = 1.1.α`
  .split(/[|\n]/)
  .map((line) => line.trim().split(' '))
  .filter((parts) => parts.length === 3);

test('has at least 60 published orders', () => expect(published.length).toBeGreaterThanOrEqual(60));

test.each(published)('%s %s %s', (a = '', sign, b = '') => {
  const order = sign === '=' ? 0 : -1;
  expect(rpmvercmp(a, b)).toBe(order);
  expect(rpmvercmp(b, a)).toBe(order === 0 ? 0 : 1);
});

describe('with epoch and release', () => {
  test.each([
    ['6.12.94-123.180.amzn2023', '<', '6.12.100-1.amzn2023'],
    ['6.12.40-63.114.amzn2023', '<', '6.12.40-64.1.amzn2023'],
    ['1.7.27-1.eks.amzn2023.0.4', '<', '2.1.4-1.eks.amzn2023.0.1'],
    ['580.159.03-1.amzn2023', '<', '580.159.03-1.el9'], // letters in order, though both are the same driver
    ['2.14.1g', '<', '2.17.2g'],
    ['0:1.0-1', '=', '1.0-1'],
    ['9.9-9', '<', '1:1.0-1'],
    ['1:1.0-1', '<', '2:0.1-1'],
    ['1:1.0-1', '<', '1:1.0-2'],
    ['1.0', '=', '1.0-5'],
    [':1.0', '=', '0:1.0'],
  ])('%s %s %s', (a, sign, b) => {
    const order = compareEvr(evrOf(a), evrOf(b));
    expect(Math.sign(order)).toBe(sign === '=' ? 0 : -1);
    expect(Math.sign(compareEvr(evrOf(b), evrOf(a)))).toBe(sign === '=' ? 0 : 1);
  });
});

test('is an order: whatever comes before stays before', () => {
  const version = fc
    .array(fc.constantFrom('1', '2', '10', '01', 'a', 'b', 'rc', '.', '~', '^', '-', '_'), {
      maxLength: 6,
    })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(rpmvercmp(a, b) + rpmvercmp(b, a)).toBe(0);
      if (rpmvercmp(a, b) <= 0 && rpmvercmp(b, c) <= 0)
        expect(rpmvercmp(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 2_000 },
  );
});
