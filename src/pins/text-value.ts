/** A value read from a line of text that is not parsed. */
export type TextValue = {
  readonly value: string;
  /** Offset in the text it was read from. */
  readonly start: number;
  /** False for an expression, and for a literal that something follows. */
  readonly literal: boolean;
};

/**
 * Reads the value that starts at `from` in a line: in quotes, a template expression, or plain up to a comment.
 * @param flow true inside brackets, where a plain value ends at a comma or a closing bracket.
 */
export function textValue(line: string, from: number, flow = false): TextValue | undefined {
  const start = from + (/^[ \t]*/.exec(line.slice(from))?.[0].length ?? 0);
  const rest = line.slice(start);
  const quote = rest[0];
  if (quote === '"' || quote === "'" || quote === '`') return quoted(rest, start, quote, flow);
  if (rest.startsWith('{{') || rest.startsWith('${')) {
    const value = (flow ? (/^\{\{.*?\}\}/.exec(rest)?.[0] ?? rest) : uncommented(rest)).trimEnd();
    return { value, start, literal: false };
  }
  const plain = (flow ? (/^[^,}\]]*/.exec(rest)?.[0] ?? '') : uncommented(rest)).trim();
  return plain === '' || plain.startsWith('#') ? undefined : { value: plain, start, literal: true };
}

function quoted(rest: string, start: number, quote: string, flow: boolean): TextValue | undefined {
  // An expression may hold quotes of its own, so its end is the last one of the line.
  const templated = /^.(?:\{\{|\$\{)/.test(rest) || /^.[^"'`]*(?:\{\{|\$\{)/.test(rest);
  const close = templated ? uncommented(rest).lastIndexOf(quote) : rest.indexOf(quote, 1);
  if (close <= 0) return undefined;
  const value = rest.slice(1, close);
  if (value === '') return undefined;
  const end = /^\s*(?:[,;)\]}]\s*)*(?:(?:#|\/\/|\/\*).*)?$/;
  const after = rest.slice(close + 1);
  const alone = flow ? /^\s*(?:[,}\]]|$)/.test(after) || end.test(after) : end.test(after);
  return { value, start: start + 1, literal: !templated && !value.includes('\\') && alone };
}

function uncommented(text: string): string {
  return text.replace(/\s(?:#|\/\/)\s.*$|\s#.*$/, '');
}
