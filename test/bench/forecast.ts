import { anyCase } from '../tracking/forecast-cases.ts';
import { forecastRun } from '../tracking/forecast-runs.ts';
import { atMost, type Benchmark } from './benchmark.ts';

const runs = 100;

/** Seeded rollouts of the sandbox's Karpenter, with budgets, schedules and pools as they come, against their forecast. */
export async function benchForecast(): Promise<readonly Benchmark[]> {
  let far = 0;
  let late = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const { at, tookMs, error, forecast } = forecastRun(anyCase(seed), seed);
    if (Math.abs(error) > 0.25) far += 1;
    if ((forecast.endsAt?.p80 ?? 0) < at + tookMs) late += 1;
  }
  return [
    atMost(`forecasts more than 25 % off the simulated end, of ${runs}`, far, 5),
    atMost(`rollouts that ended after their p80, of ${runs}`, late, 20),
  ];
}
