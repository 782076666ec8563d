import { expect, test } from 'vitest';
import { kubernetesDates, supportOf } from '../../src/images/kubernetes-support.ts';

test.each([
  ['1.32', '2026-03-23T23:59:59Z', 'standard'],
  ['1.32', '2026-03-24T00:00:00Z', 'extended'],
  ['1.32', '2027-03-24T00:00:00Z', 'ended'],
  ['1.99', '2026-03-24T00:00:00Z', 'unknown'],
])('%s is in %s support: %s', (minor, now, kind) => {
  expect(supportOf(minor, Date.parse(now)).kind).toBe(kind);
});

test('extended support of every minor follows standard support by a year', () => {
  for (const { released, endOfStandardSupport, endOfExtendedSupport } of Object.values(
    kubernetesDates,
  )) {
    expect(released < endOfStandardSupport).toBe(true);
    expect(Number(endOfExtendedSupport.slice(0, 4))).toBe(
      Number(endOfStandardSupport.slice(0, 4)) + 1,
    );
    expect(endOfExtendedSupport.slice(4)).toBe(endOfStandardSupport.slice(4));
  }
});
