import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { isLoopback } from '../../shared/loopback.ts';
import { FeedError } from './feed-error.ts';

/** What a server said of the copy we have, to ask whether there is another. */
export type Validators = { readonly etag?: string; readonly lastModified?: string };

export type Fetched =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'fresh';
      readonly validators: Validators;
      /** SHA-256 of the body as it was sent, in lower-case hexadecimal digits. */
      readonly sha256: string;
    };

export type FeedLimits = {
  /** For the whole exchange, redirects and body included, in ms of real time. */
  readonly timeoutMs: number;
  /** Of the body as it is sent, in bytes. */
  readonly maxBytes: number;
  /** Of the body unpacked, in bytes: a small archive may hold very much. */
  readonly maxUnpacked: number;
};

const mostRedirects = 3;

/**
 * One conditional GET of a public file, read as it arrives and unpacked if it is gzip.
 * @param onText gets the text in pieces, in order; what it throws ends the exchange and is thrown on.
 * @throws FeedError when it is not there, too large, no gzip to its end, or not in time.
 */
export async function fetchFeed(
  url: string,
  validators: Validators,
  limits: FeedLimits,
  onText: (text: string) => void,
): Promise<Fetched> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await followed(url, validators, signal);
    if (response.status === 304) return { kind: 'unchanged' };
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new FeedError(`${hostOf(url)} answered ${response.status}`);
    }
    const hash = createHash('sha256');
    const body = bounded(Readable.fromWeb(response.body as never), limits.maxBytes, hash);
    await readText(body, limits.maxUnpacked, onText);
    const etag = response.headers.get('etag');
    const lastModified = response.headers.get('last-modified');
    return {
      kind: 'fresh',
      sha256: hash.digest('hex'),
      validators: {
        ...(etag === null ? {} : { etag }),
        ...(lastModified === null ? {} : { lastModified }),
      },
    };
  } catch (cause) {
    if (signal.aborted) {
      throw new FeedError(`${hostOf(url)} did not answer within ${limits.timeoutMs / 1_000} s`, {
        cause,
      });
    }
    // Our own words stay, and those of whoever reads the text; `fetch` itself says no more than that it failed.
    if (!(cause instanceof TypeError) && !isStreamFailure(cause)) throw cause;
    throw new FeedError(`${hostOf(url)} could not be read`, { cause });
  }
}

/** Redirects one by one: none may lead from https to elsewhere. */
async function followed(
  url: string,
  { etag, lastModified }: Validators,
  signal: AbortSignal,
): Promise<Response> {
  let at = url;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    if (!isAllowed(at)) throw new FeedError(`${hostOf(url)} leads to an address that is not https`);
    const response = await fetch(at, {
      signal,
      redirect: 'manual',
      headers: {
        'user-agent': 'amiable',
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
        ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
      },
    });
    const to = response.headers.get('location');
    if (response.status < 300 || response.status === 304 || response.status >= 400) return response;
    await response.body?.cancel();
    if (to === null || !URL.canParse(to, at)) break;
    at = new URL(to, at).href;
  }
  throw new FeedError(`${hostOf(url)} redirects without end`);
}

/** https, or http on this very machine. */
export function isAllowed(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

async function* bounded(
  chunks: AsyncIterable<Buffer>,
  max: number,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > max) throw new FeedError(`the feed is longer than ${max} bytes`);
    hash.update(chunk);
    yield chunk;
  }
}

/** A file that is gzip by its first two bytes is unpacked; what the transport packed, `fetch` has unpacked already. */
async function readText(
  body: AsyncGenerator<Buffer>,
  max: number,
  onText: (text: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let length = 0;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > max) throw new FeedError(`the feed unpacks to more than ${max} bytes`);
      onText(decoder.write(chunk));
    }
    onText(decoder.end());
  };
  const first = await body.next();
  if (first.done === true) return;
  const whole = rejoined(first.value, body);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) return take(whole);
  let broke: { readonly cause: unknown } | undefined;
  try {
    await pipeline(Readable.from(whole), createGunzip(), (chunks: AsyncIterable<Buffer>) =>
      take(chunks).catch((cause: unknown) => {
        broke = { cause };
        throw cause;
      }),
    );
  } catch (cause) {
    throw broke === undefined ? cause : broke.cause; // a stream that is ended early says only that
  }
}

async function* rejoined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function isStreamFailure(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the feed';
}
