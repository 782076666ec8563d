import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { second } from '../../../src/shared/time.ts';
import { button, noon, ops, outcome, startSlack } from './slack-fixture.ts';

let all: Awaited<ReturnType<typeof startSlack>>;
beforeAll(async () => {
  all = await startSlack({ editWindowMs: 600 * second });
});
afterAll(() => all.slack.close());
// Far enough that no rate limit of an earlier test is felt.
beforeEach(() => all.clock.advance(120 * second));

const post = (more: object = {}) =>
  all.web.chat.postMessage({ channel: ops, text: 'Hello', ...more } as never);

describe('chat.postMessage', () => {
  test('stamps messages with its own clock, never twice the same', async () => {
    const [one, two] = await Promise.all([post(), post()]);
    expect(Number(one.ts)).toBeGreaterThan(noon / 1_000);
    expect(one.ts).not.toBe(two.ts);
    expect(one.ts).toMatch(/^\d{10}\.\d{6}$/);
  });

  test.each([
    ['channel_not_found', { channel: 'C0NOWHERE' }],
    ['channel_not_found', { channel: 'C0SECRET' }],
    ['channel_not_found', { channel: 'U0GONE' }],
    ['not_in_channel', { channel: 'C0EMPTY' }],
    ['is_archived', { channel: 'C0ATTIC' }],
    ['thread_not_found', { thread_ts: '1.000100' }],
    ['no_text', { text: '' }],
    ['invalid_blocks_format', { blocks: '[{' }],
    ['missing_scope', { username: 'Somebody' }],
    ['markdown_text_conflict', { markdown_text: '**x**' }],
  ])('answers %s to %j', async (error, more) => {
    expect(await outcome(post(more))).toBe(error);
  });

  test('names each problem of refused blocks twice, as Slack does', async () => {
    const blocks = Array.from({ length: 51 }, () => ({ type: 'divider' }));
    const refused = await post({ blocks }).catch((error: { data: unknown }) => error.data);
    expect(refused).toMatchObject({
      ok: false,
      error: 'invalid_blocks',
      errors: ['no more than 50 items allowed [json-pointer:/blocks]'],
      response_metadata: {
        messages: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'],
      },
    });
  });

  test('refuses blocks whose texts are too long together', async () => {
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_000) } };
    expect(await outcome(post({ blocks: [section, section, section] }))).toBe('ok');
    expect(await outcome(post({ blocks: [section, section, section, section] }))).toBe(
      'msg_blocks_too_long',
    );
  });

  test('lands in the direct message of a person', async () => {
    const { channel } = await post({ channel: 'U0ANN' });
    expect(channel).toBe('D0ANN');
    const opened = await all.web.conversations.open({ users: 'U0ANN' });
    expect(opened.channel?.id).toBe(channel);
  });

  test('replies in threads, and a reply to a reply joins the same thread', async () => {
    const root = await post();
    const reply = await post({ thread_ts: root.ts });
    const second = await post({ thread_ts: reply.ts, reply_broadcast: true });
    expect(second.message?.thread_ts).toBe(root.ts);
    expect(all.slack.messages().at(-1)).toMatchObject({ threadTs: root.ts, broadcast: true });
  });

  test('names blocks and elements that came without a name', async () => {
    const { type, elements } = button('x') as { type: string; elements: { action_id?: string }[] };
    await post({ blocks: [{ type, elements: elements.map(({ action_id, ...rest }) => rest) }] });
    const [block] = all.slack.messages().at(-1)?.blocks ?? [];
    expect(block?.['block_id']).toEqual(expect.any(String));
    expect(block?.['elements']).toMatchObject([{ action_id: expect.any(String) }]);
  });

  test('allows a short burst a channel, then one a second', async () => {
    const burst = await Promise.all([post(), post(), post(), post()].map(outcome));
    expect(burst.toSorted()).toEqual(['ok', 'ok', 'ok', 'wait 1 s']);
    expect(await outcome(post({ channel: 'C0INSIDE' }))).toBe('ok');
    all.clock.advance(second);
    expect(await outcome(post())).toBe('ok');
    expect(await outcome(post())).toBe('wait 1 s');
  });
});

describe('whom a message notifies', () => {
  const section = (text: string, more: object = {}) => ({
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true, ...more } }],
  });
  test.each([
    ['a person in mrkdwn', section('<@U0ANN> look'), ['U0ANN']],
    ['a group in the text', { text: '<!subteam^S0SRE|@sre> look' }, ['S0SRE']],
    [
      'a channel in Markdown',
      { blocks: [{ type: 'markdown', text: 'Hi <!channel>' }] },
      ['channel'],
    ],
    ['a word where Slack may read it', section('wake @here', { verbatim: false }), ['here']],
    ['typed mentions', { blocks: [richText({ type: 'broadcast', range: 'here' })] }, ['here']],
    ['a person in rich text', { blocks: [richText({ type: 'user', user_id: 'U0BO' })] }, ['U0BO']],
    ['an escaped mention', section('&lt;@U0ANN&gt; and @here'), []],
    [
      'rich text that looks like one',
      { blocks: [richText({ type: 'text', text: '<@U0ANN>' })] },
      [],
    ],
    [
      'a plain header',
      { blocks: [{ type: 'header', text: { type: 'plain_text', text: '<!here>' } }] },
      [],
    ],
  ])('%s', async (_, message, notified) => {
    await post({ text: 'Hello', ...message });
    expect(all.slack.messages().at(-1)?.notified).toEqual(notified);
  });

  test('an edit mentions, yet notifies nobody', async () => {
    const { ts } = await post();
    await all.web.chat.update({ channel: ops, ts: String(ts), text: '<@U0ANN>' });
    expect(all.slack.messages().at(-1)).toMatchObject({ mentions: ['U0ANN'], notified: [] });
  });
});

describe('chat.update and chat.delete', () => {
  test('an update with text alone drops the blocks', async () => {
    const { ts } = await post({ blocks: [button('x')] });
    await all.web.chat.update({ channel: ops, ts: String(ts), text: 'Now' });
    expect(all.slack.messages().at(-1)).toMatchObject({ text: 'Now', blocks: [], edits: 1 });
  });

  test('only own, existing and fresh messages can be changed', async () => {
    const change = (ts: string, text = 'x') =>
      outcome(all.web.chat.update({ channel: ops, ts, text }));
    const { ts } = await post();
    expect(await change('1.000100')).toBe('message_not_found');
    expect(await change(String(ts), 'x'.repeat(4_001))).toBe('msg_too_long');
    expect(await change(String(ts), 'x'.repeat(4_000))).toBe('ok');
    await all.slack.mention({ user: 'U0ANN', channel: ops, text: 'hello' });
    const theirs = String(all.slack.messages().at(-1)?.ts);
    expect(await change(theirs)).toBe('cant_update_message');
    expect(await outcome(all.web.chat.delete({ channel: ops, ts: theirs }))).toBe(
      'cant_delete_message',
    );
    all.clock.advance(601 * second);
    expect(await change(String(ts))).toBe('edit_window_closed');
    expect(await outcome(all.web.chat.delete({ channel: ops, ts: String(ts) }))).toBe('ok');
    expect(await change(String(ts))).toBe('message_not_found');
  });
});

describe('chat.postEphemeral', () => {
  const tell = (user: string, channel = ops) =>
    outcome(all.web.chat.postEphemeral({ channel, user, text: 'Only you' }));
  test('is seen by one person, who must be in the channel', async () => {
    expect(await tell('U0ANN')).toBe('ok');
    expect(all.slack.ephemerals().at(-1)).toMatchObject({ onlyFor: 'U0ANN', text: 'Only you' });
    expect(all.slack.messages().some(({ text }) => text === 'Only you')).toBe(false);
    expect(await tell('U0GUEST')).toBe('user_not_in_channel');
    expect(await tell('U0ANN', 'C0EMPTY')).toBe('not_in_channel');
  });
  test('cannot be changed through the API', async () => {
    await tell('U0ANN');
    const ts = String(all.slack.ephemerals().at(-1)?.ts);
    expect(await outcome(all.web.chat.update({ channel: ops, ts, text: 'x' }))).toBe(
      'message_not_found',
    );
  });
});

test('a permalink names the thread', async () => {
  const root = await post();
  const reply = await post({ thread_ts: root.ts });
  const { permalink } = await all.web.chat.getPermalink({
    channel: ops,
    message_ts: String(reply.ts),
  });
  expect(permalink).toBe(
    `https://sandbox.slack.com/archives/${ops}/p${String(reply.ts).replace('.', '')}?thread_ts=${root.ts}&cid=${ops}`,
  );
});

function richText(element: object) {
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [element] }],
  };
}
