import type { App, BlockAction, SlashCommand } from '@slack/bolt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { minute, second } from '../../../src/shared/time.ts';
import { button, ops, outcome, reasonModal } from '../../sandbox/slack/slack-fixture.ts';
import { boltOverSocket } from './bolt-fixture.ts';

type Running = Awaited<ReturnType<typeof boltOverSocket>>;
let all: Running;
const seen: { clicks: BlockAction[]; commands: SlashCommand[]; closed: string[]; said: string[] } =
  {
    clicks: [],
    commands: [],
    closed: [],
    said: [],
  };
let onSubmit: object | undefined;

beforeAll(async () => {
  all = await boltOverSocket(register, { commands: ['/ami', '/odd'] });
});
afterAll(() => all.close());
beforeEach(() => {
  all.clock.advance(2 * minute);
  onSubmit = undefined;
});

function register(app: App) {
  app.action('approve', async ({ ack, body }) => {
    seen.clicks.push(body as BlockAction);
    await ack();
  });
  app.action('ask', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: (body as BlockAction).trigger_id, view: reasonModal });
  });
  app.action('slow', async () => {
    throw new Error('before the acknowledgement');
  });
  app.action('answer', async ({ ack, respond }) => {
    await ack();
    await respond({ response_type: 'ephemeral', replace_original: false, text: 'just you' });
  });
  app.action('dismiss', async ({ ack, respond }) => {
    await ack();
    await respond({ delete_original: true });
  });
  app.view('reject', async ({ ack }) => {
    await ack(onSubmit as never);
  });
  app.view({ callback_id: 'reject', type: 'view_closed' }, async ({ ack, body }) => {
    seen.closed.push(body.view.id);
    await ack();
  });
  app.command('/ami', async ({ ack, command }) => {
    seen.commands.push(command);
    await ack({ response_type: 'ephemeral', text: 'Nothing waits.' });
  });
  app.event('app_mention', async ({ event }) => {
    seen.said.push(event.text);
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [button('approve', 'home')] },
    });
  });
}

const card = async (actionId: string, value?: string, channel = ops) =>
  String(
    (await all.web.chat.postMessage({ channel, text: 'Card', blocks: [button(actionId, value)] }))
      .ts,
  );

describe('a click', () => {
  test('reaches the handler and is acknowledged', async () => {
    const messageTs = await card('approve', 'v1');
    const result = await all.slack.click({ user: 'U0ANN', messageTs, actionId: 'approve' });
    expect(result).toEqual({ ok: true, ack: true });
    expect(seen.clicks.at(-1)).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ANN', team_id: 'T0SANDBOX' },
      container: { message_ts: messageTs, channel_id: ops, is_ephemeral: false },
      message: { ts: messageTs, text: 'Card' },
      actions: [{ action_id: 'approve', block_id: 'block of approve', value: 'v1' }],
    });
  });

  test('is possible only on what is shown, to those who see it', async () => {
    const messageTs = await card('approve', 'v1', 'C0INSIDE');
    const press = async (user: string, more: object = {}) =>
      (await all.slack.click({ user, messageTs, actionId: 'approve', ...more })).error ?? 'ok';
    expect(await press('U0BO')).toBe('ok');
    expect(await press('U0ANN')).toBe('not_shown');
    expect(await press('U0GONE')).toBe('no_such_person');
    expect(await press('U0ROBOT')).toBe('no_such_person');
    expect(await press('U0BO', { actionId: 'reject' })).toBe('no_such_element');
    expect(await press('U0BO', { value: 'v2' })).toBe('no_such_element');
    await all.web.chat.update({ channel: 'C0INSIDE', ts: messageTs, text: 'Done', blocks: [] });
    expect(await press('U0BO')).toBe('no_such_element');
    all.slack.deleteMessage(messageTs);
    expect(await press('U0BO')).toBe('not_shown');
  });

  test('chooses from what a menu offers, and inputs act only when told to', async () => {
    const options = ['pause', 'copy'].map((value) => ({
      text: { type: 'plain_text', text: value } as const,
      value,
    }));
    const { ts } = await all.web.chat.postMessage({
      channel: ops,
      text: 'Menus',
      blocks: [
        { type: 'actions', elements: [{ type: 'overflow', action_id: 'approve', options }] },
        {
          type: 'input',
          block_id: 'quiet',
          label: { type: 'plain_text', text: 'Which' },
          element: { type: 'static_select', action_id: 'approve', options },
        },
      ],
    });
    const choose = (selected: string, blockId?: string) =>
      all.slack.click({
        user: 'U0ANN',
        messageTs: String(ts),
        actionId: 'approve',
        selected,
        ...(blockId === undefined ? {} : { blockId }),
      });
    expect(await choose('copy')).toMatchObject({ ok: true });
    expect(seen.clicks.at(-1)?.actions[0]).toMatchObject({
      type: 'overflow',
      selected_option: { value: 'copy' },
    });
    expect(seen.clicks.at(-1)?.actions[0]).not.toHaveProperty('options');
    expect(await choose('delete')).toMatchObject({ error: 'no_such_option' });
    expect(await choose('copy', 'quiet')).toMatchObject({ error: 'no_such_element' });
  });

  test('can be forged, for tests of what the handler believes', async () => {
    const messageTs = await card('ask');
    const forged = { user: 'U0ANN', messageTs, actionId: 'approve', value: 'forged', force: true };
    expect(await all.slack.click(forged)).toMatchObject({ ok: true });
    expect(seen.clicks.at(-1)?.actions[0]).toMatchObject({ value: 'forged', block_id: 'forged' });
  });

  test('that nobody handles is acknowledged all the same, and logged', async () => {
    const messageTs = await card('unknown');
    expect(await all.slack.click({ user: 'U0ANN', messageTs, actionId: 'unknown' })).toMatchObject({
      ok: true,
    });
    expect(all.lines).toContainEqual(
      expect.objectContaining({
        message: 'slack payload nobody handles',
        fields: { type: 'block_actions', about: 'unknown' },
      }),
    );
  });

  test('whose handler fails is not acknowledged, and the person sees it', async () => {
    const messageTs = await card('slow');
    const result = await all.slack.click({ user: 'U0ANN', messageTs, actionId: 'slow' });
    expect(result).toEqual({ ok: false, ack: false, error: 'timeout' });
    expect(all.messages()).toContain('slack handler failed');
  });

  test('on an ephemeral message can replace or remove it', async () => {
    await all.web.chat.postEphemeral({
      channel: ops,
      user: 'U0ANN',
      text: 'private',
      blocks: [button('dismiss')],
    });
    const messageTs = String(all.slack.ephemerals().at(-1)?.ts);
    const press = (user: string) =>
      all.slack.click({ user, messageTs, actionId: 'dismiss', expectView: false });
    expect(await press('U0BO')).toMatchObject({ error: 'not_shown' });
    expect(await press('U0ANN')).toMatchObject({ ok: true });
    await expect.poll(() => all.slack.ephemerals().some(({ ts }) => ts === messageTs)).toBe(false);
  });

  test('can be answered to one person', async () => {
    const messageTs = await card('answer');
    await all.slack.click({ user: 'U0BO', messageTs, actionId: 'answer' });
    await expect
      .poll(() => all.slack.ephemerals().at(-1))
      .toMatchObject({ onlyFor: 'U0BO', text: 'just you', channel: ops });
  });
});

describe('a modal', () => {
  const open = async () => {
    const messageTs = await card('ask');
    const result = await all.slack.click({
      user: 'U0ANN',
      messageTs,
      actionId: 'ask',
      expectView: true,
    });
    return String(result.view?.id);
  };
  const reason = (text: string) => ({ reason: { text } });
  const press = async (viewId: string, values: object, more: object = {}) =>
    all.slack.submit({ user: 'U0ANN', viewId, values: values as never, ...more });

  test('opens in reply to a click, and closes when it is submitted', async () => {
    const viewId = await open();
    expect(all.slack.views()).toMatchObject([{ user: 'U0ANN', view: { id: viewId } }]);
    expect(await press(viewId, reason('it is too soon'))).toEqual({ ok: true, ack: true });
    expect(all.slack.views()).toEqual([]);
  });

  test('is not submitted with a field empty, too short or too long', async () => {
    const viewId = await open();
    const calls = all.lines.length;
    expect(await press(viewId, {})).toMatchObject({
      ok: false,
      ack: false,
      errors: { reason: 'Please complete this required field.' },
    });
    expect(await press(viewId, reason('short'))).toMatchObject({
      errors: { reason: 'Must be at least 10 characters.' },
    });
    expect(await press(viewId, reason('x'.repeat(21)))).toMatchObject({
      errors: { reason: 'Must be at most 20 characters.' },
    });
    expect(await press(viewId, { scope: { pick: 'neither' } })).toMatchObject({
      error: 'no_such_element',
    });
    expect(all.lines.length).toBe(calls);
    await all.slack.closeView({ user: 'U0ANN', viewId });
  });

  test('shows the errors of the app under its fields, and keeps what was typed', async () => {
    const viewId = await open();
    onSubmit = { response_action: 'errors', errors: { reason: 'You are not an approver.' } };
    expect(await press(viewId, reason('it is too soon'))).toEqual({
      ok: false,
      ack: true,
      errors: { reason: 'You are not an approver.' },
    });
    expect(all.slack.views()[0]?.view.state.values).toMatchObject({
      reason: { text: { value: 'it is too soon' } },
      scope: { pick: { selected_option: null } },
    });
    onSubmit = { response_action: 'errors', errors: { nowhere: 'x' } };
    expect(await press(viewId, reason('it is too soon'))).toMatchObject({
      error: 'invalid_response_action',
    });
    await all.slack.closeView({ user: 'U0ANN', viewId });
  });

  test('is replaced, stacked up to three, and cleared', async () => {
    const viewId = await open();
    const plain = { type: 'modal', title: reasonModal.title, blocks: [{ type: 'divider' }] };
    onSubmit = { response_action: 'update', view: { ...reasonModal, callback_id: 'reject' } };
    const updated = await press(viewId, reason('it is too soon'));
    expect(updated.view).toMatchObject({ id: viewId });
    onSubmit = { response_action: 'push', view: reasonModal };
    const second = await press(viewId, reason('it is too soon'));
    expect(second.view).toMatchObject({ previous_view_id: viewId, root_view_id: viewId });
    const third = await press(String(second.view?.id), reason('it is too soon'));
    expect(await press(String(third.view?.id), reason('it is too soon'))).toMatchObject({
      error: 'invalid_response_action',
    });
    onSubmit = { response_action: 'update', view: { ...plain, title: 'no' } };
    expect(await press(String(third.view?.id), reason('it is too soon'))).toMatchObject({
      error: 'invalid_response_action',
    });
    onSubmit = { response_action: 'clear' };
    expect(await press(String(third.view?.id), reason('it is too soon'))).toEqual({
      ok: true,
      ack: true,
    });
    expect(all.slack.views()).toEqual([]);
  });

  test('tells the app that it was closed, where it asked to hear it', async () => {
    const viewId = await open();
    expect(await all.slack.closeView({ user: 'U0BO', viewId })).toMatchObject({
      error: 'not_shown',
    });
    await all.slack.closeView({ user: 'U0ANN', viewId });
    expect(seen.closed).toContain(viewId);
    expect(await press(viewId, reason('it is too soon'))).toMatchObject({ error: 'not_shown' });
  });
});

describe('a trigger', () => {
  const trigger = async () => {
    const messageTs = await card('approve');
    await all.slack.click({ user: 'U0ANN', messageTs, actionId: 'approve' });
    return String(seen.clicks.at(-1)?.trigger_id);
  };
  const open = (trigger_id: string) =>
    outcome(all.web.views.open({ trigger_id, view: reasonModal }));

  test('is good once', async () => {
    const id = await trigger();
    expect(await open(id)).toBe('ok');
    expect(await open(id)).toBe('exchanged_trigger_id');
    await all.slack.closeView({ user: 'U0ANN', viewId: String(all.slack.views()[0]?.view.id) });
  });

  test('is good for three seconds', async () => {
    const late = await trigger();
    all.clock.advance(3 * second + 1);
    expect(await open(late)).toBe('expired_trigger_id');
  });

  test('from a message cannot push a modal', async () => {
    const id = await trigger();
    const push = all.web.views.push({ trigger_id: id, view: reasonModal });
    expect(await outcome(push)).toBe('not_found');
  });
});

describe('a response_url', () => {
  const url = async () => {
    const messageTs = await card('approve');
    await all.slack.click({ user: 'U0ANN', messageTs, actionId: 'approve' });
    return String(seen.clicks.at(-1)?.response_url);
  };
  const say = async (to: string, more: object = {}) =>
    (
      await fetch(to, {
        method: 'POST',
        body: JSON.stringify({ text: 'x', ...more }),
        headers: { 'content-type': 'application/json' },
      })
    ).status;

  test('is good five times', async () => {
    const to = await url();
    const answers = [];
    for (let i = 0; i < 6; i += 1) answers.push(await say(to));
    expect(answers).toEqual([200, 200, 200, 200, 200, 404]);
  });

  test('is good for thirty minutes', async () => {
    const to = await url();
    all.clock.advance(30 * minute);
    expect(await say(to)).toBe(200);
    all.clock.advance(1);
    expect(await say(to)).toBe(404);
  });

  test('refuses what Slack cannot draw', async () => {
    expect(await say(await url(), { blocks: [{ type: 'sparkle' }] })).toBe(400);
  });
});

describe('a command', () => {
  const type = (text: string, more: object = {}) =>
    all.slack.command({ user: 'U0ANN', command: '/ami', text, channel: ops, ...more });

  test('is answered to the one who typed it', async () => {
    expect(await type('status prod')).toEqual({ ok: true, ack: true });
    expect(seen.commands.at(-1)).toMatchObject({
      command: '/ami',
      text: 'status prod',
      user_id: 'U0ANN',
      channel_id: ops,
      is_enterprise_install: 'false',
    });
    expect(all.slack.ephemerals().at(-1)).toMatchObject({
      onlyFor: 'U0ANN',
      text: 'Nothing waits.',
    });
  });

  test('carries people and channels escaped', async () => {
    await type('who @bo in #ops <b>');
    expect(seen.commands.at(-1)?.text).toBe('who <@U0BO|bo> in <#C0OPS|ops> &lt;b&gt;');
  });

  test('unknown to Slack does not leave the client; unknown to the app is acknowledged', async () => {
    expect(await type('', { command: '/nope' })).toMatchObject({ error: 'no_such_command' });
    expect(await type('', { command: '/odd' })).toEqual({ ok: true, ack: true });
    expect(await type('', { channel: 'C0SECRET' })).toMatchObject({ error: 'not_shown' });
  });
});

describe('events', () => {
  test('a mention in a thread arrives with its text', async () => {
    const threadTs = await card('approve');
    expect(await all.slack.mention({ user: 'U0ANN', threadTs, text: 'why?' })).toMatchObject({
      ok: true,
    });
    await expect.poll(() => seen.said).toContain('<@U0AMIABLE> why?');
    expect(all.slack.messages().at(-1)).toMatchObject({ user: 'U0ANN', threadTs });
  });

  test('opening Home lets the app fill it, and its buttons work', async () => {
    await all.slack.openHome('U0BO');
    await expect
      .poll(() => all.slack.views().find(({ view }) => view.type === 'home'))
      .toBeTruthy();
    const home = all.slack.views().find(({ view }) => view.type === 'home');
    const viewId = String(home?.view.id);
    expect(await all.slack.click({ user: 'U0BO', viewId, actionId: 'approve' })).toMatchObject({
      ok: true,
    });
    expect(seen.clicks.at(-1)).toMatchObject({ container: { type: 'view', view_id: viewId } });
    expect(seen.clicks.at(-1)).not.toHaveProperty('response_url');
    expect(await all.slack.click({ user: 'U0ANN', viewId, actionId: 'approve' })).toMatchObject({
      error: 'not_shown',
    });
  });
});
