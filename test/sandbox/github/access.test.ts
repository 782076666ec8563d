import { generateKeyPairSync } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { jwt, start } from './ask.ts';

afterEach(() => {
  vi.useRealTimers();
});

const seconds = () => Math.floor(Date.now() / 1000);

test('the App is known by its JWT', async () => {
  const { asApp, standIn } = await start();
  expect(await asApp('GET', '/app')).toMatchObject({
    status: 200,
    body: { id: 4711, slug: 'amiable' },
  });
  expect(standIn.botLogin).toBe('amiable[bot]');
});

test.each([
  [
    'another key',
    () =>
      jwt(
        {},
        generateKeyPairSync('rsa', { modulusLength: 2048 })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      ),
    401,
    /could not be decoded/,
  ],
  [
    'an algorithm of none',
    () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${jwt().split('.')[1]}.`,
    401,
    /Bad credentials|could not be decoded/,
  ],
  ['a time that is over', () => jwt({ exp: seconds() - 1 }), 401, /must be a numeric value/],
  [
    'more than ten minutes to live',
    () => jwt({ exp: seconds() + 700 }),
    401,
    /too far in the future/,
  ],
  ['an issue time to come', () => jwt({ iat: seconds() + 300 }), 401, /'Issued at'/],
  ['another app', () => jwt({ iss: 1 }), 404, /Integration not found/],
])('a JWT with %s is refused', async (_what, token, status, message) => {
  const { ask } = await start();
  const answer = await ask('GET', '/app', undefined, { authorization: `Bearer ${token()}` });
  expect(answer).toMatchObject({ status, body: { message: expect.stringMatching(message) } });
});

test('a token lives one hour of real time', async () => {
  const { asBot, minted } = await start();
  expect((await asBot('GET', '/repos/acme/gitops')).status).toBe(200);
  const expires = Date.parse(String(minted.body['expires_at']));
  expect(expires - Date.now()).toBeGreaterThan(3_590_000);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 });
  expect(await asBot('GET', '/repos/acme/gitops')).toMatchObject({
    status: 401,
    body: { message: 'Bad credentials' },
  });
});

test('a private repository is not there for strangers, and ours cannot write elsewhere', async () => {
  const { ask, asBot, asApp, standIn } = await start();
  standIn.seedRepository({ name: 'awslabs/amazon-eks-ami', installed: false });
  expect((await ask('GET', '/repos/acme/gitops')).status).toBe(404);
  expect((await ask('GET', '/repos/awslabs/amazon-eks-ami')).status).toBe(200);
  expect((await asBot('GET', '/repos/awslabs/amazon-eks-ami')).status).toBe(200);
  const body = { ref: 'refs/heads/x', sha: '0'.repeat(40) };
  expect((await asBot('POST', '/repos/awslabs/amazon-eks-ami/git/refs', body)).status).toBe(403);
  expect((await ask('POST', '/repos/acme/gitops/git/refs', body)).status).toBe(401);
  expect((await asApp('GET', '/repos/acme/gitops')).status).toBe(403);
  expect((await asBot('GET', '/app')).status).toBe(401);
  expect(
    (await ask('GET', '/repos/acme/gitops', undefined, { authorization: 'token ghs_x' })).status,
  ).toBe(401);
});

test.each([
  ['a foreign Host', { host: 'evil.example', 'user-agent': 't' }],
  ['a foreign Origin', { origin: 'https://evil.example', 'user-agent': 't' }],
  ['no User-Agent', {}],
])('a request with %s is refused', async (_what, headers) => {
  const { standIn } = await start();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${standIn.url}/repos/acme/gitops`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
  expect(status).toBe(403);
});

test('listens on loopback only', async () => {
  const { standIn } = await start();
  expect(new URL(standIn.url).hostname).toBe('127.0.0.1');
});

test('an unchanged answer costs nothing against the hour’s limit, a changed one costs one', async () => {
  const { asBot, repository } = await start();
  const path = '/repos/acme/gitops/git/ref/heads/main';
  const first = await asBot('GET', path);
  const left = Number(first.headers.get('x-ratelimit-remaining'));
  const again = await asBot('GET', path, undefined, {
    'if-none-match': first.headers.get('etag') ?? '',
  });
  expect(again.status).toBe(304);
  expect(Number(again.headers.get('x-ratelimit-remaining'))).toBe(left);
  repository.push('ann-lee', 'main', 'a.yaml', 'a: 2\n');
  const changed = await asBot('GET', path, undefined, {
    'if-none-match': first.headers.get('etag') ?? '',
  });
  expect(changed.status).toBe(200);
  expect(Number(changed.headers.get('x-ratelimit-remaining'))).toBe(left - 1);
});

test('strangers have 60 requests an hour', async () => {
  const { ask, standIn, clock } = await start();
  standIn.seedRepository({ name: 'awslabs/amazon-eks-ami', installed: false });
  const read = () => ask('GET', '/repos/awslabs/amazon-eks-ami');
  for (let i = 0; i < 60; i += 1) expect((await read()).status).toBe(200);
  const refused = await read();
  expect(refused).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining('API rate limit exceeded') },
  });
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  clock.advance(3_600_000);
  expect((await read()).status).toBe(200);
});

test('more than 80 writes a minute meet the secondary limit', async () => {
  const { asBot, base, clock } = await start();
  const write = (i: number) =>
    asBot('POST', '/repos/acme/gitops/git/refs', { ref: `refs/heads/b${i}`, sha: base });
  for (let i = 0; i < 80; i += 1) expect((await write(i)).status).toBe(201);
  const refused = await write(80);
  expect(refused).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining('secondary rate limit') },
  });
  expect(refused.headers.get('retry-after')).toBe('60');
  clock.advance(60_000);
  expect((await write(80)).status).toBe(201);
});

test('nonsense is refused as GitHub refuses it', async () => {
  const { asBot, standIn } = await start();
  expect((await asBot('GET', '/nothing')).status).toBe(404);
  expect(await asBot('POST', '/repos/acme/gitops/pulls', { title: 'x' })).toMatchObject({
    status: 422,
    body: { message: expect.stringContaining('"head" wasn\'t supplied') },
  });
  const broken = await fetch(`${standIn.url}/repos/acme/gitops`, {
    method: 'POST',
    body: '{',
    headers: { 'user-agent': 't' },
  });
  expect(broken.status).toBe(400);
});
