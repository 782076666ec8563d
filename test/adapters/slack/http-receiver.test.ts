import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { minute, second } from '../../../src/shared/time.ts';
import { button, ops, reasonModal, tokens } from '../../sandbox/slack/slack-fixture.ts';
import { boltOverHttp } from './bolt-fixture.ts';

let all: Awaited<ReturnType<typeof boltOverHttp>>;
let heard: string[] = [];
let retries: unknown[] = [];

beforeAll(async () => {
  all = await boltOverHttp((app) => {
    app.action('press', async ({ ack, action }) => {
      heard.push('value' in action ? String(action.value) : '');
      await ack();
    });
    app.action('fails', async () => {
      throw new Error('before the acknowledgement');
    });
    app.action('ask', async ({ ack, body, client }) => {
      await ack();
      if ('trigger_id' in body)
        await client.views.open({ trigger_id: String(body.trigger_id), view: reasonModal });
    });
    app.view('reject', async ({ ack }) => {
      await ack({ response_action: 'errors', errors: { reason: 'Not allowed.' } });
    });
    app.action('never', () => new Promise<void>(() => {}));
    app.command('/ami', async ({ ack, command }) => {
      heard.push(command.text);
      await ack('Nothing waits.');
    });
    app.event('app_mention', async ({ event, context }) => {
      heard.push(event.text);
      retries.push({ number: context.retryNum, reason: context.retryReason });
    });
  });
});
afterAll(() => all.close());
beforeEach(() => all.clock.advance(2 * minute));
afterEach(() => {
  heard = [];
  retries = [];
});

const press = async (actionId: string, more: object = {}) => {
  const blocks = [button(actionId)];
  const { ts } = await all.web.chat.postMessage({ channel: ops, text: 'Card', blocks });
  return all.slack.click({ user: 'U0ANN', messageTs: String(ts), actionId, ...more });
};

/** A request signed by hand: `at` in seconds. */
async function send(
  body: string,
  {
    type = 'application/json',
    at = Math.floor(all.clock.now() / second),
    secret = tokens.signingSecret,
    headers = {},
  }: {
    readonly type?: string;
    readonly at?: number | string;
    readonly secret?: string;
    readonly headers?: Record<string, string>;
  } = {},
) {
  const hash = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  const response = await fetch(all.url, {
    method: 'POST',
    body,
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${hash}`,
      ...headers,
    },
  });
  return {
    status: response.status,
    text: await response.text(),
    noRetry: response.headers.get('x-slack-no-retry'),
  };
}

describe('what Slack sends', () => {
  test('a click, a modal with errors, a command and an event arrive', async () => {
    expect(await press('press')).toEqual({ ok: true, ack: true });
    const { view } = await press('ask', { expectView: true });
    const values = { reason: { text: 'it is too soon' } };
    expect(await all.slack.submit({ user: 'U0ANN', viewId: String(view?.id), values })).toEqual({
      ok: false,
      ack: true,
      errors: { reason: 'Not allowed.' },
    });
    const command = { user: 'U0ANN', command: '/ami', text: 'help & more', channel: ops };
    expect(await all.slack.command(command)).toMatchObject({ ok: true });
    expect(all.slack.ephemerals().at(-1)).toMatchObject({ text: 'Nothing waits.' });
    await all.slack.mention({ user: 'U0ANN', channel: ops, text: 'hi' });
    await expect.poll(() => heard).toEqual(['v', 'help &amp; more', '<@U0AMIABLE> hi']);
  });

  test('a repeated event carries its number and reason', async () => {
    all.slack.delivery.drop();
    await all.slack.mention({ user: 'U0ANN', channel: ops, text: 'hi' });
    await all.slack.eventsSettled();
    await expect.poll(() => retries).toEqual([{ number: 1, reason: 'connection_failed' }]);
  });

  test('a handler that fails answers 500, which the person sees', async () => {
    expect(await press('fails')).toEqual({ ok: false, ack: false, error: 'http_error' });
    expect(all.messages()).toContain('slack handler failed');
  });

  test('what nobody handles is acknowledged', async () => {
    expect(await press('unknown')).toEqual({ ok: true, ack: true });
  });

  test('a handler that stays silent ends after three seconds', async () => {
    expect(await press('never')).toMatchObject({ ok: false, ack: false, error: 'http_timeout' });
    await expect.poll(() => all.messages()).toContain('slack payload not acknowledged in time');
  });

  test('the address is confirmed, signature and all', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect(await send(body)).toMatchObject({ status: 200, text: '{"challenge":"abc"}' });
    expect(await send(body, { secret: 'wrong' })).toMatchObject({ status: 401 });
  });

  test('a charset added by a proxy changes nothing', async () => {
    const form = new URLSearchParams({
      command: '/ami',
      text: 'help',
      user_id: 'U0ANN',
      channel_id: ops,
      team_id: 'T0SANDBOX',
    }).toString();
    const type = 'application/x-www-form-urlencoded; charset=utf-8';
    expect(await send(form, { type })).toMatchObject({ status: 200, text: 'Nothing waits.' });
  });
});

describe('what somebody else sends', () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
  const now = () => Math.floor(all.clock.now() / second);

  test.each([
    ['ten minutes old', -600, 401],
    ['ten minutes ahead', 600, 401],
    ['just too old', -301, 401],
    ['just too far ahead', 301, 401],
    ['old enough', -299, 200],
    ['ahead enough', 299, 200],
  ])('a timestamp that is %s', async (_, seconds, status) => {
    expect(await send(body, { at: now() + seconds })).toMatchObject({ status });
  });

  test('the same from Slack itself, with its clock wrong', async () => {
    all.slack.requestUrl?.tamper({ skewSeconds: -600 });
    expect(await press('press')).toMatchObject({ ack: false, error: 'http_error' });
    all.slack.requestUrl?.tamper({ skewSeconds: 600 });
    expect(await press('press')).toMatchObject({ ack: false, error: 'http_error' });
    all.slack.requestUrl?.tamper({ badSignature: true });
    expect(await press('press')).toMatchObject({ ack: false, error: 'http_error' });
    expect(heard).toEqual([]);
  });

  test.each([
    ['no signature', { 'x-slack-signature': '' }],
    ['another version', { 'x-slack-signature': `v1=${'a'.repeat(64)}` }],
    ['a short signature', { 'x-slack-signature': 'v0=abcd' }],
    ['no timestamp', { 'x-slack-request-timestamp': '' }],
    ['a timestamp of words', { 'x-slack-request-timestamp': 'now' }],
  ])('%s is refused', async (_, headers) => {
    expect(await send(body, { headers })).toMatchObject({ status: 401 });
  });

  test('a replay is answered and does nothing', async () => {
    await press('press');
    expect(heard).toEqual(['v']);
    expect(await all.slack.requestUrl?.replayLast()).toMatchObject({ status: 200, body: '' });
    expect(heard).toEqual(['v']);
    expect(all.messages()).toContain('slack request replayed');
  });

  test('what failed may come again with the same signature', async () => {
    await press('fails');
    expect(await all.slack.requestUrl?.replayLast()).toMatchObject({ status: 500 });
  });

  test('a replay kept for more than ten minutes is too old by then', async () => {
    await press('press');
    all.clock.advance(11 * minute);
    expect(await all.slack.requestUrl?.replayLast()).toMatchObject({ status: 401 });
  });

  test('ten megabytes are not even read', async () => {
    const huge = JSON.stringify({ type: 'url_verification', challenge: 'x'.repeat(10_000_000) });
    // The connection may be closed before all of it was sent.
    const status = await send(huge).then(
      (answer) => answer.status,
      () => 'cut',
    );
    expect([413, 'cut']).toContain(status);
    expect(heard).toEqual([]);
  });

  test.each([
    ['broken JSON', '{', 'application/json'],
    ['a list', '[]', 'application/json'],
    ['a broken payload', 'payload=%7B', 'application/x-www-form-urlencoded'],
    ['another type', '<a/>', 'text/xml'],
  ])('%s is refused for good', async (_, text, type) => {
    expect(await send(text, { type })).toMatchObject({ status: 400, noRetry: '1' });
  });

  test('unsigned text is never parsed', async () => {
    expect(await send('{', { secret: 'wrong' })).toMatchObject({ status: 401 });
  });
});
