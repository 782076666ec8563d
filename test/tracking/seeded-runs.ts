import { expect } from 'vitest';
import { karpenterRun } from './karpenter-runs.ts';

/** Runs of both halves together; `npm run test:runs` makes 10,000. */
const numRuns = Number(process.env['RUNS'] ?? 150);

/** Milliseconds that one run may take beside others. */
const runMs = 100;
export const runsTimeout = Math.max(20_000, numRuns * runMs);

/** Half of the seeded runs, so that two workers share them: none is called complete while a node runs another image. */
export function expectNoEarlyComplete(parity: 0 | 1): void {
  let [played, completed] = [0, 0];
  for (let seed = 1; seed <= numRuns; seed += 1) {
    if (seed % 2 !== parity) continue;
    played += 1;
    const run = karpenterRun(seed);
    if (run.completedMs === undefined) continue;
    completed += 1;
    if (run.oldLeft > 0) expect({ seed, oldLeft: run.oldLeft }).toEqual({ seed, oldLeft: 0 });
  }
  // a run that never ends proves nothing
  expect(completed).toBeGreaterThan(0.85 * played);
}
