import type { KnownBlock } from '@slack/types';
import type { Analysis, Claim, CveFixed, Fact } from '../src/analysis/types.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { analysisOf } from './analysis-of.ts';
import { noSummary, securityText } from './analysis-text.ts';
import { context, section } from './block-kit.ts';
import { count } from './phrases.ts';

/** The analysis with its sources, as the thread and Details tell it; empty while there is none. */
export function analysisSections(rollout: Rollout): KnownBlock[] {
  const analysis = analysisOf(rollout);
  if (analysis === undefined) return [];
  const texts = [
    summaryLines(analysis),
    riskLines(analysis),
    securityLines(rollout, analysis),
    calloutLines(analysis),
    unknownLines(analysis),
    sourceLines(analysis),
  ];
  return [
    ...texts.filter((text) => text !== '').map((text) => section(text)),
    ...costLine(analysis),
  ];
}

function summaryLines({ summary }: Analysis): string {
  if (summary.kind === 'none') return noSummary(summary.reason);
  const { sentence, bullets, guidance } = summary;
  return [
    `*AI summary*: ${claimText(sentence)}`,
    ...bullets.map((bullet) => `• ${claimText(bullet)}`),
    ...(guidance === undefined ? [] : [`*For reviewers*: ${claimText(guidance)}`]),
  ].join('\n');
}

/** A statement of the model with what it rests on. */
function claimText({ text, facts }: Claim): string {
  return `${escapeMrkdwn(text)} (${escapeMrkdwn(facts.join(', '))})`;
}

function riskLines({ risk, left }: Analysis): string {
  const raised = risk.raisedBy === 'model' ? ', raised by the AI summary' : '';
  return [
    `*Risk by rules*: ${risk.level.toUpperCase()}${raised}`,
    ...risk.reasons.map(
      ({ level, text, facts }) =>
        `• ${level}: ${escapeMrkdwn(text)} (${escapeMrkdwn(facts.join(', '))})`,
    ),
    ...andMore(left.reasons ?? 0),
  ].join('\n');
}

function securityLines(rollout: Rollout, { security }: Analysis): string {
  const lines = [`*Security*: ${securityText(rollout)}`];
  if (security.status === 'checked') lines.push(...advisoryLines(security.fixed));
  if (security.status === 'checked' && security.reopened.length > 0) {
    const { reopened } = security;
    const more = reopened.length > 10 ? ` and ${reopened.length - 10} more` : '';
    lines.push(`Opened again: ${escapeMrkdwn(reopened.slice(0, 10).join(', '))}${more}`);
  }
  if (security.status === 'checked' && security.unchecked.length > 0) {
    lines.push(`Not checked: ${escapeMrkdwn(security.unchecked.join(', '))}`);
  }
  return lines.join('\n');
}

/** The worst of what is fixed, each with its advisory; the others are in Details. */
function advisoryLines(fixed: readonly CveFixed[]): readonly string[] {
  const lines = fixed.slice(0, 5).map((cve) => {
    const { id, severity, package: name, fixedIn, advisory, url } = cve;
    const source = url === undefined ? escapeMrkdwn(advisory) : mrkdwnLink(advisory, url);
    const known = cve.exploited === true ? ', known to be exploited' : '';
    return `• ${escapeMrkdwn(`${id} (${severity}${known}): ${name} ${fixedIn}`)}, ${source}`;
  });
  return fixed.length > lines.length ? [...lines, 'More of them are in Details.'] : lines;
}

/** What the notes themselves point out: outsiders' words, and said to be. */
function calloutLines({ notes, left }: Analysis): string {
  if (notes.status === 'missing' || notes.callouts.length === 0) return '';
  return [
    '*The notes point out*',
    ...notes.callouts.map((text) => `• “${escapeMrkdwn(text)}”`),
    ...andMore(left.callouts),
  ].join('\n');
}

/** More than these would hide what stands around them; the others are counted. */
const most = { unknowns: 8, sources: 14 };

function andMore(count: number): readonly string[] {
  return count > 0 ? [`and ${count} more`] : [];
}

function unknownLines({ unknowns, summary, left }: Analysis): string {
  const said = summary.kind === 'ai' ? summary.unknowns.map(claimText) : [];
  const all = [...unknowns.map((text) => escapeMrkdwn(text)), ...said];
  const lines = all.slice(0, most.unknowns).map((text) => `• ${text}`);
  const more = andMore(all.length - lines.length + (left.unknowns ?? 0));
  return lines.length === 0 ? '' : ['*Not known*', ...lines, ...more].join('\n');
}

function sourceLines({ notes, sources, between, left }: Analysis): string {
  const own =
    notes.status === 'missing'
      ? `Release notes: ${escapeMrkdwn(notes.reason)}`
      : `Release notes: ${mrkdwnLink(clamp(notes.title, 150), notes.url)}${notes.recalled ? ' (*withdrawn*)' : ''}`;
  const passed = between.length + left.between;
  const skipped = passed === 0 ? '' : `, and those of ${count(passed, 'release')} in between`;
  const shown = sources.slice(0, most.sources).map(sourceText);
  const more = andMore(sources.length - shown.length + (left.sources ?? 0));
  return ['*Sources*', `${own}${skipped}`, ...shown, ...more].join('\n');
}

function sourceText({ id, text, url, untrusted }: Fact): string {
  const label = url === undefined ? escapeMrkdwn(id) : mrkdwnLink(id, url);
  const quoted = untrusted === true ? `“${escapeMrkdwn(text)}”` : escapeMrkdwn(text);
  return `${label}: ${quoted}`;
}

/** Who wrote the summary, and at what price; what it said beyond the facts is only counted. */
function costLine({ summary, usage }: Analysis): KnownBlock[] {
  const parts: string[] = [];
  if (summary.kind === 'ai') {
    parts.push(
      `Summary by ${escapeMrkdwn(clamp(summary.model, 80))}, prompt ${escapeMrkdwn(summary.promptVersion)}`,
    );
    if (summary.dropped > 0) {
      parts.push(`${count(summary.dropped, 'statement')} left out that no fact bears out`);
    }
  }
  if (usage?.kept === true) parts.push('kept from an earlier rollout of the same facts');
  else if (usage !== undefined && usage.inputTokens + usage.outputTokens > 0) {
    const cost = usage.usd === undefined ? '' : `, $${usage.usd.toFixed(4)}`;
    parts.push(`${usage.inputTokens + usage.outputTokens} tokens${cost}`);
  }
  return parts.length === 0 ? [] : [context(parts.join(' · '))];
}
