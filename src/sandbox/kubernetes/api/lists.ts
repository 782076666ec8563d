import { type Instant, minute } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { AnyObject, Plural } from '../objects.ts';
import { apiVersionOf, resources } from '../resources.ts';
import { ApiError, badRequest, continueExpired } from './api-error.ts';
import type { Form } from './negotiate.ts';
import { selectorOf } from './selectors.ts';
import { includeObjectOf, partial, tableOf } from './table.ts';

/** etcd forgets old states after so long; a list that takes longer must start anew. */
const compactionMs = 5 * minute;

/** Answers lists, the pages of one all from the same moment. */
export function lists(store: ObjectStore) {
  /** By the version of their first page: what is still to be handed out. */
  const started = new Map<string, { objects: readonly AnyObject[]; at: Instant }>();

  return (
    plural: Plural,
    namespace: string | undefined,
    { query, form, now }: { query: URLSearchParams; form: Form; now: Instant },
  ) => {
    for (const [key, { at }] of started) if (now - at >= compactionMs) started.delete(key);
    const limit = wholeNumber(query, 'limit') ?? 0;
    const token = query.get('continue');
    const asked = wholeNumber(query, 'resourceVersion') ?? 0;
    if (asked > store.version())
      throw new ApiError(
        504,
        'Timeout',
        `Too large resource version: ${asked}, current: ${store.version()}`,
        1,
      );
    const { version, offset } = token === null ? fresh(store) : decode(token);
    const key = `${plural}/${namespace ?? ''}/${version}`;
    const matches = selectorOf(query);
    if (token !== null && !started.has(key)) throw continueExpired();
    const all =
      started.get(key)?.objects ??
      store
        .list(plural)
        .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
        .toSorted(byKey);
    const from = all.slice(offset);
    const page = limit > 0 ? from.slice(0, limit) : from;
    const more = from.length - page.length;
    if (more > 0 && !started.has(key)) started.set(key, { objects: all, at: now });
    const { kind } = resources[plural];
    // with a selector the real one does not count what is left
    const selected = query.has('labelSelector') || query.has('fieldSelector');
    const metadata = {
      resourceVersion: String(version),
      ...(more > 0 && {
        continue: encode({ version, offset: offset + page.length }),
        ...(!selected && { remainingItemCount: more }),
      }),
    };
    // `limit` counts objects that were read, so a page may hold fewer, or none, and more may follow
    const objects = page.filter(matches);
    if (form === 'table') {
      const includeObject = includeObjectOf(query);
      return tableOf(plural, objects, { metadata, includeObject, headers: true, now });
    }
    if (form === 'metadata')
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: objects.map(partial),
      };
    return {
      kind: `${kind}List`,
      apiVersion: apiVersionOf(resources[plural]),
      metadata,
      items: objects.map((object) => withoutType(object, plural)),
    };
  };
}

/** Objects of the built-in groups come without kind and apiVersion inside a list; those of CRDs come with them. */
function withoutType(object: AnyObject, plural: Plural): unknown {
  const { group } = resources[plural];
  if (group !== '' && group !== 'policy') return object;
  const { kind: _, apiVersion: __, ...rest } = object;
  return rest;
}

type Position = { readonly version: number; readonly offset: number };

const fresh = (store: ObjectStore): Position => ({ version: store.version(), offset: 0 });

/** A continue token; opaque to clients. `decode` reads it back. */
function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decode(token: string): Position {
  try {
    const { version, offset } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Position;
    if (Number.isInteger(version) && Number.isInteger(offset)) return { version, offset };
  } catch {
    // answered below, like any other broken token
  }
  throw badRequest('continue key is not valid');
}

export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

function byKey(a: AnyObject, b: AnyObject): number {
  const [keyA, keyB] = [a, b].map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
  return (keyA ?? '') < (keyB ?? '') ? -1 : 1;
}
