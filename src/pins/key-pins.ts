import type { Node, YAMLMap } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { textOf } from './kubernetes-object.ts';
import {
  innerMeaning,
  isOtherMachine,
  type KeyMeaning,
  keyMeaning,
  kindUnder,
  notRead,
} from './pin-keys.ts';
import { tagsPin, termFields, termPins, termsPins } from './term-pins.ts';
import { valuePin } from './value-pins.ts';
import { writtenAt } from './yaml-scalar.ts';
import { below, emit, type Spot, type Walk, within } from './yaml-walk.ts';

/**
 * Records the pin under a key that names an image.
 * @returns false when the value is something else, which is then looked at like any other.
 */
export function keyPin(walk: Walk, meaning: KeyMeaning, node: unknown, spot: Spot): boolean {
  if (isSeq(node)) {
    const here = within(walk, node, spot);
    return node.items
      .map((item, index) => keyPin(walk, meaning, item, below(here, index)))
      .some(Boolean);
  }
  const written = writtenAt(walk.view, isAlias(node) ? walk.tree.targets.get(node) : node);
  const kind = written === undefined ? undefined : kindUnder(meaning, written.value);
  if (kind === undefined) return false;
  valuePin(walk, kind, node, spot);
  return true;
}

/** `ami: { arm64: ami-… }`: keys that only say which of several images it is. */
export function imageMapPins(walk: Walk, meaning: KeyMeaning, map: YAMLMap, spot: Spot): void {
  const here = within(walk, map, { ...spot, nearest: map });
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const inner = keyMeaning(name) === undefined ? innerMeaning(meaning, name) : undefined;
    if (inner !== undefined) keyPin(walk, inner, value, below(here, name));
  }
}

/** Kustomize's `literals: [AMI_ID=ami-…]`. */
export function literalPins(walk: Walk, items: readonly unknown[], spot: Spot): void {
  for (const [index, item] of items.entries()) {
    const written = writtenAt(walk.view, item);
    const [, name, text] = /^([^=]{1,100})=(.*)$/.exec(written?.value ?? '') ?? [];
    if (written === undefined || name === undefined || text === undefined) continue;
    const meaning = spot.keys ? keyMeaning(name) : undefined;
    const kind = meaning === undefined ? undefined : kindUnder(meaning, text);
    if (kind === undefined) continue;
    const found = { ...written, value: text, start: written.start + name.length + 1 };
    const remainder = `${name}=\u0000`;
    emit(walk, kind, item as Node, found, below(below(spot, index), name), { remainder });
  }
}

/**
 * One operation of a JSON patch (RFC 6902) on an EC2NodeClass' terms or on a value.
 * @returns false when the map is no such operation.
 */
export function patchPins(walk: Walk, map: YAMLMap, spot: Spot): boolean {
  const operation = textOf(walk.view, map, 'op');
  const path = textOf(walk.view, map, 'path');
  if (operation === undefined || path === undefined || !path.startsWith('/')) return false;
  if (operation !== 'add' && operation !== 'replace') return true;
  const node = map.get('value', true);
  const here = below(within(walk, map, { ...spot, nearest: spot.kubernetes ?? map }), 'value');
  const segments = path.split('/');
  const last = segments.at(-1) ?? '';
  const terms = segments.findIndex((segment) => segment.toLowerCase() === 'amiselectorterms');
  if (terms !== -1) {
    const kind = termFields.get(last.toLowerCase());
    if (terms === segments.length - 1) termsPins(walk, node, here);
    else if (/^(?:[0-9]+|-)$/.test(last)) termPins(walk, node, here);
    else if (kind === 'tags') tagsPin(walk, node, here);
    else if (kind !== undefined) valuePin(walk, kind, node, here);
    return true;
  }
  if (!spot.keys || segments.some((segment) => notRead.has(segment) || isOtherMachine(segment))) {
    return true;
  }
  const meaning = keyMeaning(last);
  return meaning !== undefined && keyPin(walk, meaning, node, here);
}

/**
 * Helm's `--set` as Argo CD and helmfile spell it: `name: nodeClass.amiId`, `value: ami-…`.
 * @returns false when the map is no such parameter.
 */
export function parameterPins(walk: Walk, map: YAMLMap, spot: Spot): boolean {
  if (!spot.keys || map.items.length > 4 || !map.has('value')) return false;
  const segments = (textOf(walk.view, map, 'name') ?? '').replace(/\[[0-9]+\]/g, '').split('.');
  if (segments.some(isOtherMachine)) return false;
  const last = segments.at(-1) ?? '';
  const node = map.get('value', true);
  const here = below(within(walk, map, { ...spot, nearest: spot.kubernetes ?? map }), 'value');
  const kind = /^amiSelectorTerms$/i.test(segments.at(-2) ?? '')
    ? termFields.get(last.toLowerCase())
    : undefined;
  if (kind !== undefined) {
    if (!isMap(node)) valuePin(walk, kind, node, here);
    return true;
  }
  const meaning = keyMeaning(last);
  return meaning !== undefined && keyPin(walk, meaning, node, here);
}
