import { factsOf } from './fact-list.ts';
import type { Analysis, Fact } from './types.ts';

/**
 * The facts of a stored analysis with the ids they had when it was made, as far as they were kept; where no rule raises the
 * risk, that too, so that a question about it has an answer.
 */
export function factsOfAnalysis(analysis: Analysis): readonly Fact[] {
  const { risk, recalledPredecessors = [] } = analysis;
  const rules = { ...risk, reasons: risk.reasons.filter(({ rule }) => rule !== 'model') };
  const between = analysis.between.map((one) => ({ ...one, callouts: [] }));
  const facts = factsOf({ ...analysis, between, recalledPredecessors }, rules);
  if (risk.reasons.length > 0) return facts;
  return [...facts, { id: 'K1', text: 'By rule, low: no rule raises the risk.' }];
}
