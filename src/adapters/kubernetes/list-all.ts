import { z } from 'zod';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { Named } from './kube-object.ts';
import { type RowReader, rowIn, TableUnusableError, tableIn } from './table.ts';
import type { WatchedKind } from './watched-kinds.ts';

/** Whole objects a page: about a megabyte of NodeClaims. Rows, and metadata alone, are a fraction of that. */
const pageSize = 250;
const pageRows = 500;
/** More pages than any cluster has; a server that always says there is more must not keep us for ever. */
const maxPages = 1_000;

const Page = z.object({
  metadata: z
    .object({ resourceVersion: z.string().default(''), continue: z.string().default('') })
    .default({ resourceVersion: '', continue: '' }),
  items: z.array(z.unknown()).nullish(),
});

export type Listed<T> = {
  readonly version: string;
  readonly items: ReadonlyMap<string, T>;
  /** How rows of this table are read; absent when whole objects came. */
  readonly rows?: RowReader<T>;
};

type Set = { readonly cluster: string; readonly log: Log };

/**
 * All objects of a kind by name, page by page, all from the same moment; as rows where the kind and the server know
 * them.
 * @throws ClusterUnreachableError, with status 410 when the list took too long and must start anew.
 */
export async function listAll<T>(
  api: ApiClient,
  kind: WatchedKind<T>,
  set: Set,
  maxItems = Number.POSITIVE_INFINITY,
): Promise<Listed<T>> {
  if (kind.rows === undefined) return listPages(api, kind, set, maxItems);
  try {
    return await listPages(api, kind, set, maxItems);
  } catch (cause) {
    const noTables = cause instanceof ClusterUnreachableError && cause.status === 406;
    const unusable = cause instanceof ClusterUnreachableError && isUnusable(cause.cause);
    if (!noTables && !unusable) throw cause;
    const { rows: _, accept: __, ...whole } = kind;
    return listPages(api, whole, set, maxItems);
  }
}

async function listPages<T>(
  api: ApiClient,
  kind: WatchedKind<T>,
  { cluster, log }: Set,
  maxItems: number,
): Promise<Listed<T>> {
  const items = new Map<string, T>();
  const doing = `GET ${kind.path}`;
  let next = '';
  let rows: RowReader<T> | undefined;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const query = {
      limit: kind.accept === undefined ? pageSize : pageRows,
      continue: next,
      labelSelector: kind.labelSelector,
      fieldSelector: kind.fieldSelector,
      ...(kind.rows !== undefined && { includeObject: 'None' }),
    };
    const answer = await api.get(kind.path, query, kind.accept);
    const page = Page.safeParse(answer);
    if (!page.success) throw new ClusterUnreachableError({ cluster, doing }, { cause: page.error });
    try {
      const table = kind.rows === undefined ? undefined : tableIn(answer);
      if (table?.columns !== undefined) rows = kind.rows?.(table.columns);
      for (const row of table?.rows ?? []) {
        if (rows === undefined) throw new TableUnusableError('a table without columns');
        const { cells } = rowIn(row);
        items.set(nameInRow(cells), rows(cells, undefined));
      }
      for (const object of page.data.items ?? [])
        items.set(keyOf(object), readLogged(kind, object, { cluster, log }));
    } catch (cause) {
      throw new ClusterUnreachableError({ cluster, doing }, { cause });
    }
    if (items.size > maxItems)
      throw new ClusterUnreachableError(
        { cluster, doing },
        { said: `there are more than ${maxItems}` },
      );
    next = page.data.metadata.continue;
    if (next === '')
      return {
        version: page.data.metadata.resourceVersion,
        items,
        ...(rows !== undefined && { rows }),
      };
  }
  throw new ClusterUnreachableError({ cluster, doing }, { said: 'the list has no end' });
}

function isUnusable(cause: unknown): boolean {
  return cause instanceof TableUnusableError;
}

/** The first cell of every table is the name. */
function nameInRow([name]: readonly unknown[]): string {
  if (typeof name !== 'string' || name === '')
    throw new TableUnusableError('a row of the table has no name');
  return name;
}

/** Names are unique in a namespace only. */
function keyOf(object: unknown): string {
  const { name, namespace } = Named.parse(object).metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export function nameOf(object: unknown): string {
  return Named.parse(object).metadata.name;
}

/** Reads an object; one that cannot be read is logged, and kept as what it safely is. */
export function readLogged<T>(
  { kind, read }: WatchedKind<T>,
  object: unknown,
  { cluster, log }: Set,
): T {
  const { value, trouble } = read(object);
  if (trouble !== undefined)
    log.warn({ cluster, kind, name: nameOf(object), trouble }, 'Kubernetes object not understood');
  return value;
}
