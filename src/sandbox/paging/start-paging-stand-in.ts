import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Faults } from '../faults.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { readBody } from '../read-body.ts';

/** A page as it was taken: documented under `page` in docs/configuration.md. */
const Taken = z.object({
  version: z.literal(1),
  status: z.enum(['firing', 'resolved']),
  key: z.string().min(1),
  condition: z.string().min(1),
  rollout: z.string().min(1),
  release: z.string().min(1),
  environment: z.string().min(1),
  cluster: z.string().optional(),
  summary: z.string().min(1).max(500),
  since: z.iso.datetime(),
});
export type TakenPage = z.infer<typeof Taken>;

export type PagingStandIn = {
  /** Where pages are posted. */
  readonly url: string;
  /** Every page that was taken, oldest first: one that was sent twice stands here twice. */
  taken(): readonly TakenPage[];
  close(): Promise<void>;
};

/** A page is some hundred bytes; nobody takes one over this. */
const longestBody = 64 * 1024;

/**
 * Whoever takes the pages of `page: { kind: webhook }`: wakes nobody, and keeps what it was told. Without the token it
 * answers 401, and 400 to what is no page. It keeps nothing over its end. Faults match `POST firing <key>` and
 * `POST resolved <key>`.
 */
export async function startPagingStandIn({
  faults,
  token,
  port = 0,
}: {
  readonly faults: Faults;
  readonly token: string;
  readonly port?: number;
}): Promise<PagingStandIn> {
  const taken: TakenPage[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const say = (status: number, headers: Record<string, string> = {}) =>
      response.writeHead(status, headers).end();
    if (request.url !== '/page') return say(404);
    if (request.method !== 'POST') return say(405, { allow: 'POST' });
    if (request.headers.authorization !== `Bearer ${token}`) return say(401);
    const page = Taken.safeParse(await bodyOf(request));
    if (!page.success) return say(400);
    const fault = faults.take(`POST ${page.data.status} ${page.data.key}`, [
      'lost-reply',
      'rate-limited',
      'error-500',
      'hang',
    ]);
    if (fault === 'hang') return undefined;
    if (fault === 'error-500') return say(500);
    if (fault === 'rate-limited') return say(429, { 'retry-after': '60' });
    taken.push(page.data);
    if (fault === 'lost-reply') return request.socket.destroy();
    return say(202);
  };

  const server = createServer((request, response) => {
    // whoever asked hung up in the middle of it
    answer(request, response).catch(() => request.socket.destroy());
  });
  const bound = await listenOnLoopback(server, port);
  return {
    url: `http://127.0.0.1:${bound}/page`,
    taken: () => [...taken],
    close: () => closeServer(server),
  };
}

/** What was posted; `undefined` when it is no JSON, or too long to be a page. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request, longestBody);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
