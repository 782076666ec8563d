import type { Comment } from './comment-hints.ts';
import type { Doubt, Draft } from './draft.ts';
import { inlinePairs } from './inline-pairs.ts';
import type { Language } from './language.ts';
import {
  innerMeaning,
  type KeyMeaning,
  keyMeaning,
  kindUnder,
  unmistakableKind,
} from './pin-keys.ts';
import { bareVersion, releaseVersion } from './pin-syntax.ts';
import { linesOf, type TextLine } from './text-lines.ts';
import { nowhere, outlineOf, type Place, variableIn } from './text-outline.ts';
import { emitText, type TextReading } from './text-reading.ts';
import { textTermsPins } from './text-terms.ts';
import { textValue } from './text-value.ts';
import type { TextView } from './text-view.ts';
import type { PinKind } from './types.ts';

/**
 * The pins of a text that does not parse. Movable without a comment are only literals in an unmistakable place: under
 * `amiSelectorTerms` of a template or heredoc, and at a known key of tfvars and TOML.
 */
export function textPins(
  view: TextView,
  language: Language,
  commentAt: (offset: number) => Comment | undefined,
  prefix = '',
): readonly Draft[] {
  const lines = linesOf(view);
  const reading: TextReading = { view, lines, language, prefix, drafts: [], commentAt };
  const taken = textTermsPins(reading);
  const outline = outlineOf(language);
  for (const line of lines) {
    if (line.kind === 'boundary') outline.reset();
    if (line.kind !== 'code' && line.kind !== 'directive') continue;
    const place = line.kind === 'code' ? outline.enter(line) : nowhere;
    if (taken.has(line.index)) continue;
    if (imageFunctionPin(reading, line)) continue;
    if (!place.foreign && (keyLinePin(reading, line, place) || inlinePins(reading, line, place))) {
      continue;
    }
    explainedPin(reading, line);
  }
  return reading.drafts;
}

/** `{{ amiID "name" "account" }}`, a template function that looks an image up by the name it is given. */
function imageFunctionPin(reading: TextReading, line: TextLine): boolean {
  const match = /\bamiID "([^"]+)"/.exec(line.text);
  if (match?.[1] === undefined) return false;
  const found = { value: match[1], start: match.index + 'amiID "'.length, literal: true };
  const path = keyLine.exec(line.text)?.[2] ?? 'amiID';
  const doubt = { reason: 'argument of Go template function amiID', settledByComment: false };
  emitText(reading, { kind: 'name', found, at: line.start, path, doubt });
  return true;
}

const keyLine = /^\s*(?:-\s+)?(["']?)([A-Za-z_][\w.-]{0,99})\1\s*[:=](?!=)\s*/;

const atKey: Doubt = {
  reason: 'outside of amiSelectorTerms: say in a comment what it is',
  settledByComment: true,
};

function keyLinePin(reading: TextReading, line: TextLine, place: Place): boolean {
  const { language } = reading;
  if (language === 'code' || language === 'script' || language === 'prose') return false;
  const match = keyLine.exec(line.text);
  const name = match?.[2];
  const meaning = name === undefined ? undefined : meaningAt(name, place);
  if (match === null || name === undefined || meaning === undefined) return false;
  if (line.text.startsWith('[', match[0].length)) return listPins(reading, line, meaning, match);
  const found = textValue(line.text, match[0].length);
  const kind = found === undefined ? undefined : kindUnder(meaning, found.value);
  if (found === undefined || kind === undefined) return false;
  const doubt = language === 'values' ? undefined : atKey;
  emitText(reading, { kind, found, at: line.start, path: pathOf(name, place), doubt });
  return true;
}

/** What a key says where it stands: by itself, in a map of images, or for what names it. */
function meaningAt(name: string, { inside, variable, parameter }: Place): KeyMeaning | undefined {
  if (name === 'default' && variable !== undefined) return keyMeaning(variable);
  if (name === 'value' && parameter !== undefined) {
    return keyMeaning(parameter.split('.').at(-1) ?? '');
  }
  const own = keyMeaning(name);
  const outer = own === undefined && inside !== undefined ? keyMeaning(inside) : undefined;
  return outer === undefined || outer === 'literal' ? own : innerMeaning(outer, name);
}

function pathOf(name: string, { inside, variable, parameter }: Place): string {
  if (name === 'default' && variable !== undefined) return `${variable}.default`;
  if (name === 'value' && parameter !== undefined) return parameter;
  return keyMeaning(name) === undefined ? `${inside ?? ''}.${name}` : name;
}

/** `ami_ids = { arm64 = "ami-…" }` in HCL, tfvars and TOML. */
function inlinePins(reading: TextReading, line: TextLine, outer: Place): boolean {
  const { language } = reading;
  if (language !== 'hcl' && language !== 'values') return false;
  const pins = inlinePairs(line.text).flatMap(({ name, around, named, value, start }) => {
    const [header, ...braces] = around;
    const variable = header === undefined ? undefined : (variableIn(line.text) ?? outer.variable);
    const isDefault = braces.at(-1) === 'default' || (braces.length === 0 && header === 'default');
    const inside = isDefault && variable !== undefined ? variable : around.at(-1);
    const place: Place = {
      foreign: false,
      ...(inside === undefined ? {} : { inside }),
      ...(variable === undefined ? {} : { variable }),
      ...(named === undefined ? {} : { parameter: named }),
    };
    const meaning = meaningAt(name, place);
    const kind = meaning === undefined ? undefined : kindUnder(meaning, value);
    return kind === undefined ? [] : [{ kind, value, start, path: pathOf(name, place) }];
  });
  const several: Doubt = { reason: 'several literals on the line', settledByComment: false };
  const comment = reading.commentAt(reading.view.at(line.start));
  const unsettled = pins.length > 1 && comment?.kind === 'hint' ? several : atKey;
  for (const { kind, value, start, path } of pins) {
    const found = { value, start, literal: true };
    const doubt = language === 'values' ? undefined : unsettled;
    emitText(reading, { kind, found, at: line.start, path, doubt });
  }
  return pins.length > 0;
}

/** `ami_ids = ["ami-…", "ami-…"]`: reported, since which of them is whose cannot be told. */
function listPins(
  reading: TextReading,
  line: TextLine,
  meaning: KeyMeaning,
  key: RegExpExecArray,
): boolean {
  const doubt = { reason: 'inside a list: say in a comment what it is', settledByComment: true };
  const from = key[0].length;
  const list = /^[^\]#]*/.exec(line.text.slice(from))?.[0] ?? '';
  let count = 0;
  for (const { 1: value = '', index } of list.matchAll(/"([^"\\]*)"/g)) {
    const kind = kindUnder(meaning, value);
    if (kind === undefined) continue;
    const found = { value, start: from + index + 1, literal: true };
    const path = `${key[2] ?? ''}[${count}]`;
    emitText(reading, { kind, found, at: line.start, path, doubt });
    count += 1;
  }
  return count > 0;
}

/** A literal that a comment on its line or the line above explains. */
function explainedPin(reading: TextReading, line: TextLine): void {
  const comment = reading.commentAt(reading.view.at(line.start));
  if (comment?.kind !== 'hint' || line.kind !== 'code') return;
  const code = line.text.replace(/(?:\s#|\/\/|\/\*|\{\{-?\s*\/\*).*$/, '');
  const candidates: { kind: PinKind; value: string; start: number }[] = [];
  for (const { 0: value, index } of code.matchAll(/[^\s"'`,;()[\]{}=]+/g)) {
    const kind = kindOf(value, comment.hint.family !== undefined);
    if (kind !== undefined) candidates.push({ kind, value, start: index });
  }
  const doubt: Doubt | undefined =
    candidates.length === 1
      ? undefined
      : { reason: 'several literals on the line', settledByComment: false };
  const path = keyLine.exec(line.text)?.[2] ?? 'literal';
  for (const { kind, value, start } of candidates) {
    const found = { value, start, literal: true };
    emitText(reading, { kind, found, at: line.start, path, doubt });
  }
}

function kindOf(value: string, knownFamily: boolean): PinKind | undefined {
  if (releaseVersion.test(value)) return 'releaseVersion';
  if (/^\/aws\/service\/\S+$/.test(value)) return 'ssmParameter';
  return knownFamily && bareVersion.test(value) ? 'alias' : unmistakableKind(value);
}
