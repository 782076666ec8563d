import type { Node, Scalar } from 'yaml';
import { isMap } from 'yaml';
import type { Comment } from './comment-hints.ts';
import type { Doubt, Draft } from './draft.ts';
import { refuseTooMany } from './limits.ts';
import type { TextView } from './text-view.ts';
import type { PinKind } from './types.ts';
import type { Written } from './yaml-scalar.ts';
import type { YamlTree } from './yaml-tree.ts';

/** Where in a document we are, and what that means for a pin found here. */
export type Spot = {
  readonly path: string;
  readonly object?: string | undefined;
  readonly nodeClass?: string | undefined;
  /** The Kubernetes object we are in; outside of one, a pin belongs to the nearest map. */
  readonly kubernetes?: Node | undefined;
  readonly nearest: Node;
  /** Whether keys such as `amiId` mean node images here. */
  readonly keys: boolean;
  readonly doubt?: Doubt | undefined;
};

/** One walk through one document: what it reads, and what it has found. */
export type Walk = {
  readonly view: TextView;
  readonly tree: YamlTree;
  readonly drafts: Draft[];
  /** Where words of images begin in the view, in order. */
  readonly words: readonly number[];
  /** Whether our comments stand anywhere in the file. */
  readonly commented: boolean;
  /** What our comments say of the values on a place's line; the place is an offset in the file. */
  commentAt(offset: number): Comment | undefined;
  /** Reads the YAML inside a string; `terms` when the string is the term list itself. */
  embed(node: Scalar, spot: Spot, as: 'terms' | 'file' | 'values'): void;
};

/** The spot of a member or an item. */
export function below(spot: Spot, step: string | number): Spot {
  if (typeof step === 'number') return { ...spot, path: `${spot.path}[${step}]` };
  const plain = /^[A-Za-z_][\w-]*$/.test(step);
  const separator = spot.path === '' || spot.path.endsWith('>') ? '' : '.';
  const name = plain ? `${separator}${step}` : `[${JSON.stringify(step.slice(0, 200))}]`;
  return { ...spot, path: `${spot.path}${name}` };
}

/** Everything below a node is doubtful when its anchor is used elsewhere too, or when it repeats a key. */
export function within({ tree }: Walk, node: unknown, spot: Spot): Spot {
  if (spot.doubt !== undefined && !spot.doubt.settledByComment) return spot;
  const repeated = isMap(node) ? tree.repeats.get(node) : undefined;
  if (repeated !== undefined) {
    return { ...spot, doubt: firmDoubt(`the map repeats the key "${repeated}"`) };
  }
  if (spot.doubt !== undefined || tree.shared.size === 0) return spot;
  const shared = tree.shared.get(node as Node);
  return shared === undefined ? spot : { ...spot, doubt: sharedDoubt(shared) };
}

/** A doubt no comment can settle. */
export function firmDoubt(reason: string): Doubt {
  return { reason, settledByComment: false };
}

export function sharedDoubt({
  anchor,
  uses,
}: {
  readonly anchor: string;
  readonly uses: number;
}): Doubt {
  const places = uses === 1 ? 'another place' : `${uses} other places`;
  return { reason: `shared with ${places} through the anchor &${anchor}`, settledByComment: true };
}

/** Records a pin. `echo`: it was reached through an anchor and may be found again where it stands. */
export function emit(
  { drafts, tree }: Walk,
  kind: PinKind,
  node: Node,
  written: Written,
  spot: Spot,
  {
    echo = false,
    remainder = '\u0000',
    shownAt,
  }: {
    readonly echo?: boolean;
    readonly remainder?: string;
    readonly shownAt?: number | undefined;
  } = {},
): void {
  const doubt =
    spot.doubt ??
    (written.literal ? undefined : firmDoubt('written with escapes or over several lines'));
  const { object, nodeClass, path } = spot;
  refuseTooMany(drafts);
  drafts.push({
    kind,
    value: written.value,
    start: written.start,
    end: written.end,
    ...(shownAt === undefined ? {} : { shownAt }),
    path,
    ...(object === undefined ? {} : { object }),
    ...(nodeClass === undefined ? {} : { nodeClass }),
    ...(doubt === undefined ? {} : { doubt }),
    ...(echo ? { echo } : {}),
    scope: {
      kind: 'object',
      tree,
      object: spot.kubernetes ?? spot.nearest,
      scalar: node,
      remainder,
    },
  });
}
