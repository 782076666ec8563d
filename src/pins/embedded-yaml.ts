import type { Scalar } from 'yaml';
import type { TextView } from './text-view.ts';

/**
 * The text inside a string, as a view that leads back to the file.
 * @returns `undefined` when the string folds its lines or escapes what we do not map: nothing in it can be moved then.
 */
export function embeddedView(view: TextView, scalar: Scalar): TextView | undefined {
  const text = String(scalar.value ?? '');
  const offsets = offsetsOf(view.text, scalar, text);
  if (offsets === undefined) return undefined;
  const at = (offset: number) => offsets[offset] ?? (offsets.at(-1) ?? -1) + 1;
  return {
    text,
    at: (offset) => view.at(at(offset)),
    exact: (start, end) =>
      end > start &&
      at(end - 1) - at(start) === end - 1 - start &&
      view.exact(at(start), at(end - 1) + 1),
  };
}

function offsetsOf(source: string, scalar: Scalar, text: string): readonly number[] | undefined {
  if (!scalar.range) return undefined;
  const [start, end] = scalar.range;
  const inside = { start: start + 1, end: end - 1 };
  switch (scalar.type) {
    case 'BLOCK_LITERAL':
      return blockOffsets(source, start, end, text);
    case 'QUOTE_DOUBLE':
      return quotedOffsets({ ...inside, read: inDoubleQuotes(source) }, text);
    case 'QUOTE_SINGLE':
      return quotedOffsets({ ...inside, read: inSingleQuotes(source) }, text);
    case 'PLAIN':
      return source.slice(start, end) === text ? straight(start, text.length) : undefined;
    case 'BLOCK_FOLDED':
    case undefined:
      return undefined;
  }
  return undefined;
}

function straight(start: number, length: number): number[] {
  return Array.from({ length }, (_, index) => start + index);
}

/** A literal block: every line lost the same indentation, and its line breaks became one character each. */
function blockOffsets(
  source: string,
  start: number,
  end: number,
  text: string,
): readonly number[] | undefined {
  const offsets: number[] = [];
  let from = source.indexOf('\n', start) + 1;
  if (from === 0) return undefined;
  for (const line of text.split('\n')) {
    if (offsets.length >= text.length) break;
    const breakAt = source.indexOf('\n', from);
    const lineEnd = breakAt === -1 ? end : breakAt;
    const written = source.slice(from, lineEnd).replace(/\r$/, '');
    const indent = written.length - line.length;
    // A blank line may be indented less, or more, than the text it is part of.
    if (line !== '' && (indent < 0 || written.slice(indent) !== line)) return undefined;
    const first = from + Math.max(0, indent);
    for (let index = 0; index < line.length; index += 1) offsets.push(first + index);
    if (offsets.length < text.length) offsets.push(from + written.length);
    from = lineEnd + 1;
  }
  return offsets.length === text.length ? offsets : undefined;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  '\\': '\\',
  '/': '/',
  ' ': ' ',
};

/** What stands at a place of the file: the character it means, and how many characters it takes; `undefined`: nothing we map. */
type Read = (at: number) => { readonly meant: string; readonly width: number } | undefined;

/** A string on one line, read character by character; `undefined` where it does not come to `text` exactly. */
function quotedOffsets(
  { start, end, read }: { readonly start: number; readonly end: number; readonly read: Read },
  text: string,
): readonly number[] | undefined {
  const offsets: number[] = [];
  let at = start;
  while (at < end && offsets.length < text.length) {
    const found = read(at);
    if (found === undefined || found.meant !== text[offsets.length]) return undefined;
    offsets.push(at);
    at += found.width;
  }
  return at === end && offsets.length === text.length ? offsets : undefined;
}

/** As JSON and generated YAML have it. A line break would be folded. */
function inDoubleQuotes(source: string): Read {
  return (at) => {
    const character = source[at];
    if (character === '\n') return undefined;
    const escaped = character === '\\';
    const meant = escaped ? escapes[source[at + 1] ?? ''] : character;
    return meant === undefined ? undefined : { meant, width: escaped ? 2 : 1 };
  };
}

/** A doubled quote means one. */
function inSingleQuotes(source: string): Read {
  return (at) => {
    const meant = source[at];
    return meant === undefined ? undefined : { meant, width: meant === "'" ? 2 : 1 };
  };
}
