import type { Node } from 'yaml';
import type { PinKind } from './types.ts';
import type { YamlTree } from './yaml-tree.ts';

/** Why a pin is doubtful although its syntax is fine. */
export type Doubt = {
  readonly reason: string;
  /** True when a comment of ours at the pin says enough to move it all the same. */
  readonly settledByComment: boolean;
};

/** A string in the file that holds YAML of its own. */
export type Host = { readonly scalar: Node; readonly start: number; readonly end: number };

/** A pin before its line, hash and editability are worked out. */
export type Draft = {
  readonly kind: PinKind;
  readonly value: string;
  /** Offsets in the file's text. */
  readonly start: number;
  readonly end: number;
  /** Where to say it stands, when that is not `start`: the key, for a value of several lines. */
  readonly shownAt?: number;
  readonly path: string;
  readonly object?: string;
  readonly nodeClass?: string;
  readonly doubt?: Doubt;
  /** What `rest` is the hash of: a YAML object, or the whole file. */
  readonly scope:
    | { readonly kind: 'file' }
    | {
        readonly kind: 'object';
        readonly tree: YamlTree;
        readonly object: Node;
        /** The scalar that holds the pin, and what is left of it without the pin. */
        readonly scalar: Node;
        readonly remainder: string;
      };
  /** The strings that hold it, where it stands in YAML inside a string; offsets in the file's text. */
  readonly hosts?: readonly Host[];
  /** True for a literal reached through an anchor: dropped when it was also found where it stands. */
  readonly echo?: boolean;
};
