import { isOtherMachine, notRead } from './pin-keys.ts';

/** `key = "literal"` inside braces on one line, with the keys of the braces around it, the outermost first. */
export type InlinePair = {
  readonly name: string;
  readonly around: readonly string[];
  /** `name = "…"` that stands before it in the same braces, as Helm's parameters have it. */
  readonly named?: string;
  readonly value: string;
  /** Offset of the value in the line. */
  readonly start: number;
};

const token =
  /"((?:[^"\\]|\\.){0,300})"(?:\s*[:=](?![=>])\s*(?:"([^"\\]{0,300})"|(\{)))?|([A-Za-z_][\w.-]{0,99})\s*[:=](?![=>])\s*(?:"([^"\\]{0,300})"|(\{))|([{}])|(#|\/\/)/g;

/**
 * Reads the objects of one line of HCL or TOML: `ami_ids = { arm64 = "ami-…" }`. Pairs in what speaks of other machines,
 * or of no image at all, are left out.
 * @param outer name of what the line as a whole stands for, such as a Terraform variable.
 */
export function inlinePairs(line: string, outer?: string): readonly InlinePair[] {
  const pairs: InlinePair[] = [];
  const around: { name: string; named?: string }[] = outer === undefined ? [] : [{ name: outer }];
  for (const match of line.matchAll(token)) {
    const [whole, quoted, ofQuoted, opensQuoted, bare, ofBare, opensBare, brace, comment] = match;
    if (comment !== undefined) break;
    if (brace === '{') around.push({ name: '' });
    else if (brace === '}') around.pop();
    if (brace !== undefined) continue;
    const name = bare ?? quoted ?? '';
    if ((opensQuoted ?? opensBare) !== undefined) {
      around.push({ name });
      continue;
    }
    const value = ofQuoted ?? ofBare;
    if (value === undefined) continue;
    const here = around.at(-1);
    const names = around.map((one) => one.name);
    if (![...names, name].some((one) => isOtherMachine(one) || notRead.has(one))) {
      const start = match.index + whole.lastIndexOf(`"${value}"`) + 1;
      pairs.push({
        ...{ name, around: names, value, start },
        ...(here?.named === undefined ? {} : { named: here.named }),
      });
    }
    if (name === 'name' && here !== undefined) here.named = value;
  }
  return pairs;
}
