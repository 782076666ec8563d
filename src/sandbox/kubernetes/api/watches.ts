import type { ServerResponse } from 'node:http';
import { type Instant, minute, second } from '../../../shared/time.ts';
import type { Faults } from '../../faults.ts';
import type { Change, ObjectStore } from '../object-store.ts';
import type { AnyObject, Plural } from '../objects.ts';
import { apiVersionOf, resources } from '../resources.ts';
import { type ApiError, expired, statusObject } from './api-error.ts';
import { wholeNumber } from './lists.ts';
import type { Form } from './negotiate.ts';
import { selectorOf } from './selectors.ts';
import { includeObjectOf, partial, tableOf } from './table.ts';

/** The API server sends a bookmark about once a minute. */
const bookmarkMs = minute;
/** What it chooses itself when a client names no limit: between half an hour and an hour. */
const defaultTimeoutMs = 45 * minute;

export type Watching = {
  readonly plural: Plural;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  readonly form: Form;
  /** As faults are matched: `WATCH /clusters/…`. */
  readonly description: string;
};

/** The open watches of one cluster. */
export function watches(store: ObjectStore, faults: Faults, count: (bytes: number) => void) {
  const open = new Set<Stream>();
  store.onChange((change) => {
    for (const stream of open) stream.deliver(change);
  });
  return {
    /** @throws ApiError when the request itself is wrong; a version that is too old is told inside the stream. */
    start(response: ServerResponse, watching: Watching, frozen: boolean, now: Instant): void {
      const stream = streamOf(response, watching, { store, count, now });
      if (frozen) stream.freeze();
      open.add(stream);
      response.on('close', () => open.delete(stream));
      stream.begin();
    },
    /** Bookmarks, time limits and faults of the streams that are open. */
    step(now: Instant): void {
      for (const stream of open) {
        const fault = faults.take(stream.description, ['cut-watch', 'gone-410', 'hang']);
        if (fault === 'cut-watch') stream.cut();
        else if (fault === 'gone-410') stream.fail(expired(1, store.version()));
        else if (fault === 'hang') stream.freeze();
        stream.step(now);
      }
    },
    open: () => open.size,
    cutAll(): void {
      for (const stream of open) stream.cut();
    },
  };
}

type Stream = ReturnType<typeof streamOf>;

function streamOf(
  response: ServerResponse,
  { plural, namespace, query, form, description }: Watching,
  { store, count, now }: { store: ObjectStore; count(bytes: number): void; now: Instant },
) {
  const matches = selectorOf(query);
  const includeObject = includeObjectOf(query);
  const asked = wholeNumber(query, 'resourceVersion') ?? 0;
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const seconds = wholeNumber(query, 'timeoutSeconds');
  const endAt = now + (seconds === undefined ? defaultTimeoutMs : seconds * second);
  let bookmarkAt = now + bookmarkMs;
  let frozen = false;
  let lastBookmarked = false;
  let lastStep = now;

  const send = (type: string, object: unknown) => {
    // a frozen server keeps the connection and says nothing more, not even that it ends
    if (frozen || response.writableEnded) return;
    const line = `${JSON.stringify({ type, object })}\n`;
    count(Buffer.byteLength(line));
    response.write(line);
  };
  let headers = true;
  /** An object in the form that was asked for; a table names its columns in the first event only. */
  const shown = (object: AnyObject, at: Instant): unknown => {
    if (form === 'whole') return object;
    if (form === 'metadata') return partial(object);
    const { resourceVersion } = object.metadata;
    const options = { metadata: { resourceVersion }, includeObject, headers, now: at };
    headers = false;
    return tableOf(plural, [object], options);
  };
  const belongs = (object: AnyObject | undefined) =>
    object !== undefined &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matches(object);
  const bookmark = () => {
    const { kind } = resources[plural];
    const apiVersion = apiVersionOf(resources[plural]);
    const metadata = { resourceVersion: String(store.version()), creationTimestamp: null };
    if (form !== 'table') return send('BOOKMARK', { kind, apiVersion, metadata });
    // a bookmark is an object with nothing but a version, and becomes a row like any other
    const { resourceVersion } = metadata;
    const row = { cells: [''], object: { kind: 'PartialObjectMetadata', apiVersion, metadata } };
    const rows = [includeObject === 'None' ? { ...row, object: null } : row];
    const columnDefinitions = null;
    send('BOOKMARK', {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion },
      columnDefinitions,
      rows,
    });
  };
  const end = () => {
    if (!frozen) response.end();
  };

  const stream = {
    description,
    deliver(change: Change): void {
      if (change.plural !== plural) return;
      const [was, is] = [belongs(change.before), belongs(change.object)];
      if (change.type === 'DELETED') {
        if (was) send('DELETED', shown(change.object, lastStep));
      } else if (is) {
        send(was ? 'MODIFIED' : 'ADDED', shown(change.object, lastStep));
      } else if (was) {
        // it left the selection: for this watch, it is gone
        send('DELETED', shown(change.object, lastStep));
      }
    },
    begin(): void {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      if (asked === 0) {
        for (const object of store.list(plural))
          if (belongs(object)) send('ADDED', shown(object, lastStep));
        return;
      }
      const missed = store.since(plural, asked);
      if (missed === 'gone') stream.fail(expired(asked, store.version()));
      else for (const change of missed) stream.deliver(change);
    },
    step(at: Instant): void {
      lastStep = at;
      if (bookmarks && at >= bookmarkAt) {
        bookmarkAt = at + bookmarkMs;
        bookmark();
      }
      if (bookmarks && !lastBookmarked && at >= endAt - 2 * second) {
        lastBookmarked = true;
        bookmark();
      }
      if (at >= endAt) end();
    },
    fail(error: ApiError): void {
      send('ERROR', statusObject(error));
      end();
    },
    cut: () => {
      response.destroy();
    },
    freeze: () => {
      frozen = true;
    },
  };
  return stream;
}
