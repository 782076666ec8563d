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

function riskLines({ risk }: Analysis): string {
  const raised = risk.raisedBy === 'model' ? ', raised by the AI summary' : '';
  return [
    `*Risk by rules*: ${risk.level.toUpperCase()}${raised}`,
    ...risk.reasons.map(
      ({ level, text, facts }) =>
        `• ${level}: ${escapeMrkdwn(text)} (${escapeMrkdwn(facts.join(', '))})`,
    ),
  ].join('\n');
}

function securityLines(rollout: Rollout, { security }: Analysis): string {
  const lines = [`*Security*: ${securityText(rollout)}`];
  if (security.status === 'checked') lines.push(...advisoryLines(security.fixed));
  if (security.status === 'checked' && security.reopened.length > 0) {
    lines.push(`Opened again: ${escapeMrkdwn(security.reopened.slice(0, 10).join(', '))}`);
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
  const more = left.callouts > 0 ? [`and ${left.callouts} more`] : [];
  return [
    '*The notes point out*',
    ...notes.callouts.map((text) => `• “${escapeMrkdwn(text)}”`),
    ...more,
  ].join('\n');
}

function unknownLines({ unknowns, summary }: Analysis): string {
  const said = summary.kind === 'ai' ? summary.unknowns.map(claimText) : [];
  const lines = [...unknowns.map((text) => escapeMrkdwn(text)), ...said].slice(0, 8);
  return lines.length === 0 ? '' : ['*Not known*', ...lines.map((text) => `• ${text}`)].join('\n');
}

function sourceLines({ notes, sources, between, left }: Analysis): string {
  const own =
    notes.status === 'missing'
      ? `Release notes: ${escapeMrkdwn(notes.reason)}`
      : `Release notes: ${mrkdwnLink(clamp(notes.title, 150), notes.url)}${notes.recalled ? ' (*withdrawn*)' : ''}`;
  const passed = between.length + left.between;
  const skipped = passed === 0 ? '' : `, and those of ${count(passed, 'release')} in between`;
  return ['*Sources*', `${own}${skipped}`, ...sources.slice(0, 14).map(sourceText)].join('\n');
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
