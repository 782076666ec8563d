import type { Doubt } from './draft.ts';
import { isTemplated } from './pin-syntax.ts';
import { termFields } from './term-pins.ts';
import type { TextLine } from './text-lines.ts';
import { ownerOf } from './text-owner.ts';
import { emitText, type TextReading } from './text-reading.ts';
import { textValue } from './text-value.ts';
import type { PinKind } from './types.ts';

const opening = /["']?(ami_?selector(?:_?terms)?)["']?\s*(?::|=|\+:|:\s*\w+\s*=)(?!=)/i;

/** The longest term list that is followed, in lines. */
const maxTermLines = 300;

/**
 * Finds the term lists in a text that does not parse, and their pins.
 * @returns the lines that belong to one, which nobody else should read.
 */
export function textTermsPins(reading: TextReading): ReadonlySet<number> {
  const taken = new Set<number>();
  for (const line of reading.lines) {
    if (line.kind !== 'code' || taken.has(line.index)) continue;
    const match = opening.exec(line.text);
    if (match === null || /(?:#|\/\/)/.test(line.text.slice(0, match.index))) continue;
    const from = match.index + match[0].length;
    const rest = line.text.slice(from).trim();
    const owner = ownerOf(reading.lines, line);
    const path = match[1] ?? '';
    taken.add(line.index);
    if (/^[[{]/.test(rest) && !rest.startsWith('{{'))
      bracketTerms(reading, line, from, path, owner, taken);
    else if (rest === '' || rest.startsWith('#')) indentedTerms(reading, line, path, owner, taken);
    else if (/^(?:\{\{|\$\{)/.test(rest)) {
      const found = textValue(line.text, from);
      if (found !== undefined)
        emitText(reading, { kind: 'other', found, at: line.start, path, owner });
    }
  }
  return taken;
}

type Owner = ReturnType<typeof ownerOf>;

/** Terms as YAML writes them: what is indented below the key, or stands in a list at its own indentation. */
function indentedTerms(
  reading: TextReading,
  key: TextLine,
  path: string,
  owner: Owner,
  taken: Set<number>,
): void {
  let item = -1;
  let column: number | undefined;
  let tags: string | undefined;
  for (const line of reading.lines.slice(key.index + 1, key.index + maxTermLines)) {
    if (line.kind === 'boundary') return;
    if (line.kind === 'blank' || line.kind === 'comment') continue;
    if (line.kind === 'directive' || /^\$\{.*\}$/.test(line.text.trim())) {
      taken.add(line.index);
      injected(reading, line, tags ?? (item === -1 ? path : undefined), tags !== undefined, owner);
      tags = undefined;
      continue;
    }
    const dash = /^\s*(-(?:\s+|$))/.exec(line.text)?.[1] ?? '';
    const [, , name, rest] =
      /^\s*(?:-\s+)?(["']?)([\w:./-]+)\1\s*:(?:\s+(.*)|)$/.exec(line.text) ?? [];
    if (line.indent < key.indent || (line.indent === key.indent && dash === '')) return;
    taken.add(line.index);
    if (dash !== '') item += 1;
    const at = line.indent + dash.length;
    if (dash !== '' || column === undefined) column = dash === '-' ? undefined : at;
    const place = item === -1 ? path : `${path}[${item}]`;
    if (tags !== undefined && column !== undefined && at > column) {
      const found = { value: line.text.trim(), start: line.indent, literal: false };
      emitText(reading, { kind: 'tags', found, at: line.start, path: tags, owner });
      tags = undefined;
      continue;
    }
    tags = undefined;
    if (/^\{(?!\{)/.test(line.text.slice(at))) {
      flowFields(reading, line, at, { depth: 0, item: item - 1, fields: 1 }, path, owner);
      continue;
    }
    if (name === undefined || at !== column) continue;
    if (name === 'tags' && (rest ?? '') === '') {
      tags = `${place}.tags`;
      continue;
    }
    const kind = legacyFields.get(name) ?? termFields.get(name.toLowerCase());
    const found = textValue(line.text, line.text.indexOf(':', at + name.length) + 1);
    if (kind === undefined || found === undefined) continue;
    const doubt = doubtIn(reading);
    emitText(reading, { kind, found, at: line.start, path: `${place}.${name}`, doubt, owner });
  }
}

const legacyFields: ReadonlyMap<string, PinKind> = new Map([
  ['aws-ids', 'id'],
  ['aws::ids', 'id'],
  ['aws::name', 'name'],
  ['aws::owners', 'owner'],
]);

/** A template line between the terms: control flow says nothing, anything else writes terms or tags of its own. */
function injected(
  reading: TextReading,
  line: TextLine,
  path: string | undefined,
  isTags: boolean,
  owner: Owner,
): void {
  const text = line.text.trim();
  const control =
    /^#?\s*(?:\{\{-?|%\{)\s*(?:if|else|end|endif|for|endfor|range|with|define|template|block|break|\$\w+\s*:?=|\/\*|[-~]?\}\})/;
  if (path === undefined || control.test(text) || !isTemplated(text)) return;
  const found = { value: text, start: line.indent, literal: false };
  emitText(reading, { kind: isTags ? 'tags' : 'other', found, at: line.start, path, owner });
}

/** Terms in brackets: JSON, HCL, TypeScript, flow style. */
function bracketTerms(
  reading: TextReading,
  key: TextLine,
  from: number,
  path: string,
  owner: Owner,
  taken: Set<number>,
): void {
  const list = key.text.slice(from).trimStart().startsWith('[');
  const flow: Flow = { depth: 0, item: -1, fields: list ? 2 : 1 };
  for (const line of reading.lines.slice(key.index, key.index + maxTermLines)) {
    taken.add(line.index);
    if (line.kind === 'comment') continue;
    const start = line.index === key.index ? from : 0;
    if (flowFields(reading, line, start, flow, path, owner)) return;
  }
}

/** How deep we are in brackets, and how deep the fields of a term stand. */
type Flow = { depth: number; item: number; readonly fields: number };

/** @returns true when the brackets are closed. */
function flowFields(
  reading: TextReading,
  line: TextLine,
  start: number,
  flow: Flow,
  path: string,
  owner: Owner,
): boolean {
  for (const token of line.text.slice(start).matchAll(tokens)) {
    const text = token[0];
    const at = start + token.index;
    if (text === '[' || text === '{') {
      flow.depth += 1;
      if (flow.depth === flow.fields) flow.item += 1;
    } else if (text === ']' || text === '}') {
      flow.depth -= 1;
      if (flow.depth <= 0) return true;
    } else if (text.startsWith('#') || text.startsWith('//')) return false;
    else if (token[1] !== undefined && flow.depth === flow.fields) {
      field(reading, line, at, token, `${path}[${flow.item}]`, owner);
    }
  }
  return false;
}

const tokens =
  /["']?\b(alias|id|name|ssmParameter|owner|tags)["']?\s*[:=]\s*(?=[^\s=])|"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|#|\/\/|[[\]{}]/g;

function field(
  reading: TextReading,
  line: TextLine,
  at: number,
  token: RegExpExecArray,
  place: string,
  owner: Owner,
): void {
  const name = token[1] ?? '';
  const kind = termFields.get(name.toLowerCase());
  const from = at + token[0].length;
  if (kind === 'tags') {
    const [tags = ''] = /^\{[^{}]*\}/.exec(line.text.slice(from)) ?? [];
    const found = { value: tags.slice(1, -1).trim(), start: from, literal: false };
    if (found.value !== '')
      emitText(reading, { kind, found, at: line.start, path: `${place}.tags`, owner });
    return;
  }
  const found = textValue(line.text, from, true);
  if (kind === undefined || found === undefined) return;
  const quoted = /["'`]/.test(line.text[from] ?? '');
  // In a programming language what stands without quotes is an expression or a type.
  if (!quoted && reading.language === 'code') return;
  const expression = !quoted && reading.language === 'hcl';
  emitText(reading, {
    kind,
    found: expression ? { ...found, literal: false } : found,
    at: line.start,
    path: `${place}.${name}`,
    doubt: doubtIn(reading),
    owner,
  });
}

/** A program may do anything with a literal, so a person has to say what it is. */
function doubtIn({ language }: TextReading): Doubt | undefined {
  if (language === 'code') {
    return { reason: 'inside a program: say in a comment what it is', settledByComment: true };
  }
  if (language === 'script') {
    return { reason: 'inside a script: say in a comment what it is', settledByComment: true };
  }
  return undefined;
}
