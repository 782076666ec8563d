import type { Alias, Node, ParsedNode, YAMLMap } from 'yaml';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  parseDocument,
} from 'yaml';
import { LimitError, maxDepth, maxNodes, maxTokens } from './limits.ts';
import { readPlainYaml } from './plain-yaml.ts';

/** One YAML or JSON document with what cannot be seen from a node alone. */
export type YamlTree = {
  readonly root: ParsedNode;
  /** What each alias stands for; an alias without an anchor is not in it. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Nodes whose anchor is used, with the anchor's name and the number of uses. */
  readonly shared: ReadonlyMap<Node, { readonly anchor: string; readonly uses: number }>;
  /** Maps that repeat a key, with the key: which value counts is then up to the reader. */
  readonly repeats: ReadonlyMap<YAMLMap, string>;
};

/** How one file is parsed, and what that has cost so far over all its documents and the strings in them. */
export type ParseEffort = {
  /** Leaves plain manifests to the parser of all YAML too. */
  readonly thorough: boolean;
  characters: number;
  tokens: number;
};

/**
 * Parses one document; `undefined` when it does not parse as YAML or is empty.
 * @throws LimitError when it is nested too deeply or holds too many nodes.
 */
export function parseYaml(text: string, effort: ParseEffort): YamlTree | undefined {
  // A template's line at the margin is never YAML, and every error the parser finds after it costs a stack trace.
  if (/^(?:\{\{|%\{)/m.test(text)) return undefined;
  refuseLaborious(text, effort);
  const plain = effort.thorough ? undefined : readPlainYaml(text);
  if (plain !== undefined) return treeOf(plain);
  const { contents, errors } = parse(text);
  if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) {
    throw new LimitError('the file is nested too deeply to be parsed');
  }
  return errors.length > 0 || contents === null ? undefined : treeOf(contents);
}

function parse(text: string): Document.Parsed {
  refuseDeep(text);
  try {
    return parseDocument(text, {
      // Scalars stay text: what a version or an account id would become as a number is of no interest.
      schema: 'failsafe',
      resolveKnownTags: false,
      // The library's own check is quadratic: 16,000 keys take seconds. Ours is in `treeOf`.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new LimitError('the file is nested too deeply to be parsed', { cause });
  }
}

/** Cuts tokens only when there is much to parse: that alone costs a fifth of parsing. */
function refuseLaborious(text: string, effort: ParseEffort): void {
  effort.characters += text.length;
  if (effort.characters <= freeCharacters) return;
  for (const _ of new Lexer().lex(text)) {
    effort.tokens += 1;
    if (effort.tokens > maxTokens) {
      throw new LimitError(`the file holds more than ${maxTokens} tokens of YAML`);
    }
  }
}

const freeCharacters = 32 * 1024;

/** The parser recurses, so what opens many brackets or dashes in a row is refused before it sees it. */
function refuseDeep(text: string): void {
  if (/(?:[[{]\s{0,20}){100}|(?:[-?:] {1,20}){100}/.test(text)) {
    throw new LimitError(`the file is nested more than ${maxDepth} levels deep`);
  }
}

function treeOf(root: ParsedNode): YamlTree {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const shared = new Map<Node, { anchor: string; uses: number }>();
  const repeats = new Map<YAMLMap, string>();
  let nodes = 0;
  const visit = (node: unknown, depth: number): void => {
    nodes += 1;
    if (nodes > maxNodes) throw new LimitError(`the file holds more than ${maxNodes} values`);
    if (depth > maxDepth) {
      throw new LimitError(`the file is nested more than ${maxDepth} levels deep`);
    }
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) return;
      targets.set(node, target);
      shared.set(target, { anchor: node.source, uses: (shared.get(target)?.uses ?? 0) + 1 });
      return;
    }
    if (isScalar(node) || isCollection(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    }
    if (isMap(node)) {
      const keys = new Set<string>();
      for (const { key, value } of node.items) {
        if (isScalar(key)) {
          const name = String(key.value);
          if (keys.has(name) && name !== '<<') repeats.set(node, name);
          keys.add(name);
          nodes += 1;
        } else {
          visit(key, depth + 1);
        }
        visit(value, depth + 1);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) visit(isPair(item) ? item.value : item, depth + 1);
    }
  };
  visit(root, 0);
  return { root, targets, shared, repeats };
}
