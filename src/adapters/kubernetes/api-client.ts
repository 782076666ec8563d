import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { second } from '../../shared/time.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import type { Connection } from './connection.ts';

/** More than any page or object of ours; a server that sends more is not what we think it is. */
const maxAnswerBytes = 64_000_000;
const maxLineBytes = 4_000_000;

export type Query = Readonly<Record<string, string | number | undefined>>;

/** Rows of printed columns instead of objects. */
export const tableForm = 'application/json;as=Table;g=meta.k8s.io;v=v1';
/** The metadata of objects alone. */
export const metadataForm = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

type Sent = {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  /** Default: POST with a body, else GET. */
  readonly method?: 'PATCH';
  readonly accept?: string;
};

/** Plain requests to one API server. Each fails with ClusterUnreachableError, and never waits for ever. */
export type ApiClient = ReturnType<typeof apiClient>;

/** @param options.timeoutMs for a whole answer, and for a watch until it is accepted; in ms of real time. */
export function apiClient(
  cluster: string,
  connection: Connection,
  { timeoutMs, closing }: { readonly timeoutMs: number; readonly closing: AbortSignal },
) {
  async function send(
    doing: string,
    path: string,
    {
      query = {},
      body,
      method,
      accept = 'application/json',
      signal,
    }: Sent & { signal: AbortSignal },
  ): Promise<Dispatcher.ResponseData> {
    let response: Dispatcher.ResponseData;
    try {
      const { server, headers, dispatcher } = await withSignal(connection.route(), signal);
      response = await request(`${server}${path}${queryOf(query)}`, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...headers,
          accept,
          'user-agent': 'amiable',
          ...(body !== undefined && {
            'content-type':
              method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
          }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(dispatcher !== undefined && { dispatcher }),
        // silence on a watch is judged by our own clock
        bodyTimeout: 0,
        headersTimeout: timeoutMs,
        signal,
      });
    } catch (cause) {
      throw new ClusterUnreachableError({ cluster, doing }, { cause });
    }
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    const text = await textOf(response, 100_000).catch(() => '');
    const retryAfter = Number(response.headers['retry-after']);
    throw new ClusterUnreachableError(
      { cluster, doing },
      {
        status: response.statusCode,
        said: messageOf(text),
        ...(Number.isFinite(retryAfter) && { retryAfterMs: retryAfter * second }),
      },
    );
  }

  async function json(doing: string, path: string, sent: Sent) {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)]);
    const response = await send(doing, path, { ...sent, signal });
    try {
      return JSON.parse(await textOf(response, maxAnswerBytes)) as unknown;
    } catch (cause) {
      throw new ClusterUnreachableError({ cluster, doing }, { cause });
    }
  }

  return {
    /** @param accept another form than whole objects, as `tableForm`. */
    get: (path: string, query: Query = {}, accept?: string): Promise<unknown> =>
      json(`GET ${path}`, path, { query, ...(accept !== undefined && { accept }) }),

    post: (path: string, body: unknown): Promise<unknown> => json(`POST ${path}`, path, { body }),

    /** A merge patch. */
    patch: (path: string, body: unknown, query: Query = {}): Promise<unknown> =>
      json(`PATCH ${path}`, path, { body, query, method: 'PATCH' }),

    /** Hands each event's line to `onLine`; resolves when the server ends the stream. */
    async watch(
      path: string,
      query: Query,
      onLine: (line: string) => void,
      until: AbortSignal,
      accept?: string,
    ): Promise<void> {
      const doing = `WATCH ${path}`;
      const accepted = new AbortController();
      const timer = setTimeout(() => accepted.abort(new Error('not accepted in time')), timeoutMs);
      const signal = AbortSignal.any([closing, until, accepted.signal]);
      try {
        const response = await send(doing, path, {
          query: { ...query, watch: 'true' },
          signal,
          ...(accept !== undefined && { accept }),
        });
        clearTimeout(timer);
        for await (const line of linesOf(response)) onLine(line);
      } catch (cause) {
        if (cause instanceof ClusterUnreachableError) throw cause;
        throw new ClusterUnreachableError({ cluster, doing }, { cause });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Credentials may come from a plug-in or a file share that hangs, and neither knows our limit. */
async function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function textOf({ body }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* linesOf({ body }: Dispatcher.ResponseData): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    if (rest.length > maxLineBytes) throw new Error('an event of the watch is too long');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield line;
  }
}

function queryOf(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') given.set(name, String(value));
  return given.size === 0 ? '' : `?${given}`;
}

/** The message of a Status object, or the start of whatever else was answered. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string' && message !== '') return message.slice(0, 500);
  } catch {
    // some proxies answer in HTML
  }
  return text.slice(0, 200);
}
