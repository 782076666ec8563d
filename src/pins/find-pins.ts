import { type Comment, commentsOf } from './comment-hints.ts';
import type { Draft } from './draft.ts';
import { finishPins } from './finish-pins.ts';
import { languageOf } from './language.ts';
import { LimitError } from './limits.ts';
import { isPlaceholder, isTemplated } from './pin-syntax.ts';
import { refuseAliasBombs } from './refuse-alias-bombs.ts';
import { readSource, type SourceText } from './source-text.ts';
import { documentsOf, mayHoldPins } from './split-documents.ts';
import { textPins } from './text-pins.ts';
import { type TextView, viewOf } from './text-view.ts';
import type { PinFindings } from './types.ts';
import { yamlPins } from './yaml-pins.ts';
import { type ParseEffort, parseYaml } from './yaml-tree.ts';

/**
 * Every place in a file that says which node image is used, in the order of the file.
 * @param path decides how the file is read: YAML and JSON by their structure, everything else line by line.
 * @returns a refusal, and never part of the pins, when the file exceeds a limit (size, depth, documents, aliases) or is
 * not UTF-8 text.
 */
export function findPins(path: string, content: Uint8Array): PinFindings {
  return readPins(path, content, { thorough: false });
}

/** As `findPins`, without its shorter way through plain manifests: for whoever is about to write the file. */
export function findPinsThoroughly(path: string, content: Uint8Array): PinFindings {
  return readPins(path, content, { thorough: true });
}

type Reading = Pick<ParseEffort, 'thorough'>;

function readPins(path: string, content: Uint8Array, reading: Reading): PinFindings {
  try {
    const source = readSource(content);
    if (languageOf(path, source.text) === 'yaml') refuseAliasBombs(source.text);
    if (!mayHoldPins.test(source.text)) return { kind: 'pins', pins: [] };
    const { drafts, unparsed } = draftsOf(path, source, reading);
    const pins = finishPins(source, drafts);
    return { kind: 'pins', pins, ...(unparsed ? { unparsed: true } : {}) };
  } catch (error) {
    if (error instanceof LimitError) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

type Found = { readonly drafts: readonly Draft[]; readonly unparsed: boolean };

function draftsOf(path: string, source: SourceText, { thorough }: Reading): Found {
  const { text } = source;
  const language = languageOf(path, text);
  if (language === 'prose') return { drafts: [], unparsed: false };
  const comments = commentsOf(source);
  const commentAt = (offset: number): Comment | undefined =>
    comments.size === 0 ? undefined : comments.get(source.lineAt(offset));
  const whole = viewOf(text, 0, text.length);
  if (language !== 'yaml') {
    return { drafts: textPins(whole, language, commentAt), unparsed: false };
  }
  const effort = { thorough, characters: 0, tokens: 0 };
  const readText = (view: TextView, prefix: string, as: 'template' | 'values') =>
    textPins(view, as, commentAt, prefix);
  let unparsed = false;
  const drafts = (isJson(path) ? [whole] : documentsOf(whole)).flatMap((view) => {
    const tree = parseYaml(view.text, effort);
    if (tree !== undefined)
      return yamlPins(view, tree, { commented: comments.size > 0, commentAt, readText, effort });
    const found = textPins(view, 'template', commentAt);
    // What a template engine writes need not parse; what nobody renders should.
    if (isTemplated(text) || isPlaceholder(text)) return found;
    unparsed ||= found.length === 0;
    return found.map((draft) => ({ ...draft, doubt: draft.doubt ?? broken }));
  });
  return { drafts, unparsed };
}

const broken = {
  reason: 'the file does not parse as YAML: say in a comment what it is',
  settledByComment: true,
};

function isJson(path: string): boolean {
  return path.toLowerCase().endsWith('.json');
}
