import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { globalStop } from '../../src/workflow/global-stop.ts';
import { startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

const kinds = async () => (await desk.known()).events.map(({ type }) => type);
const last = async () => (await kinds()).at(-1);

/** Both approvals, the merge, and all of staging's nodes turning. */
async function merged() {
  await desk.press('U0ANN', 'approve');
  await desk.told('U0ANN');
  await desk.press('U0BO', 'approve');
  await desk.told('U0BO');
  for (let i = 0; i < 5; i += 1) {
    await desk.look();
    desk.clock.advance(minute);
  }
  expect(desk.git.pulls[0]?.merged).toBe(true);
}

describe('a button', () => {
  test('pauses, and resumes', async () => {
    await desk.press('U0ANN', 'pause');
    expect(await desk.told('U0ANN')).toContain('Paused. Nothing more is merged');
    await desk.look();
    await desk.press('U0BO', 'resume');
    expect(await desk.told('U0BO')).toContain('Resumed.');
    expect((await kinds()).slice(-2)).toEqual(['RolloutPaused', 'RolloutResumed']);
  });

  test('of somebody who may not stop changes nothing, and says who may', async () => {
    await desk.press('U0CY', 'pause');
    expect(await desk.told('U0CY')).toContain(
      "You can't stop or roll back this rollout. Who can: ",
    );
    expect(await kinds()).not.toContain('RolloutPaused');
  });

  test('snoozes until what was picked, and wakes', async () => {
    const { view } = await desk.press('U0ANN', 'snooze');
    const past = Math.floor((desk.clock.now() - hour) / 1000);
    const viewId = view?.id ?? '';
    expect(
      await desk.slack.submit({ user: 'U0ANN', viewId, values: { until: { pick: past } } }),
    ).toMatchObject({ errors: { until: 'Pick a time in the future.' } });
    const until = Math.floor((desk.clock.now() + 3 * hour) / 1000);
    const done = await desk.slack.submit({
      user: 'U0ANN',
      viewId,
      values: { until: { pick: until } },
    });
    expect(done).toMatchObject({ ok: true });
    expect(await desk.told('U0ANN')).toMatch(/Snoozed: nobody is asked until <!date\^/);
    expect((await desk.known()).rollout.snoozed).toMatchObject({ until: until * 1000 });
    await desk.look();
    await desk.press('U0BO', 'wake');
    expect(await desk.told('U0BO')).toContain('The snooze is over.');
    expect((await desk.known()).rollout.snoozed).toBeUndefined();
  });

  test('takes an approval back, from the menu of the row', async () => {
    await desk.press('U0ANN', 'approve');
    await desk.told('U0ANN');
    await desk.press('U0ANN', 'more', 'withdraw');
    expect(await desk.told('U0ANN')).toContain('You withdrew your approval of *staging*.');
    expect(await desk.grants()).toEqual([]);
  });

  test('shows the details to anybody', async () => {
    const { view } = await desk.press('U0GUEST', 'details');
    expect(view).toMatchObject({ title: { text: 'Rollout details' } });
  });

  test('rolls back what moved, after a reason long enough', async () => {
    await merged();
    const { view } = await desk.press('U0BO', 'rollback');
    const values = { reason: { text: 'too short' } };
    const of = { user: 'U0BO', viewId: view?.id ?? '' };
    expect(await desk.slack.submit({ ...of, values, force: true })).toMatchObject({
      errors: { reason: expect.stringContaining('At least 10 characters') },
    });
    const again = await desk.slack.submit({
      ...of,
      values: { reason: { text: 'nodes do not come up' } },
    });
    expect(again).toMatchObject({ ok: true });
    expect(await desk.told('U0BO')).toContain('Rolling back.');
    expect((await desk.known()).rollout.rollback?.by).toBe('U0BO');
  });

  test('with a forged scope rolls back nothing', async () => {
    await merged();
    const { view } = await desk.press('U0BO', 'rollback');
    const outcome = await desk.slack.submit({
      user: 'U0BO',
      viewId: view?.id ?? '',
      values: {
        scope: { choice: { selected_option: { value: 'cluster somebody-elses' } } },
        reason: { text: 'nodes do not come up' },
      },
      force: true,
    });
    expect(outcome.ok).toBe(false);
    expect((await desk.known()).rollout.rollback).toBeUndefined();
  });

  test('lets the promotion go on after a merge by hand', async () => {
    await desk.press('U0ANN', 'approve');
    await desk.told('U0ANN');
    desk.git.checks.push({ name: 'ci', state: 'pending', required: true });
    await desk.press('U0BO', 'approve');
    await desk.told('U0BO');
    await desk.look();
    // One of the two leaves before the merge, so the approvals are no longer enough.
    desk.slack.workspace.setGroup({ id: 'S0SRE', handle: 'sre', name: 'SRE', users: ['U0ANN'] });
    desk.clock.advance(minute);
    desk.git.checks[0] = { name: 'ci', state: 'success', required: true };
    await desk.look();
    desk.git.by.merge(1, 'octocat');
    await desk.look();
    await desk.look();
    expect((await desk.known()).rollout.environments[0]?.unapprovedMerge).toBeDefined();
    await desk.press('U0CY', 'accept-merge');
    expect(await desk.told('U0CY')).toContain("You can't decide about *staging*");
    await desk.press('U0ANN', 'accept-merge');
    expect(await desk.told('U0ANN')).toContain('You accepted the merge in *staging*');
  });
});

describe('a press of Merge', () => {
  test('by somebody who may merges what is approved and green; others are told who can', async () => {
    const byButton = await startDesk({ pullRequest: { merge: 'by-button' } });
    try {
      await byButton.press('U0ANN', 'approve');
      await byButton.told('U0ANN');
      await byButton.press('U0BO', 'approve');
      expect(await byButton.told('U0BO')).toContain('somebody presses Merge');
      await byButton.look();
      byButton.clock.advance(minute);
      await byButton.look();
      expect(byButton.git.pulls).toMatchObject([{ merged: false }]);
      await byButton.press('U0CY', 'merge');
      expect(await byButton.told('U0CY')).toContain("You can't decide about *staging*");
      await byButton.press('U0BO', 'merge');
      expect(await byButton.told('U0BO')).toContain('You pressed Merge for *staging*');
      await byButton.look();
      await byButton.look();
      expect(byButton.git.pulls).toMatchObject([{ merged: true }]);
    } finally {
      await byButton.close();
    }
  });
});

describe('the same press', () => {
  test('delivered twice decides once and is answered once', async () => {
    desk.slack.delivery.duplicate(1);
    await desk.press('U0ANN', 'approve');
    expect(await desk.told('U0ANN')).toContain('1 more needed');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await desk.grants()).toEqual(['U0ANN']);
    expect(desk.answers()).toBe(1);
  });

  test('of a modal, delivered twice, decides once', async () => {
    const { view } = await desk.press('U0ANN', 'reject');
    desk.slack.delivery.duplicate(1);
    await desk.slack.submit({
      user: 'U0ANN',
      viewId: view?.id ?? '',
      values: { reason: { text: 'the kernel has a regression' } },
    });
    await desk.told('U0ANN');
    expect((await kinds()).filter((one) => one === 'EnvironmentRejected')).toHaveLength(1);
  });

  test('replayed by somebody who recorded it does nothing', async () => {
    await desk.press('U0ANN', 'approve');
    await desk.told('U0ANN');
    await desk.press('U0ANN', 'more', 'withdraw');
    await desk.told('U0ANN');
    await desk.press('U0BO', 'approve');
    await desk.told('U0BO');
    const before = await kinds();
    await desk.slack.requestUrl?.replayLast();
    desk.clock.advance(4 * minute);
    await desk.slack.requestUrl?.replayLast();
    expect(await kinds()).toEqual(before);
  });

  test('by a double click is a second press, and is told so', async () => {
    await desk.press('U0ANN', 'approve');
    await desk.told('U0ANN');
    await desk.press('U0ANN', 'approve');
    expect(await desk.told('U0ANN')).toContain(
      'You already approved *staging*. Waiting for 1 more.',
    );
  });
});

describe('while the store is down', () => {
  test('a press that decides is not acknowledged, and nothing is half done', async () => {
    desk.storeIs.down = true;
    expect(await desk.press('U0ANN', 'approve')).toMatchObject({ ok: false, ack: false });
    desk.storeIs.down = false;
    expect(await desk.grants()).toEqual([]);
    await desk.press('U0ANN', 'approve');
    expect(await desk.told('U0ANN')).toContain('1 more needed');
  });

  test('a modal that cannot be shown is explained in words', async () => {
    desk.storeIs.down = true;
    await desk.press('U0ANN', 'reject');
    expect(await desk.told('U0ANN')).toContain('Nothing was recorded; please try again.');
  });

  test('a submitted modal stays open with what was typed', async () => {
    const { view } = await desk.press('U0ANN', 'reject');
    desk.storeIs.down = true;
    const of = { user: 'U0ANN', viewId: view?.id ?? '' };
    const values = { reason: { text: 'the kernel has a regression' } };
    expect(await desk.slack.submit({ ...of, values })).toMatchObject({ ack: false });
    desk.storeIs.down = false;
    expect(desk.slack.views().some(({ view: one }) => one.id === view?.id)).toBe(true);
    expect(await desk.slack.submit({ ...of, values })).toMatchObject({ ok: true });
    expect(await last()).toBe('EnvironmentRejected');
  });

  test.each(['status', 'approve', 'check'])(
    '/ami %s is answered or not acknowledged',
    async (text) => {
      desk.storeIs.down = true;
      const { ack } = await desk.type('U0ANN', text);
      if (ack) expect(await desk.told('U0ANN')).toContain('please try again');
      desk.storeIs.down = false;
      expect(await desk.grants()).toEqual([]);
    },
  );

  test('a press that was stored and not decided is decided by the next sweep, once', async () => {
    const request = {
      kind: 'approve' as const,
      rollout: desk.id,
      environment: 'staging',
      ask: 1,
      by: 'U0ANN' as never,
    };
    const delivery = { request, replyTo: { channel: 'C0NODES', user: 'U0ANN' as never } };
    await desk.intake.store('click:left', delivery);
    await desk.intake.sweep();
    expect(await desk.grants()).toEqual([]);
    desk.clock.advance(20_000);
    await Promise.all([desk.intake.sweep(), desk.intake.sweep()]);
    expect(await desk.grants()).toEqual(['U0ANN']);
    expect(await desk.told('U0ANN')).toContain('1 more needed');
    expect(desk.answers()).toBe(1);
  });

  test('a press that was turned down right before a crash is turned down again, in the same words', async () => {
    const request = {
      kind: 'approve' as const,
      rollout: desk.id,
      environment: 'staging',
      ask: 1,
      by: 'U0CY' as never,
    };
    await desk.intake.store('click:left', {
      request,
      replyTo: { channel: 'C0NODES', user: 'U0CY' as never },
    });
    // Decided and recorded by a process that died before it could answer.
    const { refusal } = await carryOut(desk.world, request, 'click:left');
    expect(refusal).toMatchObject({ code: 'not-an-approver' });
    const before = await kinds();
    desk.clock.advance(20_000);
    await desk.intake.sweep();
    expect(await desk.told('U0CY')).toContain("You can't decide about *staging*");
    expect(await kinds()).toEqual(before);
  });

  test('a press of more than a quarter of an hour ago is not carried out: press again', async () => {
    const request = {
      kind: 'approve' as const,
      rollout: desk.id,
      environment: 'staging',
      ask: 1,
      by: 'U0ANN' as never,
    };
    await desk.intake.store('click:old', {
      request,
      replyTo: { channel: 'C0NODES', user: 'U0ANN' as never },
    });
    desk.clock.advance(16 * minute);
    await desk.intake.sweep();
    expect(await desk.told('U0ANN')).toContain('please press again');
    expect(await desk.grants()).toEqual([]);
    await desk.intake.sweep();
    expect(desk.answers()).toBe(1);
  });
});

describe('a modal that came back with an error', () => {
  test('can be submitted again', async () => {
    const { view } = await desk.press('U0ANN', 'reject');
    const of = { user: 'U0ANN', viewId: view?.id ?? '' };
    const values = { reason: { text: 'the kernel has a regression' } };
    const group = { id: 'S0SRE', handle: 'sre', name: 'SRE', users: ['U0ANN'] };
    desk.slack.workspace.setGroup({ ...group, disabled: true });
    desk.clock.advance(minute);
    expect(await desk.slack.submit({ ...of, values })).toMatchObject({
      errors: { reason: expect.stringContaining('could not confirm who may decide') },
    });
    expect(desk.answers()).toBe(0);
    desk.slack.workspace.setGroup(group);
    desk.clock.advance(minute);
    expect(await desk.slack.submit({ ...of, values })).toMatchObject({ ok: true });
    expect(await last()).toBe('EnvironmentRejected');
  });
});

describe('/ami', () => {
  test.each([
    ['', 'awaiting|Awaiting|staging'],
    ['status', 'al2023@v20261118'],
    ['help', 'asks before it changes anything'],
    ['HELP', 'asks before it changes anything'],
    ['show', 'al2023@v20261118'],
    ['digest', 'EKS node freshness'],
    ['stauts', 'Did you mean `/ami status`'],
    ['aprove', 'Did you mean `/ami approve`'],
    ['<!channel>', "I don't know"],
    ['approve 0123456789', 'There is no such open rollout.'],
    ['approve ro_0g', 'There is no such open rollout.'],
    ['snooze', 'Until when?'],
    ['snooze yesterday', 'Until when?'],
    ['snooze 2020-01-01', 'Until when?'],
    ['rollback nodes do not come up', 'Nothing was merged in this rollout yet'],
    ['rollback', 'Nothing was merged in this rollout yet'],
    ['freeze', 'Please say why'],
    ['unfreeze', 'That is so already'],
    ['resume', 'is not paused'],
    ['pause', 'Paused.'],
    ['snooze 14d', 'Snoozed: nobody is asked until <!date'],
    ['snooze 2d', 'Snoozed: nobody is asked until <!date'],
    ['snooze mon', 'Snoozed: nobody is asked until <!date'],
    ['approve', '1 more needed'],
    ['approve bad idea but fine', '1 more needed'],
    ['approve staging looks fine', '1 more needed'],
    ['reject bad kernel in this one', 'You rejected *staging*'],
    ['freeze black friday', 'All merges are frozen'],
  ])('%s', async (text, answer) => {
    expect(await desk.type('U0ANN', text)).toMatchObject({ ok: true, ack: true });
    const said = await desk.told('U0ANN');
    expect(said).toMatch(answer.includes('|') ? new RegExp(answer) : said);
    if (!answer.includes('|')) expect(said).toContain(answer);
    expect(said).not.toContain('<!channel>');
  });

  test('keeps what was typed as it was typed, and shows it without a mention', async () => {
    await desk.type('U0ANN', 'reject it breaks <!channel> & “all” of us');
    await desk.told('U0ANN');
    const { rollout } = await desk.known();
    const rejected = rollout.environments[0]?.rejected;
    expect(rejected?.reason).toContain('<!channel> & "all" of us');
    await desk.look();
    const shown = JSON.stringify(desk.slack.messages());
    expect(shown).toContain('&lt;!channel&gt; &amp; ');
    expect(shown).not.toContain('&amp;amp;');
  });

  test('reject comes too late once it is merged, and says so', async () => {
    await merged();
    await desk.type('U0ANN', 'reject the kernel has a regression');
    expect(await desk.told('U0ANN')).toContain('under way');
    expect(await kinds()).not.toContain('EnvironmentRejected');
  });

  test('freezes everything, and unfreezes, only for who may stop', async () => {
    await desk.type('U0CY', 'freeze because I can');
    expect(await desk.told('U0CY')).toContain("You can't freeze merges");
    expect(await globalStop(desk.world)).toBeUndefined();
    await desk.type('U0ANN', 'freeze black friday');
    await desk.told('U0ANN');
    expect(await globalStop(desk.world)).toMatchObject({ reason: 'black friday' });
    await desk.type('U0ANN', 'freeze black friday');
    expect(await desk.told('U0ANN')).toContain('That is so already');
    await desk.type('U0BO', 'unfreeze');
    expect(await desk.told('U0BO')).toContain('Merges go on');
    expect(await globalStop(desk.world)).toBeUndefined();
  });

  test('reject without a reason asks for it in the modal', async () => {
    const { view } = await desk.slack.command({
      user: 'U0ANN',
      command: '/ami',
      text: 'reject no',
      channel: 'C0NODES',
      expectView: true,
    });
    const values = { reason: { text: 'the kernel has a regression' } };
    await desk.slack.submit({ user: 'U0ANN', viewId: view?.id ?? '', values });
    expect(await desk.told('U0ANN')).toContain('You rejected *staging*');
    expect(await last()).toBe('EnvironmentRejected');
  });

  test('check opens nothing twice', async () => {
    desk.slack.delivery.duplicate(2);
    await Promise.all([desk.type('U0ANN', 'check'), desk.type('U0CY', 'check')]);
    await desk.told('U0ANN');
    await desk.look();
    expect(await desk.world.store.heads.open()).toHaveLength(1);
    expect(desk.slack.messages().filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  });
});

describe('a mention', () => {
  test('in the thread knows its rollout, and is answered there to the asker alone', async () => {
    await desk.slack.mention({ user: 'U0CY', threadTs: desk.card().ts, text: 'status' });
    expect(await desk.told('U0CY')).toContain('al2023@v20261118');
    expect(desk.slack.ephemerals().at(-1)?.threadTs).toBe(desk.card().ts);
  });

  test('in another thread has to name the rollout', async () => {
    const other = await desk.slack.mention({ user: 'U0ANN', channel: 'C0NODES', text: 'help' });
    expect(other.ok).toBe(true);
    await desk.told('U0ANN');
    const root = desk.slack.messages().find(({ user }) => user === 'U0ANN');
    await desk.slack.mention({ user: 'U0ANN', threadTs: root?.ts ?? '', text: 'approve' });
    expect(await desk.told('U0ANN')).toContain(`Which one? \`/ami approve ${desk.id}\``);
    expect(await desk.grants()).toEqual([]);
  });
});

test('the first press on a twin of the card turns it into a pointer', async () => {
  const { text, blocks } = desk.card();
  await desk.world.effects.run('post-message', 'twin', (to) =>
    to.slack.post({ channel: 'C0NODES', text, blocks: blocks as never }),
  );
  const twin = desk.slack.messages().at(-1);
  await desk.slack.click({
    user: 'U0ANN',
    messageTs: twin?.ts ?? '',
    actionId: 'rollout:approve',
  });
  expect(await desk.told('U0ANN')).toContain('1 more needed');
  await vi.waitFor(() => expect(desk.slack.messages().at(-1)?.text).toContain('posted twice'));
  expect(desk.slack.messages().at(-1)?.text).toMatch(
    /<https:\/\/slack\.example\/p[\d.]+\|this one>/,
  );
  expect(desk.card().text).not.toContain('posted twice');
});
