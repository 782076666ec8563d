import { beforeEach, expect, test } from 'vitest';
import { answerTo } from '../../handlers/answers.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import { hour } from '../../src/shared/time.ts';
import { ann, bo } from '../rollout/story.ts';
import { fleetStory } from '../workflow/fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  fleet = await fleetStory();
});

async function told(request: object): Promise<string | undefined> {
  const asked = { rollout: fleet.id, by: bo, ...request } as PersonRequest;
  const outcome = await fleet.ask(asked);
  const delivery = { request: asked, replyTo: { channel: 'C0NODES', user: bo } };
  return (await answerTo(fleet.world, delivery, outcome))?.text;
}
const lastApproval = async () => {
  await fleet.approve(ann);
  return told({ kind: 'approve', environment: 'staging', ask: 1 });
};

test('the last approval says that it starts', async () => {
  expect(await lastApproval()).toBe(
    'You approved *staging*. It starts now; follow it in the thread.',
  );
});

test.each([
  [{ kind: 'freeze', by: ann, reason: 'incident 12' }, 'All merges are frozen, so'],
  [{ kind: 'pause', by: ann }, 'The rollout is paused, so it waits'],
  [{ kind: 'snooze', by: ann, until: Date.UTC(2026, 11, 1) }, 'The rollout is snoozed, so it'],
])('but not while it does not: %o', async (before, words) => {
  await fleet.ask(before);
  const said = await lastApproval();
  expect(said).toContain(words);
  expect(said).not.toContain('starts now');
});

test('a pause says what it does not stop', async () => {
  expect(await told({ kind: 'pause' })).toBe(
    'Paused. Nothing more is merged until somebody resumes it.',
  );
  await told({ kind: 'resume' });
  await fleet.approved();
  const { merge } = fleet.git.host;
  fleet.git.host.merge = () => Promise.reject(new Error('GitHub does not answer'));
  await fleet.settle(2);
  expect(await told({ kind: 'pause' })).toContain('The merge of #1 was under way and may still');
  fleet.git.host.merge = merge;
});

test('nor a pause of what is on its way back', async () => {
  await fleet.approved();
  await fleet.settle();
  fleet.clock.advance(hour);
  await told({ kind: 'roll-back', reason: 'kernel hang in payments' });
  expect(await told({ kind: 'pause' })).toBe(
    'Paused. The way back goes on: only what goes forward stops.',
  );
});
