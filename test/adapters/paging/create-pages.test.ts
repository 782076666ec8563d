import { afterEach, expect, test } from 'vitest';
import { createPages } from '../../../src/adapters/paging/create-pages.ts';
import type { Page } from '../../../src/workflow/ports/pages.ts';
import { startPagerServer } from '../../fakes/pager-server.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const page: Page = {
  key: 'amiable/ro_0123456789/blind/stg',
  condition: 'blind',
  rollout: 'ro_0123456789',
  release: 'al2023@v20261118',
  environment: 'staging',
  cluster: 'stg',
  summary: 'stg is replacing nodes, and was not seen since 11:50',
  since: noon - 600_000,
};
const clock = { now: () => noon };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(options = {}) {
  const server = await startPagerServer(options);
  closing.push(() => server.close());
  return server;
}

test('Alertmanager gets the same labels for the same condition, and an end', async () => {
  const { url, taken } = await start({ token: 'secret' });
  const pages = createPages({ kind: 'alertmanager', url, token: 'secret' }, clock);
  await pages.fire(page);
  await pages.resolve({ ...page, summary: 'other words' });
  const labels = { alertname: 'AmiableBlind', cluster: 'stg', severity: 'critical' };
  expect(taken).toMatchObject([
    { body: [{ labels, endsAt: '2026-11-21T12:15:00.000Z' }] },
    { body: [{ labels, endsAt: '2026-11-21T12:00:00.000Z' }] },
  ]);
  expect(pages.repeatMs).toBe(15 * 60_000);
});

test('an alert on a rollout that ended by it does not end after minutes', async () => {
  const { url, taken } = await start();
  const pages = createPages({ kind: 'alertmanager', url }, clock);
  await pages.fire({ ...page, condition: 'merged-differs' });
  expect(taken).toMatchObject([{ body: [{ endsAt: '2026-12-21T12:00:00.000Z' }] }]);
});

test('PagerDuty gets one key for trigger and resolve', async () => {
  const { url, taken } = await start();
  const pages = createPages({ kind: 'pagerduty', url, routingKey: 'k'.repeat(32) }, clock);
  await pages.fire(page);
  await pages.resolve(page);
  expect(taken).toMatchObject([
    { path: '/v2/enqueue', body: { event_action: 'trigger', dedup_key: page.key } },
    { path: '/v2/enqueue', body: { event_action: 'resolve', dedup_key: page.key } },
  ]);
});

test('a webhook gets all of it, with its status', async () => {
  const { url, taken } = await start();
  const pages = createPages({ kind: 'webhook', url: `${url}/hook` }, clock);
  await pages.fire(page);
  await pages.resolve(page);
  const told = { version: 1, key: page.key, condition: 'blind' };
  expect(taken).toMatchObject([
    { path: '/hook', body: { ...told, status: 'firing' } },
    { path: '/hook', body: { ...told, status: 'resolved' } },
  ]);
});

test('what is not taken is an error, without the address', async () => {
  const { url, failWith } = await start();
  failWith(500);
  const pages = createPages({ kind: 'webhook', url: `${url}/hook` }, clock);
  await expect(pages.fire(page)).rejects.toThrow(/^The pager answered 500$/);
});
