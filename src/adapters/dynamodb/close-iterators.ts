/** The iterators of LevelDB, as far as we touch them. Source: `abstract-level` 2, "Iterators". */
type Iterator = { close(): Promise<void>; return?(): Promise<void> };
export type Iterators = Readonly<
  Record<'AbstractKeyIterator' | 'AbstractValueIterator', { readonly prototype: Iterator }>
>;

/**
 * Lets go of what has been read to its end. dynalite 4.0.0 ends each query's iterator by `return`, which `abstract-level`
 * no longer has: each stayed open, with a snapshot of the database, until the process ended.
 */
export function closeIterators({ AbstractKeyIterator, AbstractValueIterator }: Iterators): void {
  for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
    prototype.return ??= function closed(this: Iterator) {
      return this.close();
    };
  }
}
