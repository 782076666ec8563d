import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { parseWebhook, verifyGitHubWebhook } from '../../../src/adapters/github/webhook.ts';
import { start } from './ask.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Delivery = {
  readonly event: string;
  readonly id: string;
  readonly verified: boolean;
  readonly about: unknown;
};

async function listen() {
  const got: Delivery[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const event = String(request.headers['x-github-event']);
      got.push({
        event,
        id: String(request.headers['x-github-delivery']),
        verified: verifyGitHubWebhook(
          's3cret',
          raw,
          String(request.headers['x-hub-signature-256']),
        ),
        about: parseWebhook(event, JSON.parse(raw.toString('utf8'))),
      });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/github` };
}

async function story() {
  const { got, url } = await listen();
  const started = await start({
    seed: { checks: [{ name: 'ci', durationMs: 1000, outcome: 'success' }] },
  });
  started.standIn.webhooks.deliverTo({ url, secret: 's3cret' });
  return { ...started, got };
}

test('pushes, pull requests, statuses and check runs are told, signed', async () => {
  const { repository, base, asBot, clock, standIn, got } = await story();
  repository.createBranch('ann-lee', 'topic', base);
  const head = repository.push('ann-lee', 'topic', 'a.yaml', 'a: 2\n');
  await asBot('POST', '/repos/acme/gitops/pulls', { title: 't', head: 'topic', base: 'main' });
  await asBot('POST', `/repos/acme/gitops/statuses/${head}`, {
    state: 'success',
    context: 'amiable/approval',
  });
  clock.advance(1000);
  await new Promise((resolve) => setImmediate(resolve));
  await standIn.webhooks.settled();
  expect(got.every(({ verified }) => verified)).toBe(true);
  const about = { repository: 'acme/gitops', branch: 'topic' };
  expect(got.map(({ event, about: is }) => ({ event, about: is }))).toEqual(
    expect.arrayContaining([
      { event: 'push', about },
      { event: 'pull_request', about: { ...about, pullRequest: 1 } },
      { event: 'status', about },
      { event: 'check_run', about: { ...about, pullRequest: 1 } },
    ]),
  );
  expect(new Set(got.map(({ id }) => id)).size).toBe(got.length);
});

test('deliveries can be lost, doubled and put in another order', async () => {
  const { repository, base, standIn, got } = await story();
  const { switches } = standIn.webhooks;
  switches.drop = true;
  repository.createBranch('ann-lee', 'lost', base);
  await standIn.webhooks.settled();
  expect(got).toEqual([]);

  Object.assign(switches, { drop: false, double: true });
  repository.createBranch('ann-lee', 'twice', base);
  await standIn.webhooks.settled();
  expect(got).toHaveLength(2);
  expect(got[0]?.id).toBe(got[1]?.id);

  Object.assign(switches, { double: false, reorder: true });
  got.length = 0;
  repository.createBranch('ann-lee', 'first', base);
  repository.createBranch('ann-lee', 'second', base);
  await standIn.webhooks.settled();
  expect(got.map(({ about }) => (about as { branch: string }).branch)).toEqual(['second', 'first']);
});
