import type { Analysis } from '../src/analysis/types.ts';
import type { Rollout } from '../src/rollout/rollout.ts';

/** The stored analysis in full; `undefined` while there is none, or of a version this release cannot read. */
export function analysisOf({ analysis }: Rollout): Analysis | undefined {
  if (analysis === 'pending' || analysis.value === undefined) return undefined;
  // Written by src/analysis alone and stored unchanged; the core only promises the risk, so the shape is taken on its version.
  return analysis.value['v'] === 1 ? (analysis.value as unknown as Analysis) : undefined;
}
