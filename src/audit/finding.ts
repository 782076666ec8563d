/** Something in the record that is not as it was written. */
export type Finding = {
  /** A rollout's id, `global`, `anchors`, or `change` for the manifests that people approved. */
  readonly stream: string;
  readonly kind:
    | 'changed'
    | 'missing'
    | 'reordered'
    /** A whole stream that an anchor or a head names is gone. */
    | 'dropped'
    /** Something that is no record of ours stands among the records. */
    | 'foreign'
    /** Not told for sure: its successor was changed itself, and says otherwise. */
    | 'doubtful';
  /** The first record it is about; absent where it is about the whole stream. */
  readonly sequence?: number;
  /** The last one, where it is about several in a row. */
  readonly through?: number;
  /** One sentence for people. */
  readonly says: string;
};
