/**
 * How a pin says which image is used: a field of an EC2NodeClass' `amiSelectorTerms`, a node group's `releaseVersion`,
 * or `other` for a term list that a template injects whole.
 */
export type PinKind =
  | 'alias'
  | 'id'
  | 'name'
  | 'ssmParameter'
  | 'tags'
  | 'owner'
  | 'releaseVersion'
  | 'other';

/** What a comment `amiable: family=… arch=… variant=…` beside a pin says about its image. */
export type PinHint = {
  readonly family?: string;
  readonly arch?: string;
  readonly variant?: string;
};

/** A place in a file that says which node image is used. */
export type Pin = {
  readonly kind: PinKind;
  /**
   * The literal as written, without quotes. An `alias` may be the version alone (`v20250505`) when the family stands in
   * a comment: then `hint.family` is set.
   */
  readonly value: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units; a byte order mark does not count. */
  readonly column: number;
  /** Byte range of the value in the file, end exclusive; quotes are outside. */
  readonly range: { readonly start: number; readonly end: number };
  /**
   * Where the value stands in the object, such as `spec.amiSelectorTerms[0].alias`. Object and path together name a pin
   * uniquely in its file and do not depend on lines: a repeated name gets ` (2)`, ` (3)`, …
   */
  readonly path?: string;
  /** The object it belongs to, such as `EC2NodeClass/default`; absent where none can be told. */
  readonly object?: string;
  /** The EC2NodeClass it belongs to; absent when there is none or it cannot be told. */
  readonly nodeClass?: string;
  readonly editable: boolean;
  /** Why it cannot be moved; present exactly when `editable` is false. */
  readonly reason?: string;
  /** True for `family@latest`, which is not editable but may be pinned (`pinNow`). Absent otherwise. */
  readonly floating?: true;
  /** Hash of the enclosing object without the pin values, or of the whole file without them where it does not parse. */
  readonly rest: string;
  readonly hint?: PinHint;
};

/** What a file holds: its pins, in the order of the file, or why it could not be read. */
export type PinFindings =
  | {
      readonly kind: 'pins';
      readonly pins: readonly Pin[];
      /** A part that nobody renders does not parse, and no pin was recognised in it: one may be hidden there. */
      readonly unparsed?: true;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** The file after one value was replaced, or why it must not be. */
export type PinMove =
  | { readonly kind: 'moved'; readonly content: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: string };
