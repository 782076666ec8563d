import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkNow } from '../../handlers/check-now.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import { day } from '../../src/shared/time.ts';
import { startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

test('whoever is of the workspace may check, also without a say in rollouts', async () => {
  await desk.type('U0CY', 'check');
  expect(await desk.told('U0CY')).toMatch(/Checked \d+ pins?: /);
  expect(desk.checks()).toBe(1);
});

test.for(['U0GUEST', 'U0OTHER'])('%s, who is not, starts no check', async (user) => {
  await desk.type(user, 'check');
  expect(await desk.told(user)).toMatch(
    /Guests, apps and people of other workspaces can't start a check/,
  );
  expect(desk.checks()).toBe(0);
});

test('while Slack cannot say who asks, nothing is checked', async () => {
  const people = { ...desk.world.people, authority: async () => 'unknown' as const };
  const answer = await checkNow(
    {
      world: { ...desk.world, people },
      detectNow: () => Promise.reject(new Error('It was checked')),
    },
    SlackUserId.parse('U0CY'),
  );
  expect(answer.text).toContain('Nothing was checked');
});

test('a snooze of more than 90 days is refused, by command', async () => {
  await desk.type('U0ANN', 'snooze 91d');
  expect(await desk.told('U0ANN')).toMatch(
    /A rollout can be snoozed for 90 days at most\. Nothing changed/,
  );
  expect((await desk.known()).rollout.snoozed).toBeUndefined();
});

test('a snooze of more than 90 days is refused, by modal, at the field', async () => {
  const { view } = await desk.press('U0ANN', 'snooze');
  const submitted = await desk.slack.submit({
    user: 'U0ANN',
    viewId: view?.id ?? '',
    values: { until: { pick: Math.floor((desk.clock.now() + 91 * day) / 1_000) } },
  });
  expect(submitted).toMatchObject({
    ok: false,
    errors: { until: expect.stringContaining('90 days at most') },
  });
  expect((await desk.known()).rollout.snoozed).toBeUndefined();
});
