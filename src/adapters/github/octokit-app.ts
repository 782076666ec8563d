import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { boundedFetch } from './bounded-fetch.ts';
import { spacing } from './spacing.ts';

export type Log = {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

export type AppOptions = {
  readonly appId: number | string;
  /** PEM, PKCS#1 or PKCS#8. */
  readonly privateKey: string;
  /** `https://api.github.com` unless told; `https://<host>/api/v3` for GitHub Enterprise Server. */
  readonly baseUrl?: string;
  /** Real time between two writes, in ms; three times that between writes that notify people. GitHub asks for 1000. */
  readonly writeSpacingMs?: number;
  /** Limit of each request, in ms. A read is tried three times when GitHub fails, once when it does not answer. */
  readonly timeoutMs?: number;
  readonly log?: Log;
};

let clients = 0;

/** Octokit with our paces: writes spaced, reads retried, limits reported instead of waited for. */
export function createOctokitApp({
  appId,
  privateKey,
  baseUrl = 'https://api.github.com',
  writeSpacingMs = 1000,
  timeoutMs = 10_000,
  log,
}: AppOptions) {
  const octokitLog = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string) => log?.warn({ message }, 'github client warns'),
    error: (message: string) => log?.warn({ message }, 'github client fails'),
  };
  clients += 1;
  const Client = Octokit.plugin(retry, throttling).defaults({
    baseUrl,
    log: octokitLog,
    request: { fetch: boundedFetch(timeoutMs), log: octokitLog },
    retry: {
      retries: 2,
      retryAfterBaseValue: 300,
      doNotRetry: [400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 451],
    },
    throttle: {
      id: `amiable-${clients}`,
      write: spacing(writeSpacingMs) as never, // the type asks for a whole Bottleneck group
      notifications: spacing(3 * writeSpacingMs) as never,
      // A limit is the caller's to schedule around: it holds a lease and knows what else is due.
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  });
  return { app: new App({ appId, privateKey, Octokit: Client, log: octokitLog }), Client };
}
