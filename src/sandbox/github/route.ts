import { Refusal } from './refusal.ts';
import type { Account, Repository } from './state.ts';
import type { World } from './world.ts';

/** Who sent a request: our App by its JWT, an installation by its token, or nobody. */
export type Caller =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly installation: number; readonly bot: Account }
  | { readonly kind: 'nobody' };

export type Answer = {
  readonly status: number;
  /** Sent as JSON; absent for 204. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Call = {
  readonly world: World;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
};

export type RepositoryCall = Call & { readonly repository: Repository };

export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `{name}` matches one segment, `{name+}` the rest. */
  readonly path: string;
  /** Which callers get past the door. */
  readonly needs: 'app' | 'token' | 'public';
  readonly answer: (call: Call) => Answer;
};

/** Finds the route and its parameters, percent-decoded. */
export function matchRoute(routes: readonly Route[], method: string, pathname: string) {
  const parts = pathname.split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchPath(route.path.split('/'), parts);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchPath(
  pattern: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [i, want] of pattern.entries()) {
    const rest = /^\{(\w+)\+\}$/.exec(want)?.[1];
    if (rest !== undefined) {
      if (parts.length <= i) return undefined;
      params[rest] = parts.slice(i).map(decodeURIComponent).join('/');
      return params;
    }
    const got = parts[i];
    if (got === undefined) return undefined;
    const name = /^\{(\w+)\}$/.exec(want)?.[1];
    if (name !== undefined) params[name] = decodeURIComponent(got);
    else if (want !== got) return undefined;
  }
  return pattern.length === parts.length ? params : undefined;
}

export function param({ params }: Call, name: string): string {
  return params[name] ?? '';
}

/** A required string of the body. @throws Refusal 422 as GitHub's schema check. */
export function text({ body }: Call, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') {
    throw new Refusal(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
  }
  return value;
}

export function optionalText({ body }: Call, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') {
    throw new Refusal(
      422,
      `Invalid request.\n\nFor 'properties/${name}', ${JSON.stringify(value)} is not a string.`,
    );
  }
  return value;
}

/** One page of a list with GitHub's `Link` header. `per_page` is 30 unless told and 100 at most. */
export function paged<T>(
  call: Call,
  path: string,
  items: readonly T[],
  wrap: (page: readonly T[]) => unknown,
): Answer {
  const { query, world } = call;
  const perPage = Math.min(100, Math.max(1, Number(query.get('per_page') ?? 30) || 30));
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (to: number, rel: string) => {
    const next = new URLSearchParams(query);
    next.set('page', String(to));
    return `<${world.url()}${path}?${next.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    status: 200,
    body: wrap(items.slice((page - 1) * perPage, page * perPage)),
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
  };
}
