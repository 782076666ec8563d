import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { carryOut } from './act.ts';
import type { Fault } from './faults.ts';
import { parseAct } from './parse-act.ts';
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
    if (!isLocal(request, server)) {
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

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Host and Origin must be ours: a page on the internet could otherwise drive the sandbox through the browser. */
function isLocal({ headers }: IncomingMessage, server: Server): boolean {
  const { port } = server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const origin = headers.origin;
  return (
    hosts.includes(headers.host ?? '') &&
    (origin === undefined || hosts.some((host) => origin === `http://${host}`))
  );
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.byteLength;
    if (size > longestBody) throw new BadBodyError('The body is too large.');
    chunks.push(bytes);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
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
