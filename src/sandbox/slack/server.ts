import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { closeServer, isForLoopback, listenOnLoopback } from '../loopback-server.ts';
import type { Sockets } from './delivery/sockets.ts';
import { type Answered, argsOf, type WebApi } from './web-api.ts';

/** Larger bodies are cut off; Slack's own bound for uploads is far higher, for calls not known. */
const mostBytes = 20_000_000;

export type Doors = {
  readonly webApi: WebApi;
  readonly sockets: Sockets;
  /** Whether a Socket Mode address was given out and not used yet. */
  readonly admits: (ticket: string) => boolean;
  readonly respond: (
    path: string,
    args: ReturnType<typeof argsOf>,
  ) => { readonly status: number; readonly body: string };
  readonly upload: (path: string, bytes: Uint8Array) => boolean;
};

/** Listens on loopback only, and only to those who call it by its own name. */
export async function serve(doors: () => Doors, port: number) {
  const server = createServer((request, response) => {
    handle(doors(), request, response).catch(() => response.destroy());
  });
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const welcome =
      isForLoopback(request) &&
      url.pathname === '/link' &&
      doors().admits(url.searchParams.get('ticket') ?? '');
    if (!welcome) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (ws) => doors().sockets.accept(ws));
  });

  const bound = await listenOnLoopback(server, port);

  return {
    port: bound,
    async close() {
      for (const socket of webSockets.clients) socket.terminate();
      await closeServer(server);
    },
  };
}

async function handle(
  doors: Doors,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isForLoopback(request))
    return end(response, 403, 'Only from this machine, by its own name.');
  const { pathname } = new URL(request.url ?? '/', 'http://loopback');
  const contentType = request.headers['content-type'] ?? '';
  const body = await read(request);
  if (body === undefined) return end(response, 413, 'Too large');
  const [, first, ...rest] = pathname.split('/');

  if (first === 'api' && rest.length === 1) {
    const query = new URL(request.url ?? '/', 'http://loopback').searchParams;
    const args = { ...Object.fromEntries(query), ...argsOf(contentType, body.toString('utf8')) };
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    return reply(response, doors.webApi.call(rest.join(), token, args));
  }
  if (request.method === 'POST' && (first === 'actions' || first === 'commands')) {
    const { status, body: says } = doors.respond(
      `${first}/${rest.join('/')}`,
      argsOf(contentType, body.toString('utf8')),
    );
    return end(response, status, says);
  }
  if (request.method === 'POST' && first === 'upload' && rest[0] === 'v1') {
    const taken = doors.upload(rest[1] ?? '', await uploaded(contentType, body));
    return end(response, taken ? 200 : 400, taken ? `OK - ${body.length}` : 'upload_failed');
  }
  return end(response, 404, 'Not found');
}

function reply(response: ServerResponse, answered: Answered): void {
  switch (answered.kind) {
    case 'hang':
      break;
    case 'cut':
      response.socket?.destroy();
      break;
    case 'status':
      end(response, answered.status, 'Service unavailable');
      break;
    case 'limited':
      response.setHeader('retry-after', String(answered.retryAfter));
      endJson(response, 429, { ok: false, error: 'ratelimited' });
      break;
    case 'reply':
      response.setHeader('x-oauth-scopes', answered.scopes);
      endJson(response, 200, answered.reply);
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

function endJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The bytes of an upload: the body itself, or the file in a multipart form, as the SDK sends it. */
async function uploaded(contentType: string, body: Buffer): Promise<Uint8Array> {
  if (!contentType.startsWith('multipart/form-data')) return new Uint8Array(body);
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') return new Uint8Array(await value.arrayBuffer());
  }
  return new Uint8Array();
}
