import type { Node, Pair, Scalar, YAMLMap } from 'yaml';
import { isCollection, isMap, isScalar, isSeq } from 'yaml';
import type { Comment } from './comment-hints.ts';
import type { Doubt, Draft } from './draft.ts';
import { embeddedView } from './embedded-yaml.ts';
import { imageMapPins, keyPin, literalPins, parameterPins, patchPins } from './key-pins.ts';
import { kubernetesObject, textOf } from './kubernetes-object.ts';
import { maxEmbedding } from './limits.ts';
import {
  isImageMap,
  isOtherMachine,
  keyMeaning,
  kindUnder,
  notRead,
  unmistakableKind,
} from './pin-keys.ts';
import { documentsOf, wordsIn } from './split-documents.ts';
import { selectorPins, termsPins } from './term-pins.ts';
import type { TextView } from './text-view.ts';
import { type Written, writtenAt } from './yaml-scalar.ts';
import { type ParseEffort, parseYaml, type YamlTree } from './yaml-tree.ts';
import { below, emit, firmDoubt, type Spot, type Walk, within } from './yaml-walk.ts';

/** What the walk needs from outside. */
export type YamlReading = {
  /** Whether our comments stand anywhere in the file. */
  readonly commented: boolean;
  /** What our comments say of the values on the line of an offset in the file. */
  commentAt(offset: number): Comment | undefined;
  readonly effort: ParseEffort;
  /** Pins in a string that holds a template, read as text. */
  readText(view: TextView, pathPrefix: string, language: 'template' | 'values'): readonly Draft[];
};

/** The pins of one YAML or JSON document. */
export function yamlPins(view: TextView, tree: YamlTree, reading: YamlReading): readonly Draft[] {
  const walk = walkOf(view, tree, reading, 0);
  visit(walk, tree.root, { path: '', nearest: tree.root, keys: true });
  return walk.drafts;
}

const inString: Doubt = {
  reason: 'inside a string that is no YAML: say in a comment what it is',
  settledByComment: true,
};

function walkOf(view: TextView, tree: YamlTree, reading: YamlReading, embedding: number): Walk {
  const drafts: Draft[] = [];
  return {
    view,
    tree,
    drafts,
    words: wordsIn(view.text),
    commented: reading.commented,
    commentAt: reading.commentAt,
    embed(node, spot, as) {
      if (embedding >= maxEmbedding) return;
      const exact = embeddedView(view, node);
      const [from = 0] = node.range ?? [];
      const place = view.at(from);
      const text = String(node.value ?? '');
      const inner = exact ?? { text, at: () => place, exact: () => false };
      const folded =
        exact === undefined
          ? firmDoubt('inside a string that folds or escapes its lines')
          : spot.doubt;
      const host = { scalar: node, start: place, end: view.at(node.range?.[1] ?? from) };
      const keep = (found: readonly Draft[]) => {
        for (const draft of found) drafts.push({ ...draft, hosts: [...(draft.hosts ?? []), host] });
      };
      for (const part of as === 'terms' ? [inner] : documentsOf(inner)) {
        const parsed = parseYaml(part.text, reading.effort);
        const prefix = `${spot.path}>`;
        if (parsed === undefined || isScalar(parsed.root)) {
          // Anything else that does not parse may be a script, with images of its own.
          const isValues = /\.(?:toml|tfvars)(?:"\])?$/i.test(spot.path);
          if (!isValues && !/ami_?selector_?terms|amiable:/i.test(part.text)) continue;
          const found = reading
            .readText(part, prefix, isValues ? 'values' : 'template')
            .map((draft) => (isValues ? { ...draft, doubt: draft.doubt ?? inString } : draft));
          keep(folded === undefined ? found : found.map((draft) => ({ ...draft, doubt: folded })));
          continue;
        }
        const deeper = walkOf(part, parsed, reading, embedding + 1);
        const start: Spot = {
          path: prefix,
          object: spot.object,
          nodeClass: spot.nodeClass,
          nearest: parsed.root,
          keys: spot.keys && as === 'values',
          doubt: folded,
        };
        if (as === 'terms') termsPins(deeper, parsed.root, start);
        else visit(deeper, parsed.root, start);
        keep(deeper.drafts);
      }
    },
  };
}

function visit(walk: Walk, node: unknown, spot: Spot): void {
  if (isSeq(node)) {
    const here = within(walk, node, spot);
    for (const [index, item] of node.items.entries()) {
      if (isScalar(item)) visitScalar(walk, '', item, below(here, index));
      else visit(walk, item, below(here, index));
    }
    return;
  }
  if (!isMap(node)) return;
  const raw = writtenAt(walk.view, node);
  if (raw !== undefined) {
    imageFunctionPin(walk, node, raw, spot);
    return;
  }
  const object = kubernetesObject(walk.view, node);
  if (object?.isSchema) return;
  const here = within(
    walk,
    node,
    object === undefined
      ? { ...spot, nearest: node }
      : {
          ...spot,
          path: spot.path.slice(0, spot.path.lastIndexOf('>') + 1),
          object: object.label,
          nodeClass: object.nodeClass,
          kubernetes: node,
          nearest: node,
          keys: object.holdsValues,
        },
  );
  if (patchPins(walk, node, here) || parameterPins(walk, node, here)) return;
  const aimed = aimedAt(walk.view, node, here);
  for (const pair of node.items) visitMember(walk, pair, aimed, node);
}

function visitMember(
  walk: Walk,
  { key, value }: Pair<unknown, unknown>,
  spot: Spot,
  map: YAMLMap,
): void {
  const name = isScalar(key) ? String(key.value) : '';
  const here = below(spot, name);
  const bare = name.toLowerCase().replaceAll('_', '');
  if (bare === 'amiselectorterms') termsPins(walk, value, here);
  else if (bare === 'amiselector' && isMap(value)) selectorPins(walk, value, here);
  else if (notRead.has(name) || (spot.kubernetes === map && ownState.has(name))) return;
  else if (name === 'literals' && isSeq(value)) literalPins(walk, value.items, here);
  else visitOther(walk, name, value, here);
}

function visitOther(walk: Walk, name: string, value: unknown, here: Spot): void {
  const foreign = isOtherMachine(name);
  const meaning = here.keys && !foreign ? keyMeaning(name) : undefined;
  if (meaning !== undefined && keyPin(walk, meaning, value, here)) return;
  if (meaning !== undefined && isMap(value) && isImageMap(name))
    imageMapPins(walk, meaning, value, here);
  const inner = foreign ? { ...here, keys: false } : here;
  if (isScalar(value)) visitScalar(walk, name, value, inner);
  else if (isCollection(value) && mayMatter(walk, value)) visit(walk, value, inner);
}

/** Most of a document has no word of images in it; a comment of ours may stand beside any value. */
function mayMatter({ words, commented }: Walk, { range }: Node): boolean {
  if (commented || !range) return true;
  const [start, end] = range;
  const next = words[firstFrom(words, start)];
  return next !== undefined && next < end;
}

/** Index of the first number that is not below `from`; a file may hold a hundred thousand. */
function firstFrom(ordered: readonly number[], from: number): number {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle] ?? from) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A string under a key that says nothing: YAML of its own, or a literal that a comment explains. */
function visitScalar(walk: Walk, name: string, node: Scalar, spot: Spot): void {
  const text = String(node.value ?? '');
  const written = writtenAt(walk.view, node);
  if (written === undefined || imageFunctionPin(walk, node, written, spot)) return;
  if (text.length > 8 && mayHold.test(text) && !scripts.test(name)) {
    walk.embed(node, spot, valueTexts.test(name) ? 'values' : 'file');
    return;
  }
  const comment = walk.commentAt(written.start);
  if (comment?.kind !== 'hint') return;
  const kind = unmistakableKind(text) ?? kindUnder('version', text);
  if (kind !== undefined) emit(walk, kind, node, written, within(walk, node, spot));
}

/** A template function that looks an image up by the name it is given. */
function imageFunctionPin(walk: Walk, node: Node, written: Written, spot: Spot): boolean {
  const [, image] = /\bamiID "([^"]+)"/.exec(written.value) ?? [];
  if (image === undefined) return false;
  const start = written.start + written.value.indexOf(image);
  const found = { value: image, start, end: start + image.length, literal: false };
  emit(walk, 'name', node, found, {
    ...spot,
    doubt: firmDoubt('argument of Go template function amiID'),
  });
  return true;
}

/** A patch in a kustomization names what it is for beside it. */
function aimedAt(view: TextView, map: YAMLMap, spot: Spot): Spot {
  const target = map.get('target', true);
  if (!isMap(target) || textOf(view, target, 'kind') !== 'EC2NodeClass') return spot;
  const name = textOf(view, target, 'name');
  if (name === undefined || !/^[a-z0-9.-]+$/.test(name)) return { ...spot, object: 'EC2NodeClass' };
  return { ...spot, object: `EC2NodeClass/${name}`, nodeClass: name };
}

/** What Kubernetes and its tools write into an object. */
const ownState = new Set(['metadata', 'status']);

const mayHold =
  /ami_?selector|ami[_-]?(?:id|alias|name|version)|\bami\s*[:=]|release_?version|amiable:/i;
const scripts = /userdata|command|script|args$/i;
const valueTexts = /^(?:values|valuesContent|valuesYaml|configuration|patch)$|\.(?:ya?ml|json)$/i;
