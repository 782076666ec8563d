import type { Receiver, ReceiverEvent } from '@slack/bolt';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Clock, second } from '../../shared/time.ts';
import { createDispatch } from './dispatch.ts';
import { readBody } from './read-body.ts';
import { createReplays } from './replays.ts';
import type { Log } from './sdk-logger.ts';
import { forgeryIn } from './verify-signature.ts';

const mostBytes = 1_000_000;
/** Slack gives up after three seconds; as Bolt, we say a moment later that nothing came. Real time. */
const ackWithinMs = 3_001;
const drainMs = 3 * second;

export type HttpReceiver = Receiver & {
  /** Mounts `POST /slack/events`, for events, interactions and commands alike. */
  register(fastify: FastifyInstance): Promise<void>;
};

type Answer = { readonly status: number; readonly body?: unknown };

/** Receives signed requests. Nothing is parsed before its signature is found genuine. */
export function createHttpReceiver({
  signingSecret,
  clock,
  log,
}: {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly log: Log;
}): HttpReceiver {
  const dispatch = createDispatch(log);
  const replays = createReplays(clock);

  const answerTo = (event: Omit<ReceiverEvent, 'ack'>): Promise<Answer> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        log.error({ type: event.body['type'] }, 'slack payload not acknowledged in time');
        resolve({ status: 404 });
      }, ackWithinMs);
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      dispatch
        .process(event, async (body) => settle({ status: 200, body }))
        .catch(() => settle({ status: 500 }));
    });

  const receive = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signature = request.headers['x-slack-signature'];
    const forgery = forgeryIn(
      { body: raw, timestamp: request.headers['x-slack-request-timestamp'], signature },
      signingSecret,
      clock.now(),
    );
    if (forgery !== undefined) {
      log.warn({ forgery }, 'slack request refused');
      return reply.code(401).send();
    }
    if (replays.seen(String(signature))) {
      log.warn({}, 'slack request replayed');
      return reply.code(200).send();
    }
    const body = readBody(request.headers['content-type'] ?? '', raw.toString('utf8'));
    // Sent again it would be no better.
    if (body === undefined) return reply.code(400).header('x-slack-no-retry', '1').send();
    const { status, body: said } = await (body['type'] === 'url_verification'
      ? { status: 200, body: { challenge: body['challenge'] } }
      : answerTo({ body, ...retryOf(request) }));
    if (status === 200) replays.remember(String(signature));
    return reply.code(status).send(said === '' ? undefined : said);
  };

  return {
    init: dispatch.init,
    /** Fastify listens; this resolves at once. */
    start: () => Promise.resolve(),
    stop: () => dispatch.drained(drainMs),
    async register(fastify) {
      await fastify.register(async (scope) => {
        // The signature covers bytes: no parser may touch them first.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser(
          '*',
          { parseAs: 'buffer', bodyLimit: mostBytes },
          (_request: FastifyRequest, bytes: Buffer, done: (error: null, body: Buffer) => void) =>
            done(null, bytes),
        );
        scope.post('/slack/events', { bodyLimit: mostBytes }, receive);
      });
    },
  };
}

function retryOf({ headers }: FastifyRequest): Pick<ReceiverEvent, 'retryNum' | 'retryReason'> {
  const number = Number(headers['x-slack-retry-num']);
  const reason = headers['x-slack-retry-reason'];
  return {
    ...(Number.isInteger(number) ? { retryNum: number } : {}),
    ...(typeof reason === 'string' ? { retryReason: reason } : {}),
  };
}
