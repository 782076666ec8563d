import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { carryOut } from './act.ts';
import type { Fault } from './faults.ts';
import { closeServer, isForLoopback, listenOnLoopback } from './loopback-server.ts';
import { parseAct } from './parse-act.ts';
import { readBody } from './read-body.ts';
import type { StandIns } from './stand-ins.ts';

const FaultOrder = z.object({
  service: z.enum(['slack', 'github', 'aws', 'kubernetes', 'dynamodb', 'paging']),
  kind: z.enum(['lost-reply', 'rate-limited', 'error-500', 'hang', 'cut-watch', 'gone-410']),
  match: z.string().optional(),
  times: z.number().int().min(1).max(10_000).default(1),
});

const files: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
};

/** The request is not one of ours; the message says why. */
class BadBodyError extends Error {
  override readonly name = 'BadBodyError';
}

/** A body over this is nobody's click. */
const longestBody = 256 * 1024;

/** The page, and the interface for scripts. Loopback only; pages of other origins cannot press buttons here. */
export async function servePage({
  standIns,
  state,
  port,
}: {
  readonly standIns: StandIns;
  readonly state: () => Promise<unknown>;
  readonly port: number;
}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => {
      const isTheirs = cause instanceof BadBodyError;
      json(response, isTheirs ? 400 : 500, {
        ok: false,
        ...(isTheirs && request.url?.startsWith('/sandbox/act') ? { ack: false } : {}),
        error: cause instanceof Error ? cause.message : String(cause),
      });
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isForLoopback(request)) {
      json(response, 403, {
        ok: false,
        error: 'This sandbox answers this machine and its own page only.',
      });
      return;
    }
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (request.method === 'GET' && path === '/sandbox/state') {
      json(response, 200, await state());
      return;
    }
    if (request.method === 'POST' && path === '/sandbox/act') {
      const parsed = parseAct(await bodyOf(request));
      if (!parsed.ok) throw new BadBodyError(parsed.error);
      json(response, 200, await carryOut(standIns, parsed.act));
      return;
    }
    if (request.method === 'POST' && path === '/sandbox/fault') {
      const order = FaultOrder.safeParse(await bodyOf(request));
      if (!order.success) throw new BadBodyError(z.prettifyError(order.error));
      const { match, ...fault } = order.data;
      standIns.order({ ...fault, ...(match === undefined ? {} : { match }) } satisfies Fault);
      json(response, 200, { ok: true });
      return;
    }
    const picture = request.method === 'GET' ? /^\/sandbox\/files\/(F[A-Z0-9]+)$/.exec(path) : null;
    if (picture?.[1] !== undefined) {
      const { bytes } = standIns.slack.file(picture[1]) ?? {};
      if (bytes === undefined) json(response, 404, { ok: false, error: 'There is no such file' });
      else {
        response.writeHead(200, {
          'content-type': 'image/png',
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, max-age=3600',
        });
        response.end(bytes);
      }
      return;
    }
    const file = request.method === 'GET' ? files[path] : undefined;
    if (file === undefined) {
      json(response, 404, { ok: false, error: `There is no ${request.method} ${path}` });
      return;
    }
    const [name, type] = file;
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(readFileSync(join(pageFolder(), name)));
  }

  const bound = await listenOnLoopback(server, port);
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () => closeServer(server),
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request, longestBody);
  if (text === undefined) throw new BadBodyError('The body is too large.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadBodyError('The body is not valid JSON.', { cause });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** The built page: beside the bundle, found from wherever this chunk of it lies. */
function pageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    for (const found of [join(folder, 'page'), join(folder, 'dist', 'page')]) {
      if (existsSync(join(found, 'page.js'))) return found;
    }
    if (dirname(folder) === folder)
      throw new Error('The page is not built: npm run build makes it.');
  }
}
