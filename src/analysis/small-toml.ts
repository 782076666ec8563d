/** A value of the TOML that we read. Dates and numbers stay as written. */
export type TomlValue = string | boolean | readonly string[];
export type TomlTable = Readonly<Record<string, TomlValue>>;

/** Tables in order; `[[name]]` gives one each. What stands before any has the name ``. */
export type TomlDocument = readonly { readonly name: string; readonly values: TomlTable }[];

const maxLength = 200_000;
const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
};

/**
 * Reads the part of TOML that Bottlerocket's advisories and Twoliter.toml use: tables, arrays of tables, bare and quoted
 * keys, strings in one or more lines, booleans, dates, numbers, arrays of strings.
 * @returns `undefined` for anything else, so that nothing is read half.
 */
export function parseSmallToml(text: string): TomlDocument | undefined {
  if (text.length > maxLength) return undefined;
  const tables: { name: string; values: Record<string, TomlValue> }[] = [
    { name: '', values: Object.create(null) },
  ];
  let at = 0;
  const skip = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const value = (): TomlValue | undefined => {
    const long = skip(/"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""/y);
    if (long !== undefined) return unescaped(long.slice(3, -3).replace(/^\r?\n/, ''));
    const raw = skip(/'''(?:[^']|'(?!''))*'''/y);
    if (raw !== undefined) return raw.slice(3, -3).replace(/^\r?\n/, '');
    const basic = skip(/"(?:[^"\\\n]|\\[^\n])*"/y);
    if (basic !== undefined) return unescaped(basic.slice(1, -1));
    const literal = skip(/'[^'\n]*'/y);
    if (literal !== undefined) return literal.slice(1, -1);
    if (text[at] === '[') return list();
    const word = skip(/[A-Za-z0-9:+.-]+/y);
    if (word === 'true' || word === 'false') return word === 'true';
    return word !== undefined && /^[+-]?\d/.test(word) ? word : undefined;
  };
  const list = (): readonly string[] | undefined => {
    const items: string[] = [];
    at += 1;
    for (;;) {
      skip(/(?:\s|#[^\n]*)+/y);
      if (text[at] === ']') break;
      const item = text[at] === '[' ? undefined : value();
      if (typeof item !== 'string') return undefined;
      items.push(item);
      skip(/(?:\s|#[^\n]*)+/y);
      if (skip(/,/y) === undefined && text[at] !== ']') return undefined;
    }
    at += 1;
    return items;
  };
  for (;;) {
    skip(/(?:\s|#[^\n]*)+/y);
    if (at >= text.length) return tables;
    const heading = skip(/\[\[?[ \t]*[\w.-]+[ \t]*\]\]?/y);
    if (heading !== undefined) {
      if (heading.startsWith('[[') !== heading.endsWith(']]')) return undefined;
      tables.push({ name: heading.replace(/[[\] \t]/g, ''), values: Object.create(null) });
    } else {
      const key = skip(/[\w-]+|"[^"\\\n]+"/y)?.replaceAll('"', '');
      if (key === undefined || skip(/[ \t]*=[ \t]*/y) === undefined) return undefined;
      const [read, values] = [value(), tables.at(-1)?.values];
      if (read === undefined || values === undefined || key in values) return undefined;
      values[key] = read;
    }
    if (skip(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y) === undefined) return undefined;
  }
}

/** A backslash at the end of a line joins it with the next; unknown escapes stay as written. */
function unescaped(text: string): string {
  return text.replace(
    /\\(?:\r?\n\s*|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([\s\S]))/g,
    (whole, four?: string, eight?: string, one?: string) => {
      const code = four ?? eight;
      if (code === undefined) return one === undefined ? '' : (escapes[one] ?? whole);
      const point = Number.parseInt(code, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
