import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { minute } from '../../../src/shared/time.ts';
import { ops, outcome, reasonModal, startSlack, tokens } from './slack-fixture.ts';

let all: Awaited<ReturnType<typeof startSlack>>;
beforeAll(async () => {
  all = await startSlack();
});
afterAll(() => all.slack.close());
beforeEach(() => all.clock.advance(2 * minute));

const call = async (method: string, token?: string, body = '') => {
  const response = await fetch(`${all.slack.url}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
  });
  return (await response.json()) as { ok: boolean; error?: string; needed?: string };
};

describe('tokens and scopes', () => {
  test.each([
    ['not_authed', 'auth.test', undefined],
    ['invalid_auth', 'auth.test', 'xoxb-wrong'],
    ['not_allowed_token_type', 'auth.test', tokens.appToken],
    ['not_allowed_token_type', 'apps.connections.open', tokens.botToken],
    ['unknown_method', 'chat.shout', tokens.botToken],
  ])('%s: %s with %s', async (error, method, token) => {
    expect(await call(method, token)).toMatchObject({ ok: false, error });
  });

  test('a method whose scope was not granted says which', async () => {
    const bare = await startSlack({ scopes: ['chat:write'] });
    const info = bare.web.users.info({ user: 'U0ANN' });
    await expect(info).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'users:read', provided: 'chat:write' },
    });
    await bare.slack.close();
  });

  test('blocks.validate needs no token', async () => {
    const blocks = encodeURIComponent('[{"type":"divider"}]');
    expect(await call('blocks.validate', undefined, `blocks=${blocks}`)).toEqual({ ok: true });
    const wrong = encodeURIComponent('[{"type":"sparkle"}]');
    expect(await call('blocks.validate', undefined, `blocks=${wrong}`)).toMatchObject({
      error: 'invalid_blocks',
      errors: [{ message: 'unsupported type: sparkle', pointer: '/blocks/0' }],
    });
  });
});

describe('people', () => {
  test('describes guests, strangers, bots and the deactivated', async () => {
    const who = async (user: string) =>
      (await all.web.users.info({ user, include_locale: true })).user;
    expect(await who('U0ANN')).toMatchObject({
      real_name: 'Ann Lee',
      tz: 'Europe/Berlin',
      tz_offset: 3_600,
      locale: 'de-DE',
      is_restricted: false,
      deleted: false,
    });
    expect(await who('U0BO')).toMatchObject({ tz_offset: -5 * 3_600 });
    expect(await who('U0GUEST')).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await who('U0SINGLE')).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await who('U0GONE')).toMatchObject({ deleted: true });
    expect(await who('U0OTHER')).toMatchObject({ team_id: 'T0ELSEWHERE', is_stranger: true });
    expect(await who('U0ROBOT')).toMatchObject({ is_bot: true });
    expect(await outcome(all.web.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found');
  });

  test('pages through long lists', async () => {
    const seen: unknown[] = [];
    for await (const page of all.web.paginate('users.list', { limit: 3 }))
      seen.push(...((page as { members?: unknown[] }).members ?? []));
    expect(seen).toHaveLength(8);
    expect(all.slack.requests('users.list').length).toBeGreaterThanOrEqual(3);
  });

  test('leaves disabled groups out unless asked for them', async () => {
    const groups = await all.web.usergroups.list({ include_users: true });
    expect(groups.usergroups).toMatchObject([{ id: 'S0SRE', users: ['U0ANN', 'U0BO'] }]);
    const list = (usergroup: string) => outcome(all.web.usergroups.users.list({ usergroup }));
    expect(await list('S0SRE')).toBe('ok');
    expect(await list('S0OLD')).toBe('no_such_subteam');
    expect(await list('S0NONE')).toBe('no_such_subteam');
  });

  test('hides private channels the app is not in', async () => {
    const info = (channel: string) => outcome(all.web.conversations.info({ channel }));
    expect(await info(ops)).toBe('ok');
    expect(await info('C0INSIDE')).toBe('ok');
    expect(await info('C0SECRET')).toBe('channel_not_found');
    expect((await all.web.conversations.members({ channel: ops })).members).toContain('U0ANN');
    expect(await outcome(all.web.conversations.open({ users: 'U0GONE' }))).toBe('user_disabled');
    expect(await outcome(all.web.conversations.open({ users: 'U0ROBOT' }))).toBe('cannot_dm_bot');
  });
});

describe('views', () => {
  const home = (text: string, more: object = {}) =>
    ({
      type: 'home',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
      ...more,
    }) as never;
  test('a Home is published under the hash it was read with', async () => {
    const first = await all.web.views.publish({ user_id: 'U0ANN', view: home('one') });
    const hash = String(first.view?.hash);
    const second = await all.web.views.publish({ user_id: 'U0ANN', view: home('two'), hash });
    expect(second.view?.id).toBe(first.view?.id);
    expect(second.view?.hash).not.toBe(hash);
    const stale = all.web.views.publish({ user_id: 'U0ANN', view: home('three'), hash });
    expect(await outcome(stale)).toBe('hash_conflict');
    const modal = all.web.views.publish({ user_id: 'U0ANN', view: reasonModal as never });
    expect(await outcome(modal)).toBe('invalid_arguments');
  });

  test('an external id belongs to one view', async () => {
    const view = home('x', { external_id: 'mine' });
    await all.web.views.publish({ user_id: 'U0ANN', view });
    expect(await outcome(all.web.views.publish({ user_id: 'U0BO', view }))).toBe(
      'duplicate_external_id',
    );
  });

  test('a modal needs a live trigger, and unknown views cannot be changed', async () => {
    const view = reasonModal;
    expect(await outcome(all.web.views.open({ trigger_id: '1.2.abc', view }))).toBe(
      'invalid_trigger_id',
    );
    expect(await outcome(all.web.views.update({ view_id: 'V0NONE', view }))).toBe('not_found');
  });

  test('a refused view says where', async () => {
    const title = { type: 'plain_text', text: 'x'.repeat(25) } as const;
    const opening = all.web.views.open({ trigger_id: '1', view: { ...reasonModal, title } });
    await expect(opening).rejects.toMatchObject({
      data: {
        error: 'invalid_arguments',
        response_metadata: {
          messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
        },
      },
    });
  });
});

describe('files', () => {
  test('an image is shown once it was uploaded whole and looked at', async () => {
    const png = Buffer.from('not really a picture');
    const { upload_url, file_id } = await all.web.files.getUploadURLExternal({
      filename: 'chart.png',
      length: png.length,
      alt_text: 'a chart',
    });
    const complete = () =>
      outcome(
        all.web.files.completeUploadExternal({ files: [{ id: String(file_id), title: 'C' }] }),
      );
    expect(await complete()).toBe('file_not_found');
    const half = await fetch(String(upload_url), { method: 'POST', body: png.subarray(1) });
    expect(half.status).toBe(400);
    expect((await fetch(String(upload_url), { method: 'POST', body: png })).status).toBe(200);
    expect(await complete()).toBe('ok');
    const show = () =>
      outcome(
        all.web.chat.postMessage({
          channel: ops,
          text: 'Chart',
          blocks: [{ type: 'image', alt_text: 'a chart', slack_file: { id: String(file_id) } }],
        }),
      );
    expect(await show()).toBe('invalid_blocks');
    all.clock.advance(1_000);
    const { file } = await all.web.files.info({ file: String(file_id) });
    expect(file).toMatchObject({ mimetype: 'image/png' });
    expect(await show()).toBe('ok');
  });

  test("takes the SDK's own upload", async () => {
    const done = await all.web.filesUploadV2({ file: Buffer.from('abc'), filename: 'a.png' });
    expect(done.files[0]?.files?.[0]?.id).toMatch(/^F/);
  });
});

describe('limits and faults', () => {
  test('tier 3 gives fifty edits a minute over all channels', async () => {
    const { ts } = await all.web.chat.postMessage({ channel: ops, text: 'x' });
    const edits = [];
    for (let i = 0; i < 51; i += 1)
      edits.push(
        await outcome(all.web.chat.update({ channel: ops, ts: String(ts), text: `${i}` })),
      );
    expect(edits.filter((one) => one === 'ok')).toHaveLength(50);
    expect(edits.at(-1)).toBe('wait 2 s');
    all.clock.advance(2_000);
    expect(await outcome(all.web.chat.update({ channel: ops, ts: String(ts), text: 'y' }))).toBe(
      'ok',
    );
  });

  test('a limited call is 429 with Retry-After, and nothing happens', async () => {
    all.faults.order({
      service: 'slack',
      kind: 'rate-limited',
      match: 'chat.postMessage',
      times: 1,
    });
    const before = all.slack.messages().length;
    expect(await outcome(all.web.chat.postMessage({ channel: ops, text: 'x' }))).toBe('wait 5 s');
    expect(all.slack.messages()).toHaveLength(before);
  });

  test('a lost reply leaves the message, and the caller without an answer', async () => {
    all.faults.order({ service: 'slack', kind: 'lost-reply', match: 'chat.postMessage', times: 1 });
    const before = all.slack.messages().length;
    await expect(all.web.chat.postMessage({ channel: ops, text: 'x' })).rejects.toThrow();
    expect(all.slack.messages()).toHaveLength(before + 1);
  });

  test('a failure and a silence do nothing', async () => {
    const before = all.slack.messages().length;
    all.faults.order({ service: 'slack', kind: 'error-500', times: 1 });
    await expect(all.web.chat.postMessage({ channel: ops, text: 'x' })).rejects.toMatchObject({
      statusCode: 503,
    });
    all.faults.order({ service: 'slack', kind: 'hang', times: 1 });
    const impatient = new WebClient(tokens.botToken, {
      slackApiUrl: all.slack.url,
      timeout: 50,
      retryConfig: { retries: 0 },
    });
    await expect(impatient.chat.postMessage({ channel: ops, text: 'x' })).rejects.toMatchObject({
      original: { name: 'TimeoutError' },
    });
    expect(all.slack.messages()).toHaveLength(before);
  });
});

describe('who may knock', () => {
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${all.slack.url}api.test`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
  test('foreign names and foreign pages are turned away', async () => {
    expect(await status({})).toBe(200);
    expect(await status({ host: 'attacker.example' })).toBe(403);
    expect(await status({ origin: 'https://attacker.example' })).toBe(403);
  });

  test('a Socket Mode address works once, and not for a foreign page', async () => {
    const app = new WebClient(tokens.appToken, { slackApiUrl: all.slack.url });
    const connect = (url: string, origin?: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url, origin === undefined ? {} : { origin });
        socket.once('message', (data: Buffer) => {
          resolve(JSON.parse(data.toString()).type);
          socket.close();
        });
        socket.once('error', (error) => resolve(error.message));
      });
    const { url } = await app.apps.connections.open();
    expect(await connect(String(url), 'https://attacker.example')).toContain('403');
    expect(await connect(String(url))).toBe('hello');
    expect(await connect(String(url))).toContain('403');
  });
});

test('messages, Homes and files outlive a restart; stamps go on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'slack-'));
  const first = await startSlack({ dataDir });
  const { ts } = await first.web.chat.postMessage({ channel: 'U0ANN', text: 'kept' });
  await first.web.filesUploadV2({ file: Buffer.from('abc'), filename: 'a.png' });
  await first.slack.close();
  const again = await startSlack({ dataDir });
  expect(again.slack.messages()).toMatchObject([{ ts, text: 'kept', channel: 'D0ANN' }]);
  expect(again.slack.workspace.channel('D0ANN')).toMatchObject({ user: 'U0ANN' });
  const next = await again.web.chat.postMessage({ channel: ops, text: 'new' });
  expect(Number(next.ts)).toBeGreaterThan(Number(ts));
  await again.slack.close();
});

test('tells listeners of every change until they leave', async () => {
  let changes = 0;
  const leave = all.slack.onChange(() => {
    changes += 1;
  });
  await all.web.chat.postMessage({ channel: ops, text: 'x' });
  expect(changes).toBe(1);
  leave();
  await all.web.chat.postMessage({ channel: ops, text: 'x' });
  expect(changes).toBe(1);
});
