import { z } from 'zod';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { Named } from './kube-object.ts';
import type { WatchedKind } from './watched-kinds.ts';

/** Objects a page: about a megabyte of NodeClaims. */
const pageSize = 250;
/** More pages than any cluster has; a server that always says there is more must not keep us for ever. */
const maxPages = 1_000;

const Page = z.object({
  metadata: z
    .object({ resourceVersion: z.string().default(''), continue: z.string().default('') })
    .default({ resourceVersion: '', continue: '' }),
  items: z.array(z.unknown()).nullish(),
});

export type Listed<T> = { readonly version: string; readonly items: ReadonlyMap<string, T> };

/**
 * All objects of a kind by name, page by page, all from the same moment.
 * @throws ClusterUnreachableError, with status 410 when the list took too long and must start anew.
 */
export async function listAll<T>(
  api: ApiClient,
  kind: WatchedKind<T>,
  { cluster, log }: { readonly cluster: string; readonly log: Log },
  maxItems = Number.POSITIVE_INFINITY,
): Promise<Listed<T>> {
  const items = new Map<string, T>();
  let next = '';
  for (let pages = 0; pages < maxPages; pages += 1) {
    const query = {
      limit: pageSize,
      continue: next,
      labelSelector: kind.labelSelector,
      fieldSelector: kind.fieldSelector,
    };
    const answer = await api.get(kind.path, query, kind.accept);
    const page = Page.safeParse(answer);
    const doing = `GET ${kind.path}`;
    if (!page.success) throw new ClusterUnreachableError({ cluster, doing }, { cause: page.error });
    try {
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
    if (next === '') return { version: page.data.metadata.resourceVersion, items };
  }
  throw new ClusterUnreachableError(
    { cluster, doing: `GET ${kind.path}` },
    { said: 'the list has no end' },
  );
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
  { cluster, log }: { readonly cluster: string; readonly log: Log },
): T {
  const { value, trouble } = read(object);
  if (trouble !== undefined)
    log.warn({ cluster, kind, name: nameOf(object), trouble }, 'Kubernetes object not understood');
  return value;
}
