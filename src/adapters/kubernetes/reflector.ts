import { z } from 'zod';
import type { Clock, Instant } from '../../shared/time.ts';
import { minute, second } from '../../shared/time.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { listAll, nameOf, readLogged } from './list-all.ts';
import { type RowReader, rowIn, tableIn } from './table.ts';
import type { WatchedKind } from './watched-kinds.ts';

/** An API server sends a bookmark about every minute; after this much of our clock's time without anything it hangs. */
const silentAfterMs = 2.5 * minute;
/** Real silence that is needed as well, so that a clock that runs fast does not suspect a server that is only busy. */
const silentRealMs = 2 * second;
const firstBackOffMs = second;
const longestBackOffMs = minute;
/** After so many failures in a row we list again rather than trust a version nobody may know any more. */
const failuresBeforeList = 3;

export type Reflection<T> = {
  readonly items: ReadonlyMap<string, T>;
  /** When the server last confirmed it; absent: not listed yet. */
  readonly confirmedAt: Instant | undefined;
  /** What went wrong last; absent while all is well. */
  readonly failure: ClusterUnreachableError | undefined;
};

export type Reflector<T> = {
  current(): Reflection<T>;
  /** Resolves when the first list arrived or failed. */
  readonly tried: Promise<void>;
  /** Resolves when it stopped, after its signal was aborted. */
  readonly stopped: Promise<void>;
};

/** Keeps one resource of one cluster up to date: list, then watch from there, and again, until `signal` aborts. */
export function reflect<T>(
  kind: WatchedKind<T>,
  {
    cluster,
    api,
    clock,
    log,
    random,
    signal,
    onListed,
    onChanged,
  }: {
    readonly cluster: string;
    readonly api: ApiClient;
    readonly clock: Clock;
    readonly log: Log;
    readonly random: () => number;
    readonly signal: AbortSignal;
    /** After each list: all there is. */
    readonly onListed?: (items: ReadonlyMap<string, T>) => void;
    /** After each event: what is there now and was before; `undefined` for what is not. */
    readonly onChanged?: (name: string, item: T | undefined, before: T | undefined) => void;
  },
): Reflector<T> {
  const items = new Map<string, T>();
  let confirmedAt: Instant | undefined;
  let failure: ClusterUnreachableError | undefined;
  let version: string | undefined;
  let rows: RowReader<T> | undefined;
  let triedOnce = () => {};
  const tried = new Promise<void>((resolve) => {
    triedOnce = resolve;
  });

  async function list(): Promise<void> {
    const asked = clock.now();
    const listed = await listAll(api, kind, { cluster, log });
    items.clear();
    for (const [name, item] of listed.items) items.set(name, item);
    version = listed.version;
    rows = listed.rows;
    confirmedAt = asked;
    failure = undefined;
    onListed?.(items);
  }

  /** What an event is about, in whichever form it came. */
  function subjectOf(object: unknown): { readonly name: string; read(): T } {
    const table = rows === undefined ? undefined : tableIn(object);
    if (table === undefined)
      return {
        name: nameOf(object),
        read: () => readLogged(kind, object, { cluster, log }),
      };
    // only a watch's first event names the columns; until another list, they are what they were
    if (table.columns !== undefined) rows = kind.rows?.(table.columns) ?? rows;
    const [first] = table.rows;
    const reader = rows;
    if (first === undefined || reader === undefined) throw new Error('an event without a row');
    const { cells, object: beside } = rowIn(first);
    const name = beside?.metadata?.name ?? String(cells[0] ?? '');
    if (name === '') throw new Error('a row without a name');
    return { name, read: () => reader(cells, beside?.metadata) };
  }

  function apply(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: unknown): void {
    const { name, read } = subjectOf(object);
    const before = items.get(name);
    if (type === 'DELETED') {
      items.delete(name);
      onChanged?.(name, undefined, before);
      return;
    }
    const item = read();
    items.set(name, item);
    onChanged?.(name, item, before);
  }

  /** @returns whether the server said anything; `expired` when our version is too old for it. */
  async function watch(): Promise<'heard' | 'nothing' | 'expired'> {
    const silence = new AbortController();
    let outcome: 'heard' | 'nothing' | 'expired' = 'nothing';
    let heardAt = clock.now();
    let heardReal = clock.monotonic();
    const until = AbortSignal.any([signal, silence.signal]);

    const onLine = (line: string) => {
      heardAt = clock.now();
      heardReal = clock.monotonic();
      const event = eventOf(line);
      if (event.type === 'ERROR') {
        if (event.code !== 410)
          throw new ClusterUnreachableError(
            { cluster, doing: `WATCH ${kind.path}` },
            { said: event.message, ...(event.code !== undefined && { status: event.code }) },
          );
        outcome = 'expired';
        return;
      }
      if (outcome === 'expired') return;
      if (event.type !== 'BOOKMARK') apply(event.type, event.object);
      version = event.version;
      confirmedAt = heardAt;
      failure = undefined;
      outcome = 'heard';
    };

    async function guard(): Promise<void> {
      while (!until.aborted) {
        await clock.sleep(heardAt + silentAfterMs - clock.now(), until);
        const late = clock.now() - heardAt >= silentAfterMs;
        if (late && clock.monotonic() - heardReal >= silentRealMs)
          silence.abort(new Error(`nothing heard for ${silentAfterMs / second} s`));
        else if (late) await clock.sleep(silentAfterMs, until);
      }
    }

    const guarding = guard();
    try {
      const asTable = rows !== undefined;
      const query = {
        resourceVersion: version,
        labelSelector: kind.labelSelector,
        allowWatchBookmarks: 'true',
        // ended by the server after five to ten minutes, so that a server that was replaced is left some day
        timeoutSeconds: 300 + Math.floor(random() * 300),
        ...(asTable && { includeObject: kind.watchedObject ?? 'None' }),
      };
      await api.watch(kind.path, query, onLine, until, asTable ? kind.accept : undefined);
    } finally {
      silence.abort(new Error('the watch is over'));
      await guarding;
    }
    return outcome;
  }

  async function run(): Promise<void> {
    let failures = 0;
    let failuresAtList = 0;
    while (!signal.aborted) {
      try {
        if (version === undefined || failures - failuresAtList >= failuresBeforeList) {
          await list();
          failuresAtList = failures;
        }
        triedOnce();
        const outcome = await watch();
        if (outcome === 'expired') version = undefined;
        failures = outcome === 'heard' ? 0 : failures + 1;
        if (outcome === 'heard') failuresAtList = 0;
      } catch (cause) {
        if (signal.aborted) break;
        failure = asUnreachable(cause, cluster, kind.path);
        if (failure.status === 410) version = undefined;
        failures += 1;
        log.warn(
          { cluster, kind: kind.kind, failures, cause: failure.message },
          'watch interrupted',
        );
        triedOnce();
      }
      if (failures > 0 && !signal.aborted)
        await clock.sleep(backOffMs(failures, random, failure?.retryAfterMs), signal);
    }
    triedOnce();
  }

  return { tried, stopped: run(), current: () => ({ items, confirmedAt, failure }) };
}

function backOffMs(failures: number, random: () => number, retryAfterMs = 0): number {
  const longest = Math.min(longestBackOffMs, firstBackOffMs * 2 ** (failures - 1));
  return Math.max(retryAfterMs, longest * (0.5 + random() / 2));
}

function asUnreachable(cause: unknown, cluster: string, path: string): ClusterUnreachableError {
  return cause instanceof ClusterUnreachableError
    ? cause
    : new ClusterUnreachableError({ cluster, doing: `WATCH ${path}` }, { cause });
}

const Event = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.looseObject({
    metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional(),
    code: z.number().optional(),
    message: z.string().optional(),
  }),
});

function eventOf(line: string) {
  const { type, object } = Event.parse(JSON.parse(line));
  const version = object.metadata?.resourceVersion;
  if (type !== 'ERROR' && version === undefined) throw new Error('an event without a version');
  return { type, object, version, code: object.code, message: object.message ?? 'no message' };
}
