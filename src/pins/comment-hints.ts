import type { SourceText } from './source-text.ts';
import type { PinHint } from './types.ts';

/** What a comment of ours says of the value beside or below it. */
export type Comment =
  | { readonly kind: 'ignore' }
  | { readonly kind: 'hint'; readonly hint: PinHint };

const ours = /(?:#|\/\/|\/\*|--|;).*?\bamiable:[ \t]*(.*)$/;
const aloneOnLine = /^\s*(?:#|\/\/|\/\*|--|;|\{\{-?\s*\/\*)/;

/** The comments of ours in a file: from a 0-based line to what is said of the values on it. Empty for most files. */
export function commentsOf(source: SourceText): ReadonlyMap<number, Comment> {
  const comments = new Map<number, Comment>();
  const { text } = source;
  for (let at = text.indexOf('amiable:'); at !== -1; at = text.indexOf('amiable:', at + 1)) {
    const index = source.lineAt(at);
    const line = source.line(index);
    if (line.length > 1000) continue;
    const said = ours.exec(line)?.[1];
    const comment = said === undefined ? undefined : readComment(said);
    if (comment === undefined) continue;
    comments.set(index, comment);
    // A comment of its own speaks of the next line, unless that line has one too.
    if (aloneOnLine.test(line) && !ours.test(source.line(index + 1))) {
      comments.set(index + 1, comment);
    }
  }
  return comments;
}

function readComment(said: string): Comment | undefined {
  if (/^ignore\b/.test(said)) return { kind: 'ignore' };
  const hint: { family?: string; arch?: string; variant?: string } = {};
  for (const [, key, value] of said.matchAll(/(\w+)=([\w.-]+)/g)) {
    if (key === 'family' || key === 'arch' || key === 'variant') hint[key] = value ?? '';
  }
  return Object.keys(hint).length === 0 ? undefined : { kind: 'hint', hint };
}
