import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../../shared/time.ts';
import type { FaultKind, Faults } from '../faults.ts';
import { callerOf } from './caller.ts';
import { graphqlAnswer, operationName } from './graphql/graphql-answer.ts';
import { settleQueue } from './merge-queue.ts';
import { createRateLimits, secondaryLimit } from './rate-limits.ts';
import { Refusal } from './refusal.ts';
import { type Answer, type Caller, matchRoute } from './route.ts';
import { allRoutes } from './routes/all-routes.ts';
import type { World } from './world.ts';

/** One request as it came in, for benches that count calls. */
export type RequestRecord = {
  readonly method: string;
  /** Path without its query; `/graphql createCommitOnBranch` for GraphQL. */
  readonly path: string;
  readonly status?: number;
  /** Time of the clock that was passed in. */
  readonly at: number;
};

const faultKinds: readonly FaultKind[] = ['lost-reply', 'rate-limited', 'error-500', 'hang'];
/** GitHub takes larger pushes, but not through these operations. */
const maxBodyBytes = 64 * 1024 * 1024;

/** Serves the world over HTTP. Nothing is listening yet. */
export function createApiServer({
  world,
  faults,
  changed,
  record,
}: {
  readonly world: World;
  readonly faults: Faults;
  /** Called after each request that may have changed something, before it is answered. */
  readonly changed: () => void;
  readonly record: (request: RequestRecord) => void;
}): Server {
  const limits = createRateLimits(world);
  return createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      if (!response.headersSent)
        send(response, world.clock, { status: 500, body: { message: String(error) } });
      else response.destroy();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', world.url());
    const raw = await readBody(request);
    const refused = stranger(request, world.url()) ?? badBody(raw);
    if (refused !== undefined) return send(response, world.clock, refused);
    const body = parseBody(raw ?? '');
    const isGraphql = method === 'POST' && url.pathname === '/graphql';
    const path = isGraphql && body !== undefined ? `/graphql ${operationName(body)}` : url.pathname;
    const fault = faults.take(`${method} ${path}`, faultKinds);
    const note = (status?: number) =>
      record({ method, path, at: world.clock.now(), ...(status !== undefined && { status }) });
    if (fault === 'hang') return note(); // held until the client gives up or the stand-in closes
    if (fault === 'error-500') {
      note(502);
      return send(response, world.clock, { status: 502, body: { message: 'Server Error' } });
    }
    if (fault === 'rate-limited') {
      const status = method === 'GET' ? 429 : 403;
      note(status);
      return send(response, world.clock, secondaryLimit(status));
    }
    const answer = answerTo(request, method, url, body, isGraphql);
    note(answer.status);
    if (fault === 'lost-reply') response.destroy();
    else send(response, world.clock, answer);
  }

  function answerTo(
    request: IncomingMessage,
    method: string,
    url: URL,
    body: Body | undefined,
    isGraphql: boolean,
  ): Answer {
    const resource = isGraphql ? 'graphql' : 'core';
    let caller: Caller = { kind: 'nobody' };
    try {
      if (body === undefined) throw new Refusal(400, 'Problems parsing JSON');
      caller = callerOf(world, request.headers.authorization);
      for (const repository of world.state.repositories.values()) settleQueue(world, repository);
      const isWrite =
        method !== 'GET' &&
        !url.pathname.startsWith('/app/') &&
        (!isGraphql || mutations.has(operationName(body)));
      const limited = limits.enter(caller, resource, isWrite);
      if (limited !== undefined) return limited;
      const answer = isGraphql ? graphql(caller, body) : rest(caller, method, url, body);
      if (method !== 'GET') changed();
      const tagged = withEtag(answer, method, request.headers['if-none-match']);
      if (tagged.status === 304) limits.giveBack(caller, resource);
      return { ...tagged, headers: { ...limits.headersOf(caller, resource), ...tagged.headers } };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ...errorAnswer(error), headers: limits.headersOf(caller, resource) };
    }
  }

  function graphql(caller: Caller, body: Body): Answer {
    if (caller.kind !== 'installation')
      throw new Refusal(401, 'This endpoint requires you to be authenticated.');
    return graphqlAnswer(world, caller, body);
  }

  function rest(caller: Caller, method: string, url: URL, body: Body): Answer {
    const found = matchRoute(allRoutes, method, url.pathname);
    if (found === undefined) throw new Refusal(404, 'Not Found');
    const { route, params } = found;
    if (route.needs === 'app' && caller.kind !== 'app') {
      throw new Refusal(401, 'A JSON web token could not be decoded');
    }
    if (route.needs !== 'app' && caller.kind === 'app') {
      throw new Refusal(403, 'Resource not accessible by integration');
    }
    if (route.needs === 'token' && caller.kind === 'nobody')
      throw new Refusal(401, 'Requires authentication');
    return route.answer({ world, caller, params, query: url.searchParams, body });
  }
}

type Body = Readonly<Record<string, unknown>>;

const mutations: ReadonlySet<string> = new Set([
  'createCommitOnBranch',
  'enqueuePullRequest',
  'dequeuePullRequest',
]);

/** Only this machine, by our own address, and no page of another origin. */
function stranger({ headers }: IncomingMessage, url: string): Answer | undefined {
  const { host, protocol, port } = new URL(url);
  const hosts = [host, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? ''))
    return { status: 403, body: { message: 'Foreign Host' } };
  const origins = hosts.map((name) => `${protocol}//${name}`);
  if (headers.origin !== undefined && !origins.includes(headers.origin)) {
    return { status: 403, body: { message: 'Foreign Origin' } };
  }
  if (headers['user-agent'] === undefined) {
    return {
      status: 403,
      body: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    };
  }
  return undefined;
}

function badBody(raw: string | undefined): Answer | undefined {
  return raw === undefined ? { status: 413, body: { message: 'Payload too big' } } : undefined;
}

/** `undefined` when it is too big. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(raw: string): Body | undefined {
  if (raw === '') return {};
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Body)
      : undefined;
  } catch {
    return undefined;
  }
}

function errorAnswer({ status, message, errors }: Refusal): Answer {
  const documentation_url = 'https://docs.github.com/rest';
  return {
    status,
    body: {
      message,
      ...(errors !== undefined && { errors }),
      documentation_url,
      status: String(status),
    },
  };
}

function withEtag(answer: Answer, method: string, ifNoneMatch: string | undefined): Answer {
  if (method !== 'GET' || answer.status !== 200) return answer;
  const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex')}"`;
  const headers = { ...answer.headers, etag };
  if (ifNoneMatch === etag) return { status: 304, headers };
  return { ...answer, headers };
}

function send(
  response: ServerResponse,
  clock: Clock,
  { status, body, headers = {} }: Answer,
): void {
  const text = body === undefined ? undefined : JSON.stringify(body);
  // A refused credential is the client's chance to find out that its clock is off, so that answer has the real time.
  const date = new Date(status === 401 ? Date.now() : clock.now()).toUTCString();
  response.writeHead(status, {
    date,
    'cache-control': 'private, max-age=60, s-maxage=60',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': 'SANDBOX',
    ...headers,
    ...(text !== undefined && {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    }),
  });
  response.end(text);
}
