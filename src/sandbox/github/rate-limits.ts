import { hour, type Instant, minute } from '../../shared/time.ts';
import type { Answer, Caller } from './route.ts';
import type { World } from './world.ts';

/** Requests an hour: an installation's minimum, and of an address without credentials. */
const installationLimit = 5000;
const anonymousLimit = 60;
/** Secondary limit: requests that create content, a minute. */
const contentLimit = 80;

type Window = { readonly startedAt: Instant; used: number };

/**
 * Counts as GitHub does: an hour's window for each caller and resource, a 304 costs a caller with credentials nothing,
 * and no more than 80 writes in a minute.
 */
export function createRateLimits({ clock }: Pick<World, 'clock'>) {
  const windows = new Map<string, Window>();
  let writes: Instant[] = [];

  function windowOf(key: string): Window {
    const now = clock.now();
    const found = windows.get(key);
    if (found !== undefined && now < found.startedAt + hour) return found;
    const fresh = { startedAt: now, used: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  return {
    /** Counts a request before it is served; the answer of a refusal when it is one too many. */
    enter(caller: Caller, resource: 'core' | 'graphql', isWrite: boolean): Answer | undefined {
      const { limit, window } = forCaller(caller, resource);
      if (window.used >= limit) return primary(caller, headersOf(caller, resource));
      if (isWrite && caller.kind === 'installation') {
        const now = clock.now();
        writes = writes.filter((at) => at > now - minute);
        if (writes.length >= contentLimit) return secondaryLimit(403);
        writes.push(now);
      }
      window.used += 1;
      return undefined;
    },
    /** Takes a request back: it was answered 304. */
    giveBack(caller: Caller, resource: 'core' | 'graphql'): void {
      if (caller.kind !== 'nobody') forCaller(caller, resource).window.used -= 1;
    },
    headersOf,
  };

  function forCaller(caller: Caller, resource: 'core' | 'graphql') {
    const limit = caller.kind === 'nobody' ? anonymousLimit : installationLimit;
    const who = caller.kind === 'installation' ? caller.installation : caller.kind;
    return { limit, window: windowOf(`${who} ${resource}`) };
  }

  function headersOf(caller: Caller, resource: 'core' | 'graphql') {
    const { limit, window } = forCaller(caller, resource);
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - window.used)),
      'x-ratelimit-used': String(window.used),
      'x-ratelimit-reset': String(Math.ceil((window.startedAt + hour) / 1000)),
      'x-ratelimit-resource': resource,
    };
  }
}

function primary(caller: Caller, headers: Readonly<Record<string, string>>): Answer {
  const who =
    caller.kind === 'installation' ? `installation ID ${caller.installation}` : '127.0.0.1';
  return {
    status: 403,
    headers,
    body: {
      message: `API rate limit exceeded for ${who}.`,
      documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
      status: '403',
    },
  };
}

/** GitHub uses 403 and 429 for this, without saying when which. */
export function secondaryLimit(status: 403 | 429): Answer {
  return {
    status,
    headers: { 'retry-after': '60' },
    body: {
      documentation_url:
        'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
      message:
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
      status: String(status),
    },
  };
}
