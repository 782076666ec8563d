import type { RichTextBlock } from '@slack/types';
import { clamp, oneLine } from '../src/shared/text.ts';

/** Longest cell, in characters; what is longer is cut. */
const widest = 40;
/** Longest table, in characters: a modal takes less than a message, and nobody reads more. */
const longest = 2_800;

/** Columns side by side in a fixed-width font. It is literal text, in which Slack sees no marks, mentions or links. */
export function textTable(rows: readonly (readonly string[])[]): RichTextBlock {
  const cells = rows.map((row) => row.map((cell) => clamp(oneLine(cell), widest)));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const shown = lines.filter((_, i) => lines.slice(0, i + 1).join('\n').length <= longest);
  const more = lines.length - shown.length;
  const text = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text || '–' }] }],
  };
}
