import { karpenterRun } from '../tracking/karpenter-runs.ts';
import { atMost, type Benchmark } from './benchmark.ts';

const runs = 10_000;

/** Seeded runs of the sandbox's Karpenter, seen late: how many are called complete while a node is on another image. */
export async function benchEarly(): Promise<readonly Benchmark[]> {
  let early = 0;
  let completed = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const run = karpenterRun(seed);
    if (run.completedMs === undefined) continue;
    completed += 1;
    if (run.oldLeft > 0) early += 1;
  }
  return [
    atMost(`early completes in ${runs} seeded runs (${completed} came to an end)`, early, 0),
    atMost('runs that came to no end within 40 minutes', runs - completed, runs / 10),
  ];
}
