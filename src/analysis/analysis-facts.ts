import { factsOf } from './fact-list.ts';
import type { Analysis, Fact } from './types.ts';

/** The facts of a stored analysis with the ids they had when it was made, as far as they were kept. */
export function factsOfAnalysis(analysis: Analysis): readonly Fact[] {
  const { risk, recalledPredecessors = [] } = analysis;
  const rules = { ...risk, reasons: risk.reasons.filter(({ rule }) => rule !== 'model') };
  const between = analysis.between.map((one) => ({ ...one, callouts: [] }));
  return factsOf({ ...analysis, between, recalledPredecessors }, rules);
}
