import type { Analysis, Claim, Fact } from '../src/analysis/types.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { markdownLink } from '../src/shared/link.ts';
import { clamp, escapeMarkdown } from '../src/shared/text.ts';
import { analysisOf } from './analysis-of.ts';
import { imageTables, type Rows, whereItRuns } from './analysis-rows.ts';
import { severityCounts } from './analysis-text.ts';

/** Longest tables of one kind of image, in rows: the most important stand first. */
const mostRows = 40;
const mostImages = 8;

/** The analysis as lines of GitHub's Markdown; every word that is not ours is escaped. */
export function analysisMarkdown(rollout: Rollout): readonly string[] {
  const analysis = analysisOf(rollout);
  if (analysis === undefined) {
    return ['### What changes', '', 'The analysis is not there yet; it follows in Slack.', ''];
  }
  return [
    '### What changes',
    '',
    ...summaryLines(analysis),
    '',
    ...riskLines(analysis),
    '',
    ...securityLines(analysis),
    '',
    ...imageLines(analysis),
    ...quotedLines(analysis),
    ...unknownLines(analysis),
    ...sourceLines(analysis),
    '',
  ];
}

function summaryLines({ summary }: Analysis): readonly string[] {
  if (summary.kind === 'none') {
    return ['No AI summary; the facts below come from AWS and the release notes.'];
  }
  const { sentence, bullets, guidance } = summary;
  return [
    `AI summary: ${claimText(sentence)}`,
    ...(bullets.length === 0 ? [] : ['', ...bullets.map((bullet) => `- ${claimText(bullet)}`)]),
    ...(guidance === undefined ? [] : ['', `For reviewers: ${claimText(guidance)}`]),
  ];
}

function claimText({ text, facts }: Claim): string {
  return `${escapeMarkdown(text)} (${escapeMarkdown(facts.join(', '))})`;
}

function riskLines({ risk }: Analysis): readonly string[] {
  const raised = risk.raisedBy === 'model' ? ' (raised by the AI summary)' : '';
  return [
    `Risk: **${risk.level}**${raised}`,
    ...(risk.reasons.length === 0 ? [] : ['']),
    ...risk.reasons.map(
      ({ level, text, facts }) =>
        `- ${level}: ${escapeMarkdown(text)} (${escapeMarkdown(facts.join(', '))})`,
    ),
  ];
}

function securityLines({ security }: Analysis): readonly string[] {
  if (security.status === 'not-checked') {
    return [`Fixed CVEs: not checked (${escapeMarkdown(security.reason)}).`];
  }
  const counted = severityCounts(security.counts);
  return [
    `Fixed CVEs: ${counted === '' ? 'none found in what was checked' : counted}.`,
    ...(security.reopened.length === 0
      ? []
      : ['', `Opened again: ${escapeMarkdown(security.reopened.join(', '))}.`]),
    ...(security.unchecked.length === 0
      ? []
      : ['', `Not checked: ${escapeMarkdown(security.unchecked.join(', '))}.`]),
  ];
}

function imageLines(analysis: Analysis): readonly string[] {
  const tables = imageTables(analysis);
  const more = tables.length + analysis.left.images - mostImages;
  return [
    ...tables
      .slice(0, mostImages)
      .flatMap(({ image, packages, cves }) => [
        `#### ${escapeMarkdown(`${image.amiType}, Kubernetes ${image.kubernetes}, from ${image.from}`)}`,
        '',
        escapeMarkdown(clamp(whereItRuns(image), 500)),
        '',
        ...tableLines(packages),
        ...tableLines(cves),
      ]),
    ...(more > 0 ? [`and ${more} more kinds of image`, ''] : []),
  ];
}

function tableLines([head, ...rows]: Rows): readonly string[] {
  if (head === undefined) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const more = rows.length - mostRows;
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.slice(0, mostRows).map((row) => line(row.map((cell) => escapeMarkdown(cell)))),
    '',
    ...(more > 0 ? [`and ${more} more`, ''] : []),
  ];
}

/** Outsiders' words, and said to be. */
function quotedLines({ notes }: Analysis): readonly string[] {
  if (notes.status === 'missing') return [];
  const { callouts } = notes;
  return [
    ...(callouts.length === 0
      ? []
      : ['The notes point out:', '', ...callouts.map((text) => `- “${escapeMarkdown(text)}”`), '']),
  ];
}

function unknownLines({ unknowns, summary, left }: Analysis): readonly string[] {
  const said = summary.kind === 'ai' ? summary.unknowns.map(claimText) : [];
  const lines = [...unknowns.map((text) => escapeMarkdown(text)), ...said];
  const all = [...lines, ...andMore(left.unknowns)];
  return lines.length === 0 ? [] : ['Not known:', '', ...all.map((text) => `- ${text}`), ''];
}

/** What was not kept when the analysis was stored. */
function andMore(count = 0): readonly string[] {
  return count > 0 ? [`and ${count} more`] : [];
}

function sourceLines({ notes, sources, left }: Analysis): readonly string[] {
  const own =
    notes.status === 'found'
      ? `Release notes: ${markdownLink(notes.title, notes.url)}${notes.recalled ? ' (withdrawn)' : ''}`
      : `Release notes: ${escapeMarkdown(notes.reason)}`;
  const all = [own, ...sources.map(sourceText), ...andMore(left.sources)];
  return ['Sources:', '', ...all.map((text) => `- ${text}`)];
}

function sourceText({ id, text, url, untrusted }: Fact): string {
  const label = url === undefined ? escapeMarkdown(id) : markdownLink(id, url);
  return `${label}: ${untrusted === true ? `“${escapeMarkdown(text)}”` : escapeMarkdown(text)}`;
}
