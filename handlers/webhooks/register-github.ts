import type { FastifyInstance } from 'fastify';
import { wavesOf } from '../../src/rollout/rollout.ts';
import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import type { Handling } from '../handling.ts';

/** Tells a genuine webhook, and what it is about; GitHub's ways are the adapter's business. */
export type WebhookReader = {
  verify(rawBody: Uint8Array, signature: string | undefined): boolean;
  parse(event: string, body: unknown): { readonly repository: string } | undefined;
};

/**
 * GitHub's webhooks only make us look sooner: nothing in them is believed, and everything finishes without them. So they
 * are neither stored nor deduplicated.
 */
export function registerGitHub(
  server: FastifyInstance,
  handling: Handling,
  reader: WebhookReader | undefined,
): void {
  void server.register(async (scope) => {
    // The signature is over the bytes, so they are kept as they came.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) =>
      done(null, body),
    );
    scope.post('/webhooks/github', async (request, reply) => {
      const body = request.body;
      const signature = request.headers['x-hub-signature-256'];
      const genuine =
        reader !== undefined &&
        Buffer.isBuffer(body) &&
        reader.verify(body, typeof signature === 'string' ? signature : undefined);
      if (!genuine) {
        handling.world.log.warn({ path: '/webhooks/github' }, 'webhook refused');
        await reply.code(401).send({ ok: false });
        return;
      }
      const event = request.headers['x-github-event'];
      const subject = reader.parse(typeof event === 'string' ? event : '', jsonOf(body));
      await reply.code(202).send({ ok: true });
      if (subject !== undefined) await stir(handling, subject.repository);
    });
  });
}

/** Looks at the rollouts that concern the repository, in this process and without a write of its own. */
async function stir({ world, caretaker }: Handling, repository: string): Promise<void> {
  for (const rollout of await openRollouts(world)) {
    const concerned = rollout.environments.some((environment) =>
      wavesOf(environment).some(({ repositories }) =>
        repositories.some((name) => name === repository),
      ),
    );
    if (concerned) void caretaker.lookNow(rollout.id);
  }
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
