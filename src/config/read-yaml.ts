import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { type ConfigError, spellPath } from './config-error.ts';
import { withoutSecrets } from './secret.ts';

type Place = { readonly line: number; readonly column: number };

export type YamlText = {
  readonly value: unknown;
  /** Where the key is written, or else the nearest thing around it. */
  place(path: readonly PropertyKey[]): Place | undefined;
};

/** In UTF-16 code units; a fleet of a thousand clusters takes a fifth of it. */
const largestFile = 1024 * 1024;

/** Reads one YAML 1.2 document, anchors and `<<` included, and remembers where everything stands. */
export function readYaml(
  text: string,
):
  | { readonly ok: true; readonly yaml: YamlText }
  | { readonly ok: false; readonly errors: readonly ConfigError[] } {
  if (text.length > largestFile) {
    return failed([{ path: '', message: `is larger than ${largestFile} characters.` }]);
  }
  const lineCounter = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  // The library looks for duplicate keys in quadratic time, so that is switched off and done below.
  const document = parseDocument(text, {
    lineCounter,
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
  });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return failed(
      firstOfEachLine(
        broken.map(({ code, pos }) => ({
          path: '',
          message: `is not valid YAML: ${sentences[code] ?? 'it cannot be read from here on'}.`,
          ...placeOf(pos[0]),
        })),
      ),
    );
  }
  const misused = [...duplicateKeys(document, placeOf), ...openAliases(document, placeOf)];
  if (misused.length > 0) return failed(misused);
  try {
    const index: PairIndex = new Map();
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    return {
      ok: true,
      yaml: {
        value,
        place: (path) => {
          const offset = offsetOf(document, path, index);
          return offset === undefined ? undefined : placeOf(offset);
        },
      },
    };
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    return failed([{ path: '', message: 'uses its anchors (&name) too often.' }]);
  }
}

/** So many broken lines are told: one mistake breaks all that follows, and nobody reads thirty of them. */
const mostBroken = 9;

function firstOfEachLine(errors: readonly (ConfigError & Place)[]): readonly ConfigError[] {
  const sorted = [...errors].sort((a, b) => a.line - b.line || a.column - b.column);
  const told = sorted.filter(({ line }, index) => line !== sorted[index - 1]?.line);
  const more = told.length - mostBroken;
  const lines = more === 1 ? 'one more line' : `${more} more lines`;
  return [
    ...told.slice(0, mostBroken),
    ...(more > 0
      ? [{ path: '', message: `is not valid YAML in ${lines}, maybe because of these.` }]
      : []),
  ];
}

const failed = (errors: readonly ConfigError[]) => ({ ok: false, errors }) as const;

// Our own words: the library's quote the file, which may hold a secret at just that place.
const sentences: Readonly<Record<string, string>> = {
  BAD_DQ_ESCAPE: 'a backslash in double quotes starts no known escape; use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_SCALAR_START: 'a plain value cannot start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a nested mapping must start on a line of its own, or a value with ": " needs quotes',
  MISSING_CHAR: 'a quote, bracket, comma or colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line and end with a colon',
  MULTIPLE_DOCS: 'it must hold one document, without a second ---',
  TAB_AS_INDENT: 'tabs cannot be used for indentation',
  TAG_RESOLVE_FAILED: 'tags (!name) are not supported here',
  UNEXPECTED_TOKEN: 'this is not expected here',
};

function duplicateKeys(document: Document, placeOf: (offset: number) => Place): ConfigError[] {
  const errors: ConfigError[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const { value, range } = key;
        if (seen.has(value)) {
          errors.push({
            path: '',
            message: `has the key ${withoutSecrets(spellPath([String(value)]))} twice in one mapping.`,
            ...(range ? placeOf(range[0]) : {}),
          });
        }
        seen.add(value);
      }
    },
  });
  return errors;
}

function openAliases(document: Document, placeOf: (offset: number) => Place): ConfigError[] {
  const errors: ConfigError[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      const message = 'is not valid YAML: this alias (*name) has no anchor (&name) before it.';
      errors.push({ path: '', message, ...(alias.range ? placeOf(alias.range[0]) : {}) });
    },
  });
  return errors;
}

type PairIndex = Map<YAMLMap, ReadonlyMap<string, Pair>>;

// Looked up once a mapping, not once an error: a file with many unknown keys would take quadratic time.
function pairsOf(map: YAMLMap, index: PairIndex): ReadonlyMap<string, Pair> {
  const known = index.get(map);
  if (known !== undefined) return known;
  const pairs = new Map(
    map.items.flatMap((pair) =>
      isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [],
    ),
  );
  index.set(map, pairs);
  return pairs;
}

function offsetOf(
  document: Document,
  path: readonly PropertyKey[],
  index: PairIndex,
): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = pairsOf(node, index).get(String(part));
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
