import type { ChainedCommit } from '../shared/chain.ts';

/** One item of a stream as it stands in the table, whoever wrote it. */
export type StoredRecord = {
  /** The sort key: eight digits, unless somebody put something else there. */
  readonly key: string;
  /** Absent: it is no commit that can be read. */
  readonly commit?: ChainedCommit;
};

/** What an anchor says of a stream: its record number `sequence` has this hash. */
export type Mark = { readonly sequence: number; readonly hash: string; readonly day: string };
