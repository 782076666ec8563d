import fastify, { type FastifyInstance } from 'fastify';

/** What the service can say of itself. */
export type Health = {
  /** It runs; a failing answer means: restart it. */
  alive(): boolean;
  /** It can do its work; why not, in words. */
  readiness(): Promise<readonly string[]>;
};

/** Bodies over this are refused before they are buffered: GitHub caps webhooks at 25 MB, ours are far smaller. */
const bodyLimit = 1024 * 1024;

/** The HTTP side of the service: health for the platform, and whatever is registered on it. */
export function createServer({ health }: { readonly health: Health }): FastifyInstance {
  const server = fastify({ logger: false, bodyLimit, requestTimeout: 10_000 });
  server.get('/healthz', async (_, reply) => {
    await reply.code(health.alive() ? 200 : 503).send({ ok: health.alive() });
  });
  server.get('/readyz', async (_, reply) => {
    const because = await health.readiness();
    await reply.code(because.length === 0 ? 200 : 503).send({ ok: because.length === 0, because });
  });
  return server;
}
