import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Instant } from '../../../shared/time.ts';
import type { FaultKind, Faults } from '../../faults.ts';
import { isForLoopback } from '../../loopback-server.ts';
import { readBody } from '../../read-body.ts';
import type { ObjectStore } from '../object-store.ts';
import { qualifiedName, resources } from '../resources.ts';
import type { Memory } from '../simulation.ts';
import { demandAccess, reviewed } from './access.ts';
import {
  ApiError,
  internalError,
  noSuchPath,
  statusObject,
  tooManyRequests,
  unauthorized,
} from './api-error.ts';
import { groupOf } from './groups.ts';
import type { lists } from './lists.ts';
import { formOf } from './negotiate.ts';
import { patchApplication } from './patch-application.ts';
import { patchNode } from './patch-node.ts';
import { type Target, targetOf } from './request.ts';
import type { watches } from './watches.ts';

const maxBodyBytes = 1_000_000;

/** What the HTTP side knows of one cluster. */
export type ServedCluster = {
  readonly store: ObjectStore;
  readonly memory: Memory;
  readonly token: string;
  readonly list: ReturnType<typeof lists>;
  readonly watches: ReturnType<typeof watches>;
};

export type Counted = 'list' | 'get' | 'watch' | 'patch' | 'other';

type Serving = {
  readonly faults: Faults;
  readonly cluster: (name: string) => ServedCluster | undefined;
  readonly now: () => Instant;
  readonly count: (kind: Counted, bytes: number) => void;
};

/** The API servers of all clusters, each below `/clusters/<name>`. Not yet listening. */
export function kubernetesServer(serving: Serving): Server {
  return createServer((request, response) => {
    answer(serving, request, response).catch((error: unknown) => {
      // a bug of the stand-in must look like one, not like an answer of Kubernetes
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`The Kubernetes stand-in failed: ${String(error)}`);
    });
  });
}

async function answer(serving: Serving, request: IncomingMessage, response: ServerResponse) {
  if (!isForLoopback(request)) return plain(response, 403, 'Only local clients are served');
  const url = new URL(request.url ?? '/', 'http://local');
  const [, name = '', path = '/'] = /^\/clusters\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  const cluster = serving.cluster(decodeURIComponent(name));
  if (cluster === undefined) return plain(response, 404, '404 page not found');
  const isWatch = /^(1|true)$/.test(url.searchParams.get('watch') ?? '');
  const manager = url.searchParams.get('fieldManager');
  const description = `${isWatch ? 'WATCH' : request.method} ${url.pathname}${manager === null ? '' : ` ${manager}`}`;
  const fault = serving.faults.take(description, [
    'hang',
    'error-500',
    'rate-limited',
    'lost-reply',
  ]);
  if (fault === 'hang' && !isWatch) return undefined; // never answered, nothing done
  try {
    if (fault === 'error-500') throw internalError();
    if (fault === 'rate-limited') throw tooManyRequests();
    if (request.headers.authorization !== `Bearer ${cluster.token}`) throw unauthorized();
    const target = targetOf(path);
    if (target === undefined || !isServed(cluster.memory, target)) throw noSuchPath();
    const { searchParams: query } = url;
    if (isWatch && target.kind === 'resource') {
      demandAccess(cluster.memory, 'watch', target);
      serving.count('watch', 0);
      const { plural, namespace } = target;
      const form = formOf(request.headers.accept);
      const watching = { plural, namespace, query, form, description };
      const frozen = fault === 'hang';
      if (fault === 'lost-reply') return void request.socket.destroy();
      cluster.watches.start(response, watching, frozen, serving.now());
      return undefined;
    }
    const body = await read(request);
    return send(
      serving,
      response,
      fault,
      handle(serving, cluster, request, { target, query, body }),
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return send(serving, response, fault, {
      kind: 'other',
      code: error.code,
      body: statusObject(error),
      ...(error.retryAfterSeconds !== undefined && {
        headers: { 'retry-after': String(error.retryAfterSeconds) },
      }),
    });
  }
}

type Answer = {
  readonly kind: Counted;
  readonly code: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

function handle(
  { now }: Serving,
  cluster: ServedCluster,
  { method, headers }: IncomingMessage,
  { target, query, body }: { target: Target; query: URLSearchParams; body: string },
): Answer {
  const { memory, store } = cluster;
  switch (target.kind) {
    case 'version':
      return { kind: 'other', code: 200, body: versionOf(memory.kubernetes) };
    case 'groups':
      return { kind: 'other', code: 200, body: groupOf(memory, target.group) };
    case 'ready':
      return { kind: 'other', code: 200, body: 'ok' };
    case 'access-review':
      if (method !== 'POST') throw methodNotAllowed();
      return { kind: 'other', code: 201, body: reviewed(memory, body) };
    case 'resource': {
      const { plural, namespace, name } = target;
      if (method === 'PATCH' && plural === 'nodes' && name !== undefined) {
        demandAccess(memory, 'patch', target);
        const dryRun = query.get('dryRun') === 'All';
        const how = { now: now(), dryRun, limited: memory.brakePolicy !== false };
        const patched = patchNode(store, name, headers['content-type'], body, how);
        return { kind: 'patch', code: 200, body: patched };
      }
      if (method === 'PATCH' && plural === 'applications' && name !== undefined) {
        demandAccess(memory, 'patch', target);
        const type = headers['content-type'];
        const patched = patchApplication(store, { name, namespace }, type, body, now());
        return { kind: 'patch', code: 200, body: patched };
      }
      if (method !== 'GET') throw methodNotAllowed();
      if (name === undefined) {
        demandAccess(memory, 'list', target);
        const form = formOf(headers.accept);
        const listing = { query, form, now: now() };
        return { kind: 'list', code: 200, body: cluster.list(plural, namespace, listing) };
      }
      demandAccess(memory, 'get', target);
      const found = store.get(plural, name, namespace);
      if (found === undefined)
        throw new ApiError(404, 'NotFound', `${qualifiedName(plural)} "${name}" not found`);
      return { kind: 'get', code: 200, body: found };
    }
  }
}

function versionOf(kubernetes: string) {
  const [major, minor] = kubernetes.split('.');
  return { major, minor, gitVersion: `v${kubernetes}.0-eks-3f9d1e7`, platform: 'linux/amd64' };
}

function isServed({ servedVersions = {} }: Memory, target: Target): boolean {
  if (target.kind !== 'resource') return true;
  const { group, version } = resources[target.plural];
  return servedVersions[group]?.includes(version) ?? true;
}

const methodNotAllowed = () =>
  new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  );

function send(
  { count }: Serving,
  response: ServerResponse,
  fault: FaultKind | undefined,
  { kind, code, body, headers }: Answer,
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  count(kind, Buffer.byteLength(text));
  if (fault === 'lost-reply') {
    response.destroy();
    return;
  }
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(code, { 'content-type': type, ...headers });
  response.end(text);
}

function plain(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain' });
  response.end(text);
}

async function read(request: IncomingMessage): Promise<string> {
  const text = await readBody(request, maxBodyBytes);
  if (text !== undefined) return text;
  throw new ApiError(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 1000000');
}
