import { beforeEach, expect, test } from 'vitest';
import { ann, bo } from '../rollout/story.ts';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  fleet = await fleetStory();
});

const status = () => fleet.git.statuses.get(fleet.git.pulls[0]?.headSha ?? '');

function refuseMerges() {
  fleet.git.refusesMerges('Repository rule violations found');
}

test('a merge that GitHub refuses leaves no green status behind', async () => {
  refuseMerges();
  await fleet.approved();
  const held = await fleet.settle(2);
  expect(held.environments[0]?.waves[0]?.held?.because).toBe('refused');
  expect(status()).toBe('pending');
  await fleet.ask({ kind: 'withdraw', environment: 'staging', ask: 1, by: bo });
  expect(standing(await fleet.settle())[0]).toBe('staging awaiting-approval [pull-request]');
  expect(status()).toBe('pending');
});

test('a freeze that comes between the green status and the merge takes the status back', async () => {
  await fleet.approved();
  const { setStatus } = fleet.git.host;
  fleet.git.host.setStatus = async (of) => {
    if (of.state === 'success') await fleet.ask({ kind: 'freeze', by: ann, reason: 'incident 12' });
    await setStatus(of);
  };
  const held = await fleet.settle();
  expect(held.environments[0]?.waves[0]?.held?.because).toBe('frozen');
  expect(status()).toBe('pending');
  expect(fleet.git.calls).not.toContain('merge 1');
});

test('people can say no to a held merge also while GitHub takes no status', async () => {
  refuseMerges();
  await fleet.approved();
  const { setStatus } = fleet.git.host;
  fleet.git.host.setStatus = async (of) => {
    if (of.description.startsWith('Not merged')) throw new Error('no more statuses');
    await setStatus(of);
  };
  await fleet.settle(2);
  const no = { kind: 'reject', environment: 'staging', ask: 1, by: ann, reason: 'not this week' };
  expect((await fleet.ask(no)).refusal).toBeUndefined();
  expect((await fleet.settle()).outcome?.name).toBe('rejected');
});

test('a reason of any length goes on record in few words', async () => {
  fleet.git.refusesMerges('a rule '.repeat(100_000));
  await fleet.approved();
  const [wave] = (await fleet.settle(2)).environments[0]?.waves ?? [];
  expect(wave?.held?.detail?.length).toBeLessThanOrEqual(500);
});
