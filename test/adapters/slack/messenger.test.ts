import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSlackClients } from '../../../src/adapters/slack/clients.ts';
import { createMessenger } from '../../../src/adapters/slack/messenger.ts';
import { minute } from '../../../src/shared/time.ts';
import {
  SlackRefusedError,
  SlackUnavailableError,
} from '../../../src/workflow/ports/slack-errors.ts';
import { button, ops, reasonModal, startSlack, tokens } from '../../sandbox/slack/slack-fixture.ts';
import { boltOverSocket, keptLog } from './bolt-fixture.ts';

let all: Awaited<ReturnType<typeof startSlack>>;
let kept: ReturnType<typeof keptLog>;
let messenger: ReturnType<typeof createMessenger>;

function speaker(apiUrl: string) {
  kept = keptLog();
  const clients = createSlackClients({ token: tokens.botToken, apiUrl, log: kept.log });
  return createMessenger({ clients, log: kept.log });
}

beforeAll(async () => {
  all = await startSlack({ editWindowMs: 60 * minute });
  messenger = speaker(all.slack.url);
});
afterAll(() => all.slack.close());
beforeEach(() => all.clock.advance(2 * minute));

const hello = { text: 'Hello', blocks: [button('x')] };
const broken = { text: 'Needs approval', blocks: [{ type: 'sparkle' }] as never };
const last = () => all.slack.messages().at(-1);
const fault = (kind: 'lost-reply' | 'rate-limited' | 'error-500', match: string) =>
  all.faults.order({ service: 'slack', kind, match, times: 1 });

describe('posting', () => {
  test('posts into channels, threads and direct messages', async () => {
    const { ts } = await messenger.post({ channel: ops, ...hello });
    expect(last()).toMatchObject({ ts, channel: ops, text: 'Hello' });
    await messenger.post({ channel: ops, threadTs: ts, ...hello });
    expect(last()).toMatchObject({ threadTs: ts });
    expect(last()).not.toHaveProperty('broadcast');
    await messenger.post({ channel: ops, threadTs: ts, broadcast: true, ...hello });
    expect(last()).toMatchObject({ threadTs: ts, broadcast: true });
    await messenger.post({ channel: 'U0ANN', ...hello });
    expect(last()).toMatchObject({ channel: 'D0ANN' });
  });

  test('a refusal for good names Slack’s word', async () => {
    const nowhere = messenger.post({ channel: 'C0NOWHERE', ...hello });
    await expect(nowhere).rejects.toBeInstanceOf(SlackRefusedError);
    await expect(nowhere).rejects.toMatchObject({ code: 'channel_not_found' });
  });

  test('blocks that Slack refuses are said as text, and a person is told', async () => {
    const { ts } = await messenger.post({ channel: ops, ...broken });
    expect(last()).toMatchObject({
      ts,
      text: 'Needs approval',
      blocks: [{ type: 'section', text: { text: 'Needs approval' } }],
    });
    const refused = kept.lines.find(({ message }) => message === 'slack refused our blocks');
    expect(refused).toMatchObject({ level: 'error' });
    expect(JSON.stringify(refused?.fields)).toContain('json-pointer:/blocks/0');
  });

  test('a text over 4,000 characters is cut, so that it can be edited later', async () => {
    const long = { text: 'x'.repeat(5_000), blocks: [] };
    const { ts } = await messenger.post({ channel: ops, ...long });
    expect(last()?.text).toHaveLength(4_000);
    expect(await messenger.update({ channel: ops, ts, ...long })).toBe('updated');
  });

  test('a lost reply is not tried again: once is enough', async () => {
    const before = all.slack.messages().length;
    fault('lost-reply', 'chat.postMessage');
    await expect(messenger.post({ channel: ops, ...hello })).rejects.toBeInstanceOf(
      SlackUnavailableError,
    );
    expect(all.slack.messages()).toHaveLength(before + 1);
  });

  test('a failure of Slack may be tried later', async () => {
    fault('error-500', 'chat.postMessage');
    await expect(messenger.post({ channel: ops, ...hello })).rejects.toMatchObject({
      name: 'SlackUnavailableError',
      retryAfterMs: undefined,
    });
  });

  test('a limit says for how long, and stops nothing else', async () => {
    const { ts } = await messenger.post({ channel: ops, ...hello });
    fault('rate-limited', 'chat.postMessage');
    await expect(messenger.post({ channel: ops, ...hello })).rejects.toMatchObject({
      name: 'SlackUnavailableError',
      retryAfterMs: 5_000,
    });
    expect(await messenger.update({ channel: ops, ts, ...hello })).toBe('updated');
  });
});

describe('editing', () => {
  test('tells what is gone and what Slack will not change', async () => {
    const { ts } = await messenger.post({ channel: ops, ...hello });
    const edit = () => messenger.update({ channel: ops, ts, text: 'Now', blocks: [] });
    expect(await edit()).toBe('updated');
    expect(last()).toMatchObject({ ts, text: 'Now', edits: 1 });
    expect(await messenger.update({ channel: ops, ts, ...broken })).toBe('updated');
    all.clock.advance(61 * minute);
    expect(await edit()).toBe('refused');
    all.slack.deleteMessage(ts);
    expect(await edit()).toBe('gone');
  });

  test('a channel we were removed from is a refusal', async () => {
    const { ts } = await messenger.post({ channel: ops, ...hello });
    const edit = messenger.update({ channel: 'C0SECRET', ts, ...hello });
    await expect(edit).rejects.toMatchObject({ code: 'channel_not_found' });
  });
});

test('an ephemeral message reaches one person, in the thread', async () => {
  const { ts } = await messenger.post({ channel: ops, ...hello });
  await messenger.ephemeral({ channel: ops, user: 'U0ANN', threadTs: ts, ...hello });
  expect(all.slack.ephemerals().at(-1)).toMatchObject({ onlyFor: 'U0ANN', threadTs: ts });
  const stranger = messenger.ephemeral({ channel: ops, user: 'U0GUEST', ...hello });
  await expect(stranger).rejects.toMatchObject({ code: 'user_not_in_channel' });
});

describe('in answer to a click', () => {
  type Pressed = { readonly trigger_id: string; readonly response_url: string };
  const pressed: Pressed[] = [];
  let running: Awaited<ReturnType<typeof boltOverSocket>>;
  let answering: ReturnType<typeof createMessenger>;
  beforeAll(async () => {
    running = await boltOverSocket((app) => {
      app.action('x', async ({ ack, body }) => {
        pressed.push(body as unknown as Pressed);
        await ack();
      });
    });
    answering = speaker(running.slack.url);
  });
  afterAll(() => running.close());

  const press = async (): Promise<Pressed & { readonly messageTs: string }> => {
    running.clock.advance(2 * minute);
    const { ts: messageTs } = await answering.post({ channel: ops, ...hello });
    await running.slack.click({ user: 'U0ANN', messageTs, actionId: 'x' });
    return { ...(pressed.at(-1) as Pressed), messageTs };
  };

  test('a modal opens, changes, and is known to be gone', async () => {
    const { viewId } = await answering.openView((await press()).trigger_id, reasonModal);
    const shown = running.slack.views().find(({ view }) => view.id === viewId);
    expect(shown).toMatchObject({ user: 'U0ANN' });
    expect(await answering.updateView(viewId, reasonModal, shown?.view.hash)).toBe('updated');
    expect(await answering.updateView(viewId, reasonModal, shown?.view.hash)).toBe('gone');
    await running.slack.closeView({ user: 'U0ANN', viewId });
    expect(await answering.updateView(viewId, reasonModal)).toBe('gone');
  });

  test('a late or wrong modal is refused', async () => {
    const { trigger_id } = await press();
    running.clock.advance(3_001);
    await expect(answering.openView(trigger_id, reasonModal)).rejects.toMatchObject({
      code: 'expired_trigger_id',
    });
    const title = { type: 'plain_text', text: 'x'.repeat(25) } as const;
    const wrong = answering.openView((await press()).trigger_id, { ...reasonModal, title });
    await expect(wrong).rejects.toThrow('must be less than 25 characters');
  });

  test('an answer is private, in the thread where asked, and five at most', async () => {
    const { response_url, messageTs } = await press();
    await answering.respond(response_url, hello, { threadTs: messageTs });
    expect(running.slack.ephemerals().at(-1)).toMatchObject({
      onlyFor: 'U0ANN',
      threadTs: messageTs,
    });
    await answering.respond(response_url, { ...hello, text: 'Done' }, { replaceOriginal: true });
    expect(running.slack.messages().at(-1)).toMatchObject({ ts: messageTs, text: 'Done' });
    // Refused blocks cost a use, and the text in their place another.
    await answering.respond(response_url, broken);
    expect(running.slack.ephemerals().at(-1)?.text).toBe('Needs approval');
    await answering.respond(response_url, hello);
    const sixth = answering.respond(response_url, hello);
    await expect(sixth).rejects.toMatchObject({ code: 'expired_url' });
  });

  test('an answer that cannot be delivered may be tried later', async () => {
    const dead = answering.respond('http://127.0.0.1:9/actions/x', hello);
    await expect(dead).rejects.toBeInstanceOf(SlackUnavailableError);
  });
});
