import type { Rollout } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';

/** The one sentence of the analysis; empty while there is none. */
export function summaryText({ analysis }: Rollout): string {
  if (analysis === 'pending') return '';
  const sentence = analysis.value?.['sentence'];
  return typeof sentence === 'string' ? escapeMrkdwn(sentence) : '';
}

/** `Risk: low, because …`, from the rules. */
export function riskText({ analysis }: Rollout): string {
  if (analysis === 'pending') return 'Risk: not known yet.';
  const risk = analysis.value?.risk;
  return risk === undefined ? 'Risk: not known.' : `Risk: ${risk.level}.`;
}

/** What is known of fixed vulnerabilities: "not checked" is never "none". */
export function securityText(_rollout: Rollout): string {
  return 'not checked';
}
