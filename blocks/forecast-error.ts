import type { ForecastError } from '../src/rollout/forecast-error.ts';
import { named } from './phrases.ts';
import { duration } from './times.ts';

/** How good the forecast of a wave was, in a sentence. */
export function forecastErrorText({ environment, wave, expected, tookMs, error }: ForecastError) {
  const percent = Math.round(Math.abs(error) * 100);
  const off = percent === 0 ? 'right' : `${percent} % too ${error > 0 ? 'long' : 'short'}`;
  return `Nodes of *${named(environment)}* ${named(wave)} were replaced in ${duration(tookMs)}. The forecast before the merge: about ${duration(expected.p50Ms)} (${off}), four times in five within ${duration(expected.p80Ms)}.`;
}
