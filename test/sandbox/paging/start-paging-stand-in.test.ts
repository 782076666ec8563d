import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPages } from '../../../src/adapters/paging/create-pages.ts';
import { Faults } from '../../../src/sandbox/faults.ts';
import type { PagingStandIn } from '../../../src/sandbox/paging/start-paging-stand-in.ts';
import { startPagingStandIn } from '../../../src/sandbox/paging/start-paging-stand-in.ts';
import { steppingClock } from '../../fakes/stepping-clock.ts';

const page = {
  key: 'amiable/ro_1/blind/staging-eu-1',
  condition: 'blind',
  rollout: 'ro_1',
  release: 'v20261118',
  environment: 'staging',
  cluster: 'staging-eu-1',
  summary: 'staging-eu-1 is replacing nodes, and was not seen',
  since: 1_795_000_000_000,
} as const;

let faults: Faults;
let standIn: PagingStandIn;
beforeEach(async () => {
  faults = new Faults('paging');
  standIn = await startPagingStandIn({ faults, token: 'right' });
});
afterEach(() => standIn.close());
const pagesOf = (token = 'right') =>
  createPages({ kind: 'webhook', url: standIn.url, token }, steppingClock(1_000));
const told = () => standIn.taken().map(({ status, key }) => `${status} ${key}`);

test('takes what fires and what is resolved, by its key', async () => {
  await pagesOf().fire(page);
  await pagesOf().resolve(page);
  expect(told()).toEqual([`firing ${page.key}`, `resolved ${page.key}`]);
});

test('takes nothing without the token, and nothing that is no page', async () => {
  await expect(pagesOf('wrong').fire(page)).rejects.toThrow('401');
  const headers = { authorization: 'Bearer right' };
  const answer = await fetch(standIn.url, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(400);
  expect(standIn.taken()).toEqual([]);
});

test('takes a page and does not answer when the reply is to be lost', async () => {
  faults.order({ service: 'paging', kind: 'lost-reply', match: 'POST firing', times: 1 });
  await expect(pagesOf().fire(page)).rejects.toThrow('did not answer');
  expect(told()).toEqual([`firing ${page.key}`]);
});

test.each([
  ['error-500', '500'],
  ['rate-limited', '429'],
] as const)('takes nothing when it is to be %s', async (kind, status) => {
  faults.order({ service: 'paging', kind, match: `POST firing ${page.key}`, times: 1 });
  await expect(pagesOf().fire(page)).rejects.toThrow(status);
  expect(standIn.taken()).toEqual([]);
});

test('takes nothing and never answers when it is to hang', async () => {
  faults.order({ service: 'paging', kind: 'hang', times: 1 });
  const body = { version: 1, status: 'firing', ...page, since: new Date(page.since).toISOString() };
  const asked = new AbortController();
  faults.onHit(() => setTimeout(() => asked.abort(new Error('tired of it')), 20));
  await expect(
    fetch(standIn.url, {
      method: 'POST',
      headers: { authorization: 'Bearer right' },
      body: JSON.stringify(body),
      signal: asked.signal,
    }),
  ).rejects.toThrow('tired of it');
  expect(standIn.taken()).toEqual([]);
});
