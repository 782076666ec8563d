/**
 * Text that stands somewhere in a file, such as one document, or YAML inside a YAML string: its offsets lead back to
 * the file's.
 */
export type TextView = {
  readonly text: string;
  /** The file's offset of an offset in `text`; a near one where `exact` does not hold. */
  at(offset: number): number;
  /** True when the characters from `start` to `end` stand in the file one after the other, as they are here. */
  exact(start: number, end: number): boolean;
};

/** The part of a file from `start` to `end`. */
export function viewOf(file: string, start: number, end: number): TextView {
  return { text: file.slice(start, end), at: (offset) => start + offset, exact: () => true };
}
