import { beforeEach, describe, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { newRelease } from '../fakes/memory-world.ts';
import { ann, bo, cy } from '../rollout/story.ts';
import { standing } from './drive.ts';
import { branch, path, theirStory } from './their-story.ts';

let their: ReturnType<typeof theirStory>;
beforeEach(() => {
  their = theirStory();
});

test('a pull request of somebody else that moves a pin is approved in Slack, and merged by people', async () => {
  their.move(path);
  their.open('mallory');
  await their.settle();
  expect(their.status()).toMatchObject({
    state: 'pending',
    description: 'Waits for 2 more approvals in Slack',
    url: expect.stringContaining('https://acme.slack.com/ro_'),
  });
  for (const by of [ann, bo]) expect((await their.ask({ kind: 'approve' }, by)).stored).toBe(true);
  await their.settle(3);
  expect(their.status()).toMatchObject({
    state: 'success',
    description: 'Approved; merge it here',
  });
  expect(their.git.pulls).toMatchObject([{ state: 'open' }]);
  expect(their.git.calls.filter((call) => /^(open|commit|merge|create)/.test(call))).toEqual([]);
  their.git.by.merge(1, 'mallory');
  const rollout = await their.settle();
  expect(rollout && standing(rollout)).toEqual(['staging rolling [syncing]']);
  expect(rollout?.environments[0]?.unapprovedMerge).toBeUndefined();
});

test('its author cannot approve it, which is on record, and nobody without the right can', async () => {
  their.move(path);
  their.open();
  await their.settle();
  expect((await their.ask({ kind: 'approve' }, ann)).refusal?.code).toBe('own-request');
  expect((await their.ask({ kind: 'approve' }, cy)).refusal?.code).toBe('not-an-approver');
  const { id } = (await their.rollout()) ?? {};
  const { commits } = await their.world.journal.refresh(id as RolloutId);
  const types = commits.flatMap(({ events }) => events.map(({ type }) => type));
  expect(types.filter((type) => type === 'ApprovalRefused')).toHaveLength(2);
});

test('a push voids what was approved: something else is no longer green', async () => {
  their.move(path);
  their.open('mallory');
  await their.settle();
  for (const by of [ann, bo]) await their.ask({ kind: 'approve' }, by);
  await their.settle();
  their.git.by.push(branch, 'README.md', 'smuggled');
  await their.settle(3);
  expect(their.status()).toMatchObject({ state: 'pending' });
  expect(their.status()?.description).toContain('holds more than the moves of its pins');
  expect(await their.rollout()).toBeUndefined();
});

test('another release needs other approvals', async () => {
  const third = 'al2023@v20261119';
  their.published.add(third as typeof newRelease);
  their.move(path);
  their.open('mallory');
  const first = await their.settle();
  await their.ask({ kind: 'approve' }, ann);
  their.git.by.push(branch, path, their.git.text(branch, path).replace(newRelease, third));
  const second = await their.settle(3);
  expect([first?.release, second?.release]).toEqual([newRelease, third]);
  expect(second?.environments[0]?.ask?.grants).toEqual([]);
});

test('merged before the approvals are there, it is followed, and somebody has to answer for it', async () => {
  their.move(path);
  their.open('mallory');
  await their.settle();
  their.git.by.merge(1, 'mallory');
  const rollout = await their.settle();
  expect(rollout && standing(rollout)).toEqual(['staging rolling [syncing]']);
  expect(rollout?.environments[0]?.unapprovedMerge).toMatchObject({ by: 'mallory' });
});

test('rejected, it is left to its author, with a red status', async () => {
  their.move(path);
  their.open('mallory');
  await their.settle();
  await their.ask({ kind: 'reject', reason: 'kernel hang' }, bo);
  expect(await their.settle(3)).toBeUndefined();
  expect(their.status()).toMatchObject({ state: 'failure', description: 'Rejected in Slack' });
  expect(their.git.pulls).toMatchObject([{ state: 'open' }]);
});

test('closed by its author, it ends, and is not green any more', async () => {
  their.move(path);
  their.open('mallory');
  await their.settle();
  for (const by of [ann, bo]) await their.ask({ kind: 'approve' }, by);
  await their.settle();
  their.git.by.close(1, 'mallory');
  expect(await their.settle(3)).toBeUndefined();
  expect(their.status()?.state).toBe('pending');
});

test('a freeze turns it, as it turns ours', async () => {
  their.move(path);
  their.open('mallory');
  await their.settle();
  for (const by of [ann, bo]) await their.ask({ kind: 'approve' }, by);
  await carryOut(their.world, { kind: 'freeze', by: ann, reason: 'incident' }, 'freeze');
  await their.settle();
  expect(their.status()?.description).toContain('incident');
});

describe('cannot be approved in Slack, and says why, what', () => {
  test.each<readonly [string, () => void, string]>([
    [
      'moves several environments at once',
      () => {
        their.move(path);
        their.move(demoPath('production', 'prod-a'));
      },
      'staging and production at once',
    ],
    [
      'moves clusters of several waves at once',
      () => {
        their.move(demoPath('production', 'prod-a'));
        their.move(demoPath('production', 'prod-b'));
      },
      'several waves at once',
    ],
    ['goes to what does not exist', () => their.move(path, 'al2023@v20261103'), 'does not have'],
    ['goes back', () => their.move(path, 'al2023@v20260101'), 'nothing to a newer release'],
    ['follows every publication', () => their.move(path, 'al2023@latest'), 'nobody can say'],
  ])('%s', async (_, change, why) => {
    change();
    their.open('mallory');
    expect(await their.settle()).toBeUndefined();
    expect(their.status()).toMatchObject({ state: 'pending' });
    expect(their.status()?.description).toContain(why);
  });
});

test('nobody is asked about what comes from a fork', async () => {
  their.move(path);
  their.open('mallory');
  const { openPullRequests } = their.git.host;
  Object.assign(their.git.host, {
    openPullRequests: async (...args: Parameters<typeof openPullRequests>) =>
      (await openPullRequests(...args)).map((one) => ({
        ...one,
        headRepository: 'mallory/gitops',
      })),
  });
  expect(await their.settle()).toBeUndefined();
  expect(their.status()?.description).toContain('it comes from another repository');
});

test('where GitHub decides, it is green at once, and merging it is the approval', async () => {
  const [staging] = their.world.fleet.policies;
  if (staging !== undefined) Object.assign(staging, { pullRequest: { merge: 'in-github' } });
  their.move(path);
  their.open('mallory');
  await their.settle();
  expect(their.status()).toMatchObject({ state: 'success' });
  their.git.by.merge(1, 'mallory');
  expect((await their.settle())?.environments[0]?.unapprovedMerge).toBeUndefined();
});
