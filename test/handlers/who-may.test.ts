import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeCardKey } from '../../blocks/card-key.ts';
import { minute } from '../../src/shared/time.ts';
import { startDesk } from './desk.ts';
import { pressed, submitted } from './payloads.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

const reason = 'the kernel has a regression';

/** Every way to say yes or no that a person has, forged ones included. */
const paths = {
  button: (user: string) => desk.press(user, 'approve'),
  'forged button': (user: string) =>
    desk.slack.click({
      user,
      messageTs: desk.card().ts,
      actionId: 'rollout:approve',
      value: encodeCardKey({ rolloutId: desk.id, environment: 'staging', ask: 1 }),
      force: true,
    }),
  'button of a bare payload': (user: string) => desk.forge(pressed(desk, user)),
  'approve with note': async (user: string) => {
    const view = await desk.ask(user, 'more', 'note');
    if (view === undefined) return { ack: false as const };
    return desk.slack.submit({ user, viewId: view.id, values: { note: { text: 'fine' } } });
  },
  'reject modal': async (user: string) => {
    const view = await desk.ask(user, 'reject');
    if (view === undefined) return { ack: false as const };
    return desk.slack.submit({ user, viewId: view.id, values: { reason: { text: reason } } });
  },
  'submit of a bare payload': (user: string) => desk.forge(submitted(desk, user, reason)),
  'command approve': (user: string) => desk.type(user, 'approve'),
  'command reject': (user: string) => desk.type(user, `reject ${reason}`),
  mention: (user: string) =>
    desk.slack.mention({ user, threadTs: desk.card().ts, text: 'approve' }),
} as const;

/** Slack's clients let neither bots nor deactivated accounts sign in: they come by forged payloads only. */
const signIn = ['U0CY', 'U0GUEST', 'U0OTHER'];
const all = [...signIn, 'U0ROBOT', 'U0GONE'];
const bare = ['button of a bare payload', 'submit of a bare payload'];
const words: Record<string, string> = {
  U0CY: "You can't decide about *staging*. Who can: Ann Lee, Bo Chen.",
  U0GUEST: "Guests, apps and people of other workspaces can't decide rollouts.",
  U0OTHER: "Guests, apps and people of other workspaces can't decide rollouts.",
};

describe.each(Object.entries(paths))('nobody outside the list decides by %s', (name, act) => {
  test.each(bare.includes(name) ? all : signIn)('%s', async (user) => {
    const outcome = await act(user);
    if ('errors' in outcome && outcome.errors !== undefined) {
      expect(Object.values(outcome.errors)[0]).toContain(words[user]?.slice(0, 20));
    } else if (words[user] !== undefined && name !== 'submit of a bare payload') {
      expect(await desk.told(user)).toContain(words[user]);
    }
    await expect
      .poll(desk.refusals)
      .toEqual([`${user} ${user === 'U0CY' ? 'not-an-approver' : 'guest-or-bot'}`]);
    expect(await desk.grants()).toEqual([]);
    expect((await desk.look()).environments[0]?.phase.name).toBe('awaiting-approval');
    expect(desk.git.pulls).toHaveLength(0);
  });

  test('not even somebody of the list while Slack cannot say who is on it', async () => {
    desk.slack.workspace.setGroup({
      id: 'S0SRE',
      handle: 'sre',
      name: 'SRE',
      users: ['U0ANN'],
      disabled: true,
    });
    // What Slack said of the group for the card is known for a minute.
    desk.clock.advance(minute);
    await act('U0ANN');
    await expect.poll(desk.refusals).toEqual(['U0ANN cannot-check']);
    expect(await desk.grants()).toEqual([]);
  });

  test('nor who left the list a minute ago', async () => {
    await desk.press('U0CY', 'approve');
    await expect.poll(desk.refusals).toHaveLength(1);
    desk.slack.workspace.setGroup({
      id: 'S0SRE',
      handle: 'sre',
      name: 'SRE',
      users: ['U0ANN'],
    });
    desk.clock.advance(minute);
    await act('U0BO');
    await expect.poll(desk.refusals).toContain('U0BO not-an-approver');
    expect(await desk.grants()).toEqual([]);
  });

  test('and somebody of the list does, once', async () => {
    const outcome = await act('U0ANN');
    expect(outcome).toMatchObject('ack' in outcome ? { ack: true } : { acknowledged: true });
    const isNo = /reject|submit/.test(name);
    await expect
      .poll(async () => (await desk.known()).events.at(-1)?.type)
      .toBe(isNo ? 'EnvironmentRejected' : 'ApprovalGranted');
    expect(await desk.grants()).toEqual(isNo ? [] : ['U0ANN']);
    if (!bare.includes(name)) {
      expect(await desk.told('U0ANN')).toContain(isNo ? 'You rejected' : '1 more needed');
    }
    expect(await desk.refusals()).toEqual([]);
  });
});

test.each([
  ['snooze', () => desk.ask('U0CY', 'snooze'), "You can't decide about"],
  ['roll back', () => desk.type('U0CY', 'rollback'), "You can't stop or roll back"],
] as const)(
  'who may not %s is told so at once, is shown no modal, and is on record',
  async (_, act, words) => {
    await act();
    expect(await desk.told('U0CY')).toContain(words);
    expect(desk.slack.views().filter(({ view }) => view.type === 'modal')).toEqual([]);
    await expect.poll(desk.refusals).toHaveLength(1);
    const { events } = await desk.known();
    expect(events.at(-1)).toMatchObject({ type: 'AttemptRefused', by: 'U0CY' });
  },
);

test('who asked for the rollout cannot approve it', async () => {
  const own = await startDesk({ openedBy: 'U0ANN' });
  await own.press('U0ANN', 'approve');
  expect(await own.told('U0ANN')).toContain('You asked for this rollout, so somebody else');
  expect(await own.refusals()).toEqual(['U0ANN own-request']);
  expect(await own.grants()).toEqual([]);
  await own.close();
});
