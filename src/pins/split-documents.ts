import { LimitError, maxDocuments } from './limits.ts';
import type { TextView } from './text-view.ts';

/** What a text must contain to hold a pin; anything else need not be parsed. */
export const mayHoldPins =
  /(?<![a-z])ami|Ami|AMI|[Rr]elease_?[Vv]ersion|(?:al2|al2023|bottlerocket|windows20[0-9]{2})@/;

/** Where in a text such words begin, in order. */
export function wordsIn(text: string): readonly number[] {
  return Array.from(text.matchAll(everyWord), ({ index }) => index);
}

const everyWord = new RegExp(mayHoldPins.source, 'g');

/**
 * The documents of a YAML stream that may hold pins, each to be parsed by itself: one that does not parse spoils no
 * other. A marker at the start of a line ends a document in every context of YAML.
 * @throws LimitError when there are too many.
 */
export function documentsOf(view: TextView): readonly TextView[] {
  const { text } = view;
  // A directive says how the documents after it are to be read.
  if (/^%(?:YAML|TAG)/m.test(text)) return [view];
  const bounds = [0];
  for (const { index } of text.matchAll(/^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm)) {
    bounds.push(index);
    if (bounds.length > maxDocuments) {
      throw new LimitError(`the file holds more than ${maxDocuments} documents`);
    }
  }
  return bounds.flatMap((from, index) => {
    const to = bounds[index + 1] ?? text.length;
    const start = text.startsWith('...', from) ? from + 3 : from;
    const part = text.slice(start, to);
    return mayHoldPins.test(part) ? [partOf(view, part, start)] : [];
  });
}

function partOf(view: TextView, text: string, start: number): TextView {
  return {
    text,
    at: (offset) => view.at(start + offset),
    exact: (from, to) => view.exact(start + from, start + to),
  };
}
