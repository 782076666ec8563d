import { oneLine } from '../shared/text.ts';
import type { DecisionLine } from './decision-line.ts';

/** Columns of the CSV, in this order for ever; new ones are added at the end. */
export const columns = [
  'at',
  'stream',
  'sequence',
  'event',
  'what',
  'release',
  'environment',
  'wave',
  'slack',
  'github',
  'cloud',
  'digest',
  'policy',
  'pullRequests',
  'commits',
  'wanted',
  'reason',
  'cause',
  'clusters',
  'scope',
] as const satisfies readonly (keyof DecisionLine)[];

export const csvHeader = columns.join(',');

/** One line as RFC 4180 has it, without its line end; lists are separated by spaces. */
export function csvLine(line: DecisionLine): string {
  return columns
    .map((column) => {
      const value = line[column];
      return cell(Array.isArray(value) ? value.join(' ') : String(value ?? ''));
    })
    .join(',');
}

/**
 * Text that a spreadsheet shows and never computes: what people typed may begin with `=`, `+`, `-`, `@` or a tab, which
 * is a formula there, also behind spaces or in full width. An apostrophe in front says that it is text.
 * Source: OWASP, "CSV Injection".
 */
function cell(text: string): string {
  const shown = oneLine(text);
  const isFormula = /^[=+\-@\t\r|%＝＋－＠]/.test(text.trimStart()) || /^[\t\r]/.test(text);
  return `"${(isFormula ? `'${shown}` : shown).replaceAll('"', '""')}"`;
}
