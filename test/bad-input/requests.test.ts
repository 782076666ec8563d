import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Handling } from '../../handlers/handling.ts';
import { registerGitHub } from '../../handlers/webhooks/register-github.ts';
import { parseWebhook, verifyGitHubWebhook } from '../../src/adapters/github/webhook.ts';
import { createServer } from '../../src/adapters/http/create-server.ts';
import { createHttpReceiver } from '../../src/adapters/slack/http-receiver.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { keptLog } from '../adapters/slack/bolt-fixture.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { lookOnce } from '../workflow/drive.ts';

const secret = 'webhook secret';
const signingSecret = 'signing secret';
const { world, git, clock } = memoryWorld();
const kept = keptLog();
const looked: RolloutId[] = [];
const caretaker = {
  wake: () => Promise.resolve(),
  lookNow: (id: RolloutId) => {
    looked.push(id);
    return Promise.resolve();
  },
  run: () => Promise.resolve(),
};
const server = createServer({ health: { alive: () => true, readiness: async () => [] } });
const reached: unknown[] = [];
let origin = '';

beforeAll(async () => {
  const { rollout } = await detect(world);
  if (rollout !== undefined) await lookOnce(world, rollout);
  // Only what a webhook touches.
  const handling = { world: { ...world, log: kept.log }, caretaker } as unknown as Handling;
  registerGitHub(server, handling, {
    verify: (body, signature) => verifyGitHubWebhook(secret, body, signature),
    parse: parseWebhook,
  });
  const receiver = createHttpReceiver({ signingSecret, clock, log: kept.log });
  receiver.init({
    processEvent: async ({ body, ack }: { body: unknown; ack: () => Promise<void> }) => {
      reached.push(body);
      await ack();
    },
  } as never);
  await receiver.register(server);
  origin = await server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');

async function webhook(
  body: string,
  { event = 'push', signature = `sha256=${hmac(secret, body)}` } = {},
): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-hub-signature-256': signature,
  };
  return post('/webhooks/github', body, headers);
}

async function slackEvent(body: string, { skewMs = 0, key = signingSecret } = {}): Promise<number> {
  const timestamp = String(Math.floor((clock.now() + skewMs) / 1000));
  return post('/slack/events', body, {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hmac(key, `v0:${timestamp}:${body}`)}`,
  });
}

/** The status; a server that hangs up while a huge body is still being sent counts as 413. */
async function post(path: string, body: string, headers: Record<string, string>): Promise<number> {
  const sent = fetch(`${origin}${path}`, { method: 'POST', headers, body });
  return sent.then(
    ({ status }) => status,
    () => 413,
  );
}

const push = JSON.stringify({
  repository: { full_name: git.repository },
  ref: 'refs/heads/main',
});

describe('a webhook of GitHub', () => {
  test('that is genuine wakes the rollouts of its repository', async () => {
    expect(await webhook(push)).toBe(202);
    await expect.poll(() => looked.length).toBe(1);
  });

  test.each([
    ['of another secret', `sha256=${hmac('guess', push)}`],
    ['of another body', `sha256=${hmac(secret, `${push} `)}`],
    ['without its name', hmac(secret, push)],
    ['that is empty', ''],
    ['of the old kind', `sha1=${createHmac('sha1', secret).update(push).digest('hex')}`],
  ])('with a signature %s is refused, with a line in the log', async (_, signature) => {
    const before = looked.length;
    kept.lines.length = 0;
    expect(await webhook(push, { signature })).toBe(401);
    expect(kept.messages()).toEqual(['webhook refused']);
    expect(looked).toHaveLength(before);
  });

  test.each([
    '',
    'null',
    '[]',
    '{',
    '{"repository":{"full_name":"../.."}}',
    '"x"',
    '{"repository":7}',
  ])('that is genuine and says %j is taken, and concerns nobody', async (body) => {
    const before = looked.length;
    expect([202, 400]).toContain(await webhook(body));
    expect(looked).toHaveLength(before);
  });

  test('of 10 MB is refused before it is read, even with the right signature', async () => {
    expect(await webhook(' '.repeat(10 * 1024 * 1024))).toBe(413);
  });
});

describe('a request of Slack', () => {
  const body = JSON.stringify({ type: 'event_callback', event: { type: 'app_mention' } });

  test.each([
    ['with a signature of somebody else', { key: 'guess' }],
    ['ten minutes old', { skewMs: -10 * minute }],
    ['ten minutes from the future', { skewMs: 10 * minute }],
  ])('%s is refused, with a line in the log', async (_, how) => {
    kept.lines.length = 0;
    expect(await slackEvent(body, how)).toBe(401);
    expect(kept.messages()).toEqual(['slack request refused']);
    expect(reached).toEqual([]);
  });

  test('sent again byte for byte is handled once', async () => {
    expect(await slackEvent(body)).toBe(200);
    kept.lines.length = 0;
    expect(await slackEvent(body)).toBe(200);
    expect(reached).toHaveLength(1);
    expect(kept.messages()).toEqual(['slack request replayed']);
  });

  test('of 10 MB is refused before it is read', async () => {
    expect(await slackEvent(' '.repeat(10 * 1024 * 1024))).toBe(413);
    expect(reached).toHaveLength(1);
  });
});

test.each(['/healthz', '/readyz', '/', '/webhooks/gitlab'])(
  '10 MB to %s do no harm either',
  async (path) => {
    const status = await post(path, ' '.repeat(10 * 1024 * 1024), { 'content-type': 'text/plain' });
    expect([404, 405, 413, 415]).toContain(status);
  },
);

test('after all that it lives', async () => {
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  expect(await webhook(push)).toBe(202);
});
