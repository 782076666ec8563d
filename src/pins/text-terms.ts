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
    const [, dash = '', , name, rest] =
      /^\s*(-\s+)?(["']?)([\w:./-]+)\2\s*:(?:\s+(.*)|)$/.exec(line.text) ?? [];
    if (line.indent < key.indent || (line.indent === key.indent && dash === '')) return;
    taken.add(line.index);
    if (dash !== '') item += 1;
    const at = line.indent + dash.length;
    if (dash !== '' || column === undefined) column = at;
    const place = item === -1 ? path : `${path}[${item}]`;
    if (tags !== undefined && at > column) {
      const found = { value: line.text.trim(), start: line.indent, literal: false };
      emitText(reading, { kind: 'tags', found, at: line.start, path: tags, owner });
      tags = undefined;
      continue;
    }
    tags = undefined;
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
  let depth = 0;
  let item = -1;
  for (const line of reading.lines.slice(key.index, key.index + maxTermLines)) {
    taken.add(line.index);
    if (line.kind === 'comment') continue;
    const start = line.index === key.index ? from : 0;
    for (const token of line.text.slice(start).matchAll(tokens)) {
      const text = token[0];
      const at = start + token.index;
      if (text === '[' || text === '{') {
        depth += 1;
        if (text === '{') item += 1;
      } else if (text === ']' || text === '}') {
        depth -= 1;
        if (depth <= 0) return;
      } else if (text.startsWith('#') || text.startsWith('//')) break;
      else if (token[1] !== undefined) field(reading, line, at, token, `${path}[${item}]`, owner);
    }
  }
}

const tokens =
  /["']?\b(alias|id|name|ssmParameter|owner)["']?\s*[:=]\s*(?=[^\s=])|"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|#|\/\/|[[\]{}]/g;

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
  const found = textValue(line.text, at + token[0].length, true);
  if (kind === undefined || found === undefined) return;
  const quoted = /["'`]/.test(line.text[at + token[0].length] ?? '');
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
