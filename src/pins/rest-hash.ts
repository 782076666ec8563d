import type { Node, Pair } from 'yaml';
import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { LimitError, maxDepth, maxNodes } from './limits.ts';
import type { YamlTree } from './yaml-tree.ts';

/** A counter all hashes of one file share, so that many objects cannot expand one anchor many times. */
export type Budget = { spent: number };

/**
 * Hash of what an object says without its pins: comments, style and the order of keys do not count. Anchors are
 * followed, so that a change elsewhere in the document that reaches the object is seen.
 * @param pins what stands in a value's place: the value without the pin.
 * @throws LimitError when following anchors takes too many steps.
 */
export function restOfObject(
  { targets }: YamlTree,
  object: Node,
  pins: ReadonlyMap<Node, string>,
  budget: Budget,
): string {
  const textOf = (node: unknown, depth: number): string => {
    budget.spent += 1;
    if (budget.spent > maxNodes || depth > 2 * maxDepth) {
      throw new LimitError('the file holds too much once its anchors are followed');
    }
    if (isAlias(node)) {
      const target = targets.get(node);
      return target === undefined ? `*${node.source}` : textOf(target, depth + 1);
    }
    if (isScalar(node)) {
      const written = String(node.value ?? '');
      const value = pins.get(node) ?? (node.type === 'PLAIN' ? plain(written) : written);
      return `${node.tag === undefined ? '' : JSON.stringify(node.tag)}${JSON.stringify(value)}`;
    }
    if (isSeq(node)) return `[${node.items.map((item) => textOf(item, depth + 1)).join(',')}]`;
    if (isMap(node)) return membersOf(node.items, depth);
    return isPair(node) ? membersOf([node], depth) : '-';
  };
  const membersOf = (items: readonly Pair<unknown, unknown>[], depth: number): string => {
    const members = items.map(
      ({ key, value }) => `${textOf(key, depth + 1)}:${textOf(value, depth + 1)}`,
    );
    return `{${members.sort().join(',')}}`;
  };
  return sha256(textOf(object, 0));
}

/** Hash of a whole file without the pins at these places, in order. */
export function restOfText(
  text: string,
  pins: readonly { readonly start: number; readonly end: number }[],
): string {
  let at = 0;
  const parts: string[] = [];
  for (const { start, end } of pins) {
    parts.push(text.slice(at, start));
    at = end;
  }
  parts.push(text.slice(at));
  return sha256(canonicalJson(parts));
}

/** `1` and `"1"` differ, `a` and `"a"` do not. */
function plain(text: string): string {
  // Most scalars are words, and longer than these: told by their first letter and their length.
  const isLong = text.length > 5 && !/^[-+.0-9]/.test(text);
  return !isLong && /^(?:[-+.0-9].*|~|null|true|false|yes|no|on|off|y|n)?$/i.test(text)
    ? `=${text}`
    : text;
}
