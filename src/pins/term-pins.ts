import type { Node, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { isTemplated } from './pin-syntax.ts';
import type { PinKind } from './types.ts';
import { valuePin } from './value-pins.ts';
import { writtenAt } from './yaml-scalar.ts';
import { below, emit, firmDoubt, type Spot, sharedDoubt, type Walk, within } from './yaml-walk.ts';

/** The fields of a term by their name in lower case; the plurals are how charts spell a map of terms. */
export const termFields: ReadonlyMap<string, PinKind> = new Map([
  ['alias', 'alias'],
  ['id', 'id'],
  ['ids', 'id'],
  ['name', 'name'],
  ['names', 'name'],
  ['ssmparameter', 'ssmParameter'],
  ['owner', 'owner'],
  ['owners', 'owner'],
  ['tags', 'tags'],
]);

/** The pins in `amiSelectorTerms`: a list, a map as some charts have it, a template, or text that holds a list. */
export function termsPins(walk: Walk, node: unknown, spot: Spot): void {
  if (isAlias(node)) {
    const target = walk.tree.targets.get(node);
    if (target !== undefined && !isAlias(target))
      termsPins(walk, target, elsewhere(walk, target, spot));
    return;
  }
  const here = within(walk, node, spot);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) termPins(walk, item, below(here, index));
  } else if (isScalar(node) && String(node.value ?? '').includes('\n')) {
    walk.embed(node, here, 'terms');
  } else termPins(walk, node, here);
}

/** The pins in one term. */
export function termPins(walk: Walk, node: unknown, spot: Spot): void {
  if (isAlias(node)) {
    const target = walk.tree.targets.get(node);
    if (isMap(target)) termPins(walk, target, elsewhere(walk, target, spot));
    return;
  }
  const written = writtenAt(walk.view, node);
  if (written !== undefined) {
    if (isTemplated(written.value)) emit(walk, 'other', node as Node, written, spot);
    return;
  }
  if (!isMap(node)) return;
  const here = within(walk, node, spot);
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === '<<') termPins(walk, value, here);
    const kind = termFields.get(name.toLowerCase());
    const inner = below(here, name);
    if (kind === 'tags') tagsPin(walk, value, inner, key);
    else if (kind !== undefined && isSeq(value)) {
      for (const [index, item] of value.items.entries())
        valuePin(walk, kind, item, below(inner, index));
    } else if (kind !== undefined) valuePin(walk, kind, value, inner);
  }
}

/** `tags: { key: value }`, reported as it is written. */
export function tagsPin(walk: Walk, node: unknown, spot: Spot, key?: unknown): void {
  if (!isMap(node) || node.items.length === 0 || !node.range) return;
  const { view } = walk;
  const [from, to] = node.range;
  const shown = isScalar(key) && key.range ? view.at(key.range[0]) : undefined;
  const text = writtenAt(view, node)?.value ?? view.text.slice(from, to).trim();
  emit(
    walk,
    'tags',
    node,
    {
      value: text.replace(/\s*\r?\n\s*/g, ', '),
      start: view.at(from),
      end: view.at(from + text.length),
      literal: false,
    },
    spot,
    { shownAt: shown },
  );
}

const selectorFields: ReadonlyMap<string, PinKind> = new Map([
  ['aws-ids', 'id'],
  ['aws::ids', 'id'],
  ['aws::name', 'name'],
  ['aws::owners', 'owner'],
]);

/** `amiSelector` of AWSNodeTemplate (v1alpha1): three keys of AWS, every other one is a tag. */
export function selectorPins(walk: Walk, map: YAMLMap, spot: Spot): void {
  const here = within(walk, map, spot);
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    valuePin(walk, selectorFields.get(name) ?? 'tags', value, below(here, name));
  }
}

/** Terms that stand at an anchor: who they belong to cannot be told from one of the places that use them. */
function elsewhere({ tree }: Walk, target: Node, spot: Spot): Spot {
  const shared = tree.shared.get(target);
  return {
    path: `&${target && 'anchor' in target ? String(target.anchor) : ''}`,
    nearest: target,
    keys: spot.keys,
    doubt: shared === undefined ? firmDoubt('reached through an anchor') : sharedDoubt(shared),
  };
}
