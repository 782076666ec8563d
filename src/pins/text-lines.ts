import type { TextView } from './text-view.ts';

/** One line of a text that is not parsed. */
export type TextLine = {
  readonly index: number;
  /** Without its line break. */
  readonly text: string;
  /** Offset of its first character in the view. */
  readonly start: number;
  /** Columns before the first character that is no blank. */
  readonly indent: number;
  /** `directive`: a line that a template engine reads, wherever it stands. */
  readonly kind: 'blank' | 'comment' | 'directive' | 'boundary' | 'code';
};

/** A line longer than this was written by a machine and is not read. */
const maxLine = 2000;

/** Cuts a text into lines and says which of them count. */
export function linesOf({ text }: TextView): readonly TextLine[] {
  const lines: TextLine[] = [];
  let start = 0;
  let closing: string | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const trimmed = line.trimStart();
    const kind = closing === undefined ? kindOf(line, trimmed) : 'comment';
    closing =
      closing === undefined ? openedBy(trimmed) : line.includes(closing) ? undefined : closing;
    lines.push({
      index: lines.length,
      text: line,
      start,
      indent: line.length - trimmed.length,
      kind,
    });
    start += raw.length + 1;
  }
  return lines;
}

function kindOf(line: string, trimmed: string): TextLine['kind'] {
  if (trimmed === '') return 'blank';
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) return 'boundary';
  if (line.length > maxLine || /^(?:#(?!\{\{)|\/\/|\/\*|\*(?:\s|\/|$)|;)/.test(trimmed))
    return 'comment';
  if (/^\{\{-?\s*\/\*/.test(trimmed)) return 'comment';
  return /^(?:#?\s*\{\{|%\{)/.test(trimmed) ? 'directive' : 'code';
}

/** The end that a comment over several lines waits for. */
function openedBy(trimmed: string): string | undefined {
  if (/^\{\{-?\s*\/\*/.test(trimmed)) return trimmed.includes('*/') ? undefined : '*/';
  if (trimmed.startsWith('/*')) return trimmed.includes('*/') ? undefined : '*/';
  return undefined;
}
