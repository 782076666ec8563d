import type { KnownBlock } from '@slack/types';
import type { Analysis, NoSummaryReason } from '../src/analysis/types.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { assertNever } from '../src/shared/assert-never.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { analysisOf } from './analysis-of.ts';
import { section } from './block-kit.ts';
import { count } from './phrases.ts';

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
  const { critical, high, medium, low, unknown } = security.counts;
  const counts = [
    [critical, 'critical'],
    [high, 'high'],
    [medium, 'medium'],
    [low, 'low'],
    [unknown, 'of unknown severity'],
  ] as const;
  const named = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  if (named.length === 0) return 'no fixed CVE found in what was checked';
  const worst = security.fixed.slice(0, 2).map(({ id }) => escapeMrkdwn(id));
  return `${named.join(', ')} fixed (${worst.join(', ')})`;
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

function noSummary(reason: NoSummaryReason): string {
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

/** Summary, packages, fixed vulnerabilities and sources, for Details and the thread. */
export function analysisSections(rollout: Rollout): KnownBlock[] {
  const analysis = analysisOf(rollout);
  if (analysis === undefined) return [];
  const texts = [
    summarySection(analysis),
    packagesText(analysis),
    cvesText(analysis),
    notesText(analysis),
    unknownsText(analysis),
  ];
  return texts.filter((text) => text !== '').map((text) => section(text));
}

function summarySection({ summary }: Analysis): string {
  if (summary.kind === 'none') return noSummary(summary.reason);
  const bullets = summary.bullets.map(
    ({ text, facts }) => `• ${escapeMrkdwn(text)} (${escapeMrkdwn(facts.join(', '))})`,
  );
  const dropped =
    summary.dropped === 0
      ? ''
      : `\n${count(summary.dropped, 'statement')} without facts ${summary.dropped === 1 ? 'was' : 'were'} left out.`;
  return `*AI summary*\n${escapeMrkdwn(summary.sentence.text)}\n${bullets.join('\n')}${dropped}`;
}

function packagesText({ packages, left }: Analysis): string {
  if (packages.length === 0) return '';
  const rows = packages
    .slice(0, 15)
    .map(
      ({ name, from, to, change }) =>
        `• ${escapeMrkdwn(`${name}: ${from ?? '–'} → ${to ?? '–'} (${change})`)}`,
    );
  const more = packages.length - rows.length + left.packages;
  return ['*Packages*', ...rows, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function cvesText({ security, left }: Analysis): string {
  if (security.status === 'not-checked')
    return `*Security*\nNot checked: ${escapeMrkdwn(security.reason)}.`;
  const rows = security.fixed
    .slice(0, 15)
    .map(
      ({ id, severity, package: name, fixedIn }) =>
        `• ${escapeMrkdwn(`${id} (${severity}): ${name} ${fixedIn}`)}`,
    );
  const more = security.fixed.length - rows.length + left.cves;
  return ['*Fixed CVEs*', ...rows, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function notesText({ notes, sources }: Analysis): string {
  const links = sources
    .flatMap(({ id, url }) => (url === undefined ? [] : [mrkdwnLink(id, url)]))
    .slice(0, 8);
  const own =
    notes.status === 'missing'
      ? `Release notes: ${escapeMrkdwn(notes.reason)}.`
      : `Release notes: ${mrkdwnLink(clamp(notes.title, 150), notes.url)}${notes.recalled ? ' (*withdrawn*)' : ''}`;
  return `*Sources*\n${own}${links.length === 0 ? '' : `\n${links.join(' ')}`}`;
}

function unknownsText({ unknowns }: Analysis): string {
  return unknowns.length === 0
    ? ''
    : ['*Not known*', ...unknowns.slice(0, 8).map((text) => `• ${escapeMrkdwn(text)}`)].join('\n');
}
