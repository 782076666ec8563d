import { expect, test } from 'vitest';
import { karpenterRun, type Moment } from './karpenter-runs.ts';
import { expectNoEarlyComplete, runsTimeout } from './seeded-runs.ts';

test(
  'nothing is called complete while a node runs another image, through late watches, broken nodes and upgrades',
  () => expectNoEarlyComplete(1),
  runsTimeout,
);

test('a judge who counts what drifts, and not what runs, is caught at it', () => {
  // absent `Drifted` is not "on the new image": Karpenter marks up to minutes late
  const nothingDrifts = ({ claims }: Moment) =>
    claims.length > 0 &&
    claims.every(({ status, metadata }) => {
      const is = (type: string) => status?.conditions.some((one) => one.type === type) === true;
      return is('Initialized') && !is('Drifted') && metadata.deletionTimestamp === undefined;
    });
  let early = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const { completedMs, oldLeft } = karpenterRun(seed, { judge: nothingDrifts });
    if (completedMs !== undefined && oldLeft > 0) early += 1;
  }
  expect(early).toBeGreaterThan(5);
});
