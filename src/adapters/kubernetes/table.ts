import { z } from 'zod';

/** Where each named column stands in a row's cells. */
export type Columns = ReadonlyMap<string, number>;

/** Reads rows of a table whose columns are known; @throws Error when a row is none. */
export type RowReader<T> = (cells: readonly unknown[], metadata: RowMetadata | undefined) => T;

export type RowMetadata = {
  readonly name: string;
  readonly deletionTimestamp?: string | undefined;
};

/** An object as a row, from an API server's answer or event. */
export type Row = {
  readonly cells: readonly unknown[];
  readonly object?: { readonly metadata?: RowMetadata | undefined } | null | undefined;
};

const Row = z.object({
  cells: z.array(z.unknown()),
  object: z
    .object({
      metadata: z
        .object({
          name: z.string().default(''),
          deletionTimestamp: z
            .string()
            .nullish()
            .transform((at) => at ?? undefined),
        })
        .optional(),
    })
    .nullish(),
});

const Table = z.object({
  kind: z.literal('Table'),
  // an API server names the columns in a list, and in the first event of a watch only
  columnDefinitions: z.array(z.object({ name: z.string() })).nullish(),
  rows: z.array(z.unknown()).nullish(),
});

/** @returns `undefined` when the answer is no table: some servers and proxies know none. */
export function tableIn(
  answer: unknown,
): { readonly columns: Columns | undefined; readonly rows: readonly unknown[] } | undefined {
  const table = Table.safeParse(answer);
  if (!table.success) return undefined;
  const { columnDefinitions, rows } = table.data;
  const named = columnDefinitions ?? [];
  return {
    columns:
      named.length === 0 ? undefined : new Map(named.map(({ name }, index) => [name, index])),
    rows: rows ?? [],
  };
}

/** A row as it stands in a list of thousands: checked no more than it is read. @throws Error when it is none. */
export function rowIn(row: unknown): Row {
  const { cells, object } = row as { cells?: unknown; object?: unknown };
  if (Array.isArray(cells) && (object === null || object === undefined)) return { cells };
  return Row.parse(row);
}

/** A cell's text; `undefined` for one that is empty or not there. */
export function textIn(cells: readonly unknown[], index: number | undefined): string | undefined {
  const cell = index === undefined ? undefined : cells[index];
  return typeof cell === 'string' && cell !== '' && cell !== '<none>' ? cell : undefined;
}

/** The table does not have the columns we read: another version of the CRD. */
export class TableUnusableError extends Error {
  override readonly name = 'TableUnusableError';
}
