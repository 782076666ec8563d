import { expect, test } from 'vitest';
import { karpenterRun } from './karpenter-runs.ts';

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
