import type { ParsedNode } from 'yaml';
import { Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/**
 * Reads YAML as Kubernetes manifests are written, several times faster than a parser of all YAML: maps and lists in block
 * style, values on one line, literal blocks. The nodes are those the parser would have made, but for where collections
 * end: trailing comments may be left out.
 * @returns `undefined` for everything else, be it wrong or only written in another way: the parser has to say.
 */
export function readPlainYaml(text: string): ParsedNode | undefined {
  // Tabs and lone carriage returns mean different things in different places; a patch may write terms by tags, which are
  // told as they are written, comments and all.
  if (/[\t\r\uFEFF]|\/ami_?selector/i.test(text)) return undefined;
  const reader: Reader = { text, line: lineAt(text, 0), depth: 0, inTerms: false };
  if (reader.line?.content === '---') reader.line = lineAt(text, reader.line.next);
  try {
    const root = blockAt(reader, 0);
    return reader.line === undefined ? (root as ParsedNode | undefined) : undefined;
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

type Line = {
  /** Columns before the content. */
  readonly indent: number;
  /** From the first character that is no blank; trailing blanks and comments are still on it. */
  readonly content: string;
  /** Offset of the content. */
  readonly start: number;
  /** Offset of the line after it. */
  readonly next: number;
};

type Reader = {
  readonly text: string;
  /** The next line that is neither blank nor a comment; absent: there is none. */
  line: Line | undefined;
  depth: number;
  inTerms: boolean;
};

/** Thrown to leave all levels at once; carries nothing, so it costs nothing. */
const notPlain = Symbol('not plain YAML');

const deepest = 40;
const printable = /^[ -~]*$/;
const entry = /^([A-Za-z_][A-Za-z0-9_./-]{0,99}):(?: +|$)/;
const plainStart = /^[A-Za-z0-9_./]/;
const quoted = /^(?:"([^"\\]*)"|'([^']*)') *(?:$|(?<= )#)/;
const terms = /^ami_?selector(?:_?terms)?$/i;

/** The line at an offset, or the first after it that says something. */
function lineAt(text: string, from: number): Line | undefined {
  for (let at = from; at < text.length; ) {
    const end = endOfLine(text, at);
    let start = at;
    while (text.charCodeAt(start) === 0x20) start += 1;
    const first = start < end ? text.charCodeAt(start) : undefined;
    const next = end + 1;
    if (first !== undefined && first !== 0x23) {
      return { indent: start - at, content: text.slice(start, end), start, next };
    }
    at = next;
  }
  return undefined;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The map or list whose lines begin in this column. */
function blockAt(reader: Reader, indent: number): YAMLMap | YAMLSeq | undefined {
  const { line } = reader;
  if (line === undefined || line.indent !== indent || reader.depth >= deepest) throw notPlain;
  reader.depth += 1;
  const block = line.content.startsWith('- ') ? listAt(reader, indent) : mapAt(reader, indent);
  reader.depth -= 1;
  return block;
}

function mapAt(reader: Reader, indent: number): YAMLMap {
  const map = new YAMLMap();
  const from = reader.line?.start ?? 0;
  let end = from;
  for (let { line } = reader; line !== undefined && line.indent === indent; line = reader.line) {
    const match = printable.test(line.content) ? entry.exec(line.content) : null;
    const name = match?.[1];
    if (match === null || name === undefined) throw notPlain;
    // Terms by tags are told as they are written, comments and all.
    if (reader.inTerms && name === 'tags') throw notPlain;
    const outside = reader.inTerms;
    reader.inTerms ||= terms.test(name);
    const value = valueAt(reader, line, match[0].length, indent);
    reader.inTerms = outside;
    map.items.push(new Pair(scalar(name, 'PLAIN', line.start, line.start + name.length), value));
    end = value.range?.[2] ?? end;
  }
  if (reader.line !== undefined && reader.line.indent > indent) throw notPlain;
  map.range = [from, end, end];
  return map;
}

function listAt(reader: Reader, indent: number): YAMLSeq {
  const list = new YAMLSeq();
  const from = reader.line?.start ?? 0;
  let end = from;
  for (let { line } = reader; line !== undefined && line.indent === indent; line = reader.line) {
    const [dash] = /^- +(?=[^ #-])/.exec(line.content) ?? [];
    if (dash === undefined) break;
    const content = line.content.slice(dash.length);
    let item: Scalar | YAMLMap | YAMLSeq | undefined;
    if (entry.test(content)) {
      // A map whose first entry stands behind the dash goes on in that column.
      const column = indent + dash.length;
      reader.line = { indent: column, content, start: line.start + dash.length, next: line.next };
      item = blockAt(reader, column);
    } else {
      item = printable.test(content) ? valueAt(reader, line, dash.length, indent) : undefined;
    }
    if (item === undefined) throw notPlain;
    list.items.push(item);
    end = item.range?.[2] ?? end;
  }
  if (reader.line !== undefined && reader.line.indent > indent) throw notPlain;
  list.range = [from, end, end];
  return list;
}

/** What stands from an offset in a line on; the reader goes on behind it. */
function valueAt(reader: Reader, line: Line, offset: number, indent: number) {
  const rest = line.content.slice(offset);
  const start = line.start + offset;
  if (rest === '' || rest.startsWith('#')) return nestedAt(reader, line, indent);
  if (rest.startsWith('|')) return literalAt(reader, line, rest, start, indent);
  reader.line = lineAt(reader.text, line.next);
  // A value of several lines goes on deeper than what it belongs to.
  if (reader.line !== undefined && reader.line.indent > indent) throw notPlain;
  if (rest.startsWith('[')) return flowAt(rest, start);
  const match = quoted.exec(rest);
  if (match !== null) {
    const value = match[1] ?? match[2] ?? '';
    const type = match[1] === undefined ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE';
    return scalar(value, type, start, start + value.length + 2);
  }
  const comment = rest.indexOf(' #');
  const value = (comment === -1 ? rest : rest.slice(0, comment)).trimEnd();
  if (!plainStart.test(value) || value.includes(': ') || value.endsWith(':')) throw notPlain;
  return scalar(value, 'PLAIN', start, start + value.length);
}

/** The block below a key, or nothing. A list may stand in the column of its key. */
function nestedAt(reader: Reader, line: Line, indent: number) {
  reader.line = lineAt(reader.text, line.next);
  const { line: next } = reader;
  const isList = next?.content.startsWith('- ') === true && next.indent === indent;
  if (next !== undefined && (next.indent > indent || isList)) {
    const block = blockAt(reader, next.indent);
    if (block !== undefined) return block;
  }
  return scalar('', 'PLAIN', line.next - 1, line.next - 1);
}

/** `["a", b]` and `[]`, without anything in it that holds more. */
function flowAt(rest: string, start: number): YAMLSeq {
  const [whole] =
    /^\[ *(?:(?:"[^"\\]*"|[A-Za-z0-9_.-]+)(?: *, *(?:"[^"\\]*"|[A-Za-z0-9_.-]+))* *)?\](?= *$| +#)/.exec(
      rest,
    ) ?? [];
  if (whole === undefined || /[[,] *[-.]/.test(whole)) throw notPlain;
  const list = new YAMLSeq();
  list.flow = true;
  for (const { 0: item, index } of whole.matchAll(/"[^"]*"|[A-Za-z0-9_.-]+/g)) {
    const from = start + index;
    const isQuoted = item.startsWith('"');
    const value = isQuoted ? item.slice(1, -1) : item;
    list.items.push(scalar(value, isQuoted ? 'QUOTE_DOUBLE' : 'PLAIN', from, from + item.length));
  }
  const end = start + whole.length;
  list.range = [start, end, end];
  return list;
}

/** A literal block, `|` or `|-`; its lines are indented as the first of them is. */
function literalAt(reader: Reader, line: Line, header: string, start: number, indent: number) {
  if (header !== '|' && header !== '|-') throw notPlain;
  const { text } = reader;
  let column: number | undefined;
  let at = line.next;
  let end = at;
  const lines: string[] = [];
  let filled = 0;
  let trailing = false;
  while (at < text.length) {
    const stop = endOfLine(text, at);
    let first = at;
    while (first < stop && text.charCodeAt(first) === 0x20) first += 1;
    if (first < stop) {
      const depth = first - at;
      if (column === undefined) {
        // Blank lines before the first may not be indented more.
        if (depth <= indent || lines.length > 0) throw notPlain;
        column = depth;
      }
      if (depth < column) break;
      lines.push(text.slice(at + column, stop));
      filled = lines.length;
      trailing = false;
      end = Math.min(stop + 1, text.length);
    } else {
      trailing ||= stop > at;
      lines.push(column === undefined ? '' : text.slice(at + column, stop));
    }
    at = stop + 1;
  }
  // Whether blanks at the end belong to the value depends on how many there are.
  if (column === undefined || trailing || text.charCodeAt(end - 1) !== 0x0a) throw notPlain;
  reader.line = lineAt(text, at);
  if (reader.line !== undefined && reader.line.indent > indent) throw notPlain;
  const value = lines.slice(0, filled).join('\n') + (header === '|' ? '\n' : '');
  return scalar(value, 'BLOCK_LITERAL', start, end);
}

function scalar(value: string, type: Scalar.Type, start: number, end: number): Scalar {
  const node = new Scalar(value);
  node.type = type;
  node.range = [start, end, end];
  return node;
}
