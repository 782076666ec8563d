import { clamp, escapeMrkdwn, oneLine, type SafeMrkdwn } from '../src/shared/text.ts';

/** `1 cluster`, `3 clusters`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Somebody's words as a part of a sentence of ours: one line, at most `max` characters, no full stop. */
export function clause(text: string, max = 300): SafeMrkdwn {
  return escapeMrkdwn(clamp(oneLine(text), max).replace(/\.$/, ''));
}

/** The same in quotation marks. */
export function quoted(text: string, max = 300): SafeMrkdwn {
  return `“${clause(text, max)}”` as SafeMrkdwn;
}

/** A name as it may stand in a sentence: escaped, and no longer than a line. */
export function named(name: string): SafeMrkdwn {
  return escapeMrkdwn(clamp(oneLine(name), 60));
}

/** `a, b, c and 5 more`. */
export function listed(names: readonly string[], most = 4): SafeMrkdwn {
  const shown = names.slice(0, most).map(named).join(', ');
  const more = names.length - most;
  return (more > 0 ? `${shown} and ${more} more` : shown) as SafeMrkdwn;
}
