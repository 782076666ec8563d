import type { NoSummaryReason, SeverityCounts } from '../src/analysis/types.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { assertNever } from '../src/shared/assert-never.ts';
import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { analysisOf } from './analysis-of.ts';

/** The one sentence of the AI summary; empty while there is none. */
export function summaryText(rollout: Rollout): string {
  const summary = analysisOf(rollout)?.summary;
  return summary?.kind === 'ai' ? escapeMrkdwn(summary.sentence.text) : '';
}

/** `Risk: LOW, because …`, from the rules; a model can only have raised it. */
export function riskText(rollout: Rollout): string {
  if (rollout.analysis === 'pending') return 'Risk: being worked out.';
  const risk = analysisOf(rollout)?.risk;
  if (risk === undefined) return 'Risk: not known.';
  const because = risk.reasons.slice(0, 2).map(({ text }) => escapeMrkdwn(clamp(text, 200)));
  const raised = risk.raisedBy === 'model' ? ' (raised by the AI summary)' : '';
  const why = because.length === 0 ? ': no rule raises it' : `, because ${because.join('; ')}`;
  return `Risk: *${risk.level.toUpperCase()}*${why}${raised}.`;
}

/** What is known of fixed vulnerabilities: "not checked" is never "none". */
export function securityText(rollout: Rollout): string {
  const security = analysisOf(rollout)?.security;
  if (security === undefined) return 'not checked yet';
  if (security.status === 'not-checked') return `not checked (${escapeMrkdwn(security.reason)})`;
  const counted = severityCounts(security.counts);
  const lost = security.reopened.length === 0 ? '' : `, ${security.reopened.length} opened again`;
  if (counted === '') return `no fixed CVE found in what was checked${lost}`;
  const exploited = security.fixed.filter((one) => one.exploited === true);
  const named = exploited.length === 0 ? security.fixed : exploited;
  const ids = [...new Set(named.map(({ id }) => id))].map(escapeMrkdwn);
  const first = ids.slice(0, 2).join(', ');
  if (exploited.length === 0) return `${counted} fixed (${first})${lost}`;
  // How many more is not said: the list that was stored may have been cut.
  const more = ids.length > 2 ? ' and others' : '';
  return `${counted} fixed, known to be exploited: ${first}${more}${lost}`;
}

/** `2 high, 5 medium`; empty where there are none. */
export function severityCounts({ critical, high, medium, low, unknown }: SeverityCounts): string {
  const counts = [
    [critical, 'critical'],
    [high, 'high'],
    [medium, 'medium'],
    [low, 'low'],
    [unknown, 'of unknown severity'],
  ] as const;
  return counts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

/** Why there is no AI summary, in words; empty when there is one, or while it is worked out. */
export function noSummaryText(rollout: Rollout): string {
  const { analysis } = rollout;
  if (analysis === 'pending') return '';
  const summary = analysisOf(rollout)?.summary;
  if (summary?.kind === 'ai') return '';
  if (summary?.kind === 'none') return noSummary(summary.reason);
  return 'No AI summary (the analysis failed).';
}

export function noSummary(reason: NoSummaryReason): string {
  switch (reason) {
    case 'off':
      return 'No AI summary (switched off).';
    case 'timeout':
      return 'No AI summary (the model did not answer in time).';
    case 'throttled':
      return 'No AI summary (the model is throttled).';
    case 'intervened':
      return 'No AI summary (the guardrail intervened).';
    case 'nonsense':
      return 'No AI summary (the model’s answer could not be backed by facts).';
    case 'over-budget':
      return 'No AI summary (over budget).';
    case 'end-of-life':
      return 'No AI summary (the model is past its end of life).';
    case 'unavailable':
      return 'No AI summary (the model did not answer).';
    default:
      return assertNever(reason);
  }
}
