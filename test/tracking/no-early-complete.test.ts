import { expect, test } from 'vitest';
import { karpenterRun, type Moment } from './karpenter-runs.ts';

// `npm run bench -- early` makes 10,000 of them
test('nothing is called complete while a node runs another image, through late watches and broken nodes', () => {
  let completed = 0;
  for (let seed = 1; seed <= 150; seed += 1) {
    const run = karpenterRun(seed);
    if (run.completedMs === undefined) continue;
    completed += 1;
    expect({ seed, oldLeft: run.oldLeft }).toEqual({ seed, oldLeft: 0 });
  }
  // a run that never ends proves nothing
  expect(completed).toBeGreaterThan(130);
});

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
