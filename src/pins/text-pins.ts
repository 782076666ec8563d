import type { Comment } from './comment-hints.ts';
import type { Doubt, Draft } from './draft.ts';
import type { Language } from './language.ts';
import {
  isOtherMachine,
  type KeyMeaning,
  keyMeaning,
  kindUnder,
  notRead,
  unmistakableKind,
} from './pin-keys.ts';
import { bareVersion, releaseVersion } from './pin-syntax.ts';
import { linesOf, type TextLine } from './text-lines.ts';
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
    const foreign = line.kind === 'code' && outline.enter(line);
    if (taken.has(line.index)) continue;
    if (imageFunctionPin(reading, line)) continue;
    if (!foreign && keyLinePin(reading, line)) continue;
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

function keyLinePin(reading: TextReading, line: TextLine): boolean {
  const { language } = reading;
  if (language === 'code' || language === 'script' || language === 'prose') return false;
  const match = keyLine.exec(line.text);
  const name = match?.[2];
  const meaning = name === undefined ? undefined : keyMeaning(name);
  if (match === null || name === undefined || meaning === undefined) return false;
  if (line.text.startsWith('[', match[0].length)) return listPins(reading, line, meaning, match);
  const found = textValue(line.text, match[0].length);
  const kind = found === undefined ? undefined : kindUnder(meaning, found.value);
  if (found === undefined || kind === undefined) return false;
  const doubt: Doubt | undefined =
    language === 'values'
      ? undefined
      : {
          reason: 'outside of amiSelectorTerms: say in a comment what it is',
          settledByComment: true,
        };
  emitText(reading, { kind, found, at: line.start, path: name, doubt });
  return true;
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

/** Where a line stands, by indentation, braces and sections: enough to know a bastion's image from a node's. */
function outlineOf(language: Language): { reset(): void; enter(line: TextLine): boolean } {
  let parents: { readonly indent: number; readonly foreign: boolean }[] = [];
  let section = false;
  let heredoc: string | undefined;
  return {
    reset() {
      parents = [];
    },
    /** @returns true when a key on the line does not speak of nodes. */
    enter({ text, indent }) {
      if (heredoc !== undefined) {
        if (text.trim() === heredoc) heredoc = undefined;
        return true;
      }
      heredoc =
        language === 'template' || language === 'yaml'
          ? undefined
          : /<<[-~]?"?(\w+)"?\s*$/.exec(text)?.[1];
      const header =
        language === 'values' ? /^\s*\[+([^\]]+)\]+\s*(?:#.*)?$/.exec(text)?.[1] : undefined;
      if (header !== undefined) section = header.split('.').some(isOtherMachine);
      while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop();
      const foreign = section || parents.some((parent) => parent.foreign);
      const [name = ''] = /[^\s"':={]+/.exec(text.replace(/^\s*-\s+/, '')) ?? [];
      const block = /^\s*(?:resource|data|module|provider)\b/.test(text) && language === 'hcl';
      parents.push({
        indent,
        foreign: notRead.has(name) || isOtherMachine(name) || (block && otherResource(text)),
      });
      return foreign;
    },
  };
}

/** A block that describes a machine, or a module that is named after one. */
function otherResource(header: string): boolean {
  return (
    /"aws_(?:instance|launch_\w+|spot_\w+|autoscaling_\w+|ami\w*)"/.test(header) ||
    header.split(/["\s]+/).some(isOtherMachine)
  );
}
