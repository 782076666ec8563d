import { LimitError, maxFileBytes } from './limits.ts';

/** A file's text, and the way from a place in it back to line, column and byte. */
export type SourceText = {
  /** Without the byte order mark. */
  readonly text: string;
  /** 0-based line of an offset. */
  lineAt(offset: number): number;
  /** The text of a 0-based line, without its line break; empty when there is none. */
  line(index: number): string;
  readonly lineCount: number;
  /** Offset at which a 0-based line starts. */
  lineStart(index: number): number;
  /** Byte of an offset in the file, the byte order mark counted. */
  byteAt(offset: number): number;
};

/**
 * Reads a file as UTF-8 text.
 * @throws LimitError when it is too large, holds NUL bytes (a binary file), or is not UTF-8.
 */
export function readSource(content: Uint8Array): SourceText {
  if (content.length > maxFileBytes) {
    throw new LimitError(`the file is larger than ${maxFileBytes / 1024 / 1024} MB`);
  }
  if (content.includes(0)) throw new LimitError('the file holds NUL bytes: it is not text');
  const marked = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  const text = decode(marked ? content.subarray(3) : content);
  const markBytes = marked ? 3 : 0;
  return sourceText(text, markBytes, text.length === content.length - markBytes);
}

function decode(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new LimitError('the file is not valid UTF-8', { cause });
  }
}

function sourceText(text: string, markBytes: number, ascii: boolean): SourceText {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineStart = (index: number) => starts[index] ?? text.length;
  // Counted on from the last place asked for: pins come in the order of the file.
  let known = { offset: 0, bytes: 0 };
  const bytesBefore = (offset: number) => {
    const from = offset >= known.offset ? known : { offset: 0, bytes: 0 };
    known = { offset, bytes: from.bytes + Buffer.byteLength(text.slice(from.offset, offset)) };
    return known.bytes;
  };
  return {
    text,
    lineCount: starts.length,
    lineStart,
    line: (index) => text.slice(lineStart(index), lineStart(index + 1)).replace(/\r?\n$/, ''),
    lineAt(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (lineStart(middle) <= offset) low = middle;
        else high = middle - 1;
      }
      return low;
    },
    byteAt: (offset) => markBytes + (ascii ? offset : bytesBefore(offset)),
  };
}
