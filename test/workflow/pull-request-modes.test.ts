import { describe, expect, onTestFinished, test } from 'vitest';
import type { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { httpGitHost } from '../fakes/http-git-host.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { fleetFiles, memoryWorld, worldAround } from '../fakes/memory-world.ts';
import { ann, bo, noon, policy } from '../rollout/story.ts';
import { lookOnce, standing } from './drive.ts';
import { fleetStory, storyOf } from './fleet-story.ts';

const approval = { users: [ann, bo], groups: [], count: 2 };
const fleetWith = (staging: Partial<EnvironmentPolicy>) => ({
  policies: [
    policy('staging', { approval, ...staging }),
    policy('production', { after: ['staging'], approval }),
  ],
  logins: new Map([['ann-lee', ann]]),
});
const storyWith = (staging: Partial<EnvironmentPolicy>) =>
  fleetStory(memoryWorld({ fleet: fleetWith(staging) }));
const typesOf = async ({ world, id }: Awaited<ReturnType<typeof fleetStory>>) => {
  const { commits } = await world.journal.known(id);
  return commits.flatMap((commit) => commit.events.map(({ type }) => type));
};

describe('open: on-detection', () => {
  const early = { pullRequest: { open: 'on-detection' } } as const;

  test('the pull request is there while people are asked, and merged when they have agreed', async () => {
    const fleet = await storyWith(early);
    expect(standing(await fleet.settle(1))[0]).toBe('staging awaiting-approval [pull-request]');
    const [pull] = fleet.git.pulls;
    expect(fleet.git.statuses.get(pull?.headSha ?? '')).toBe('pending');
    await fleet.approved();
    expect(standing(await fleet.settle(3))[0]).toBe('staging rolling [syncing]');
    expect(fleet.git.pulls.filter(({ merged }) => merged)).toEqual([pull]);
    expect(await typesOf(fleet)).toContain('MergeStarted');
  });

  test('it is written again when the base moves beside the pin, and the ask stands', async () => {
    const fleet = await storyWith(early);
    await fleet.settle(1);
    const path = demoPath('staging', 'stg');
    const [pull] = fleet.git.pulls;
    fleet.git.by.push('main', path, `# a note\n${fleet.git.text('main', path)}`);
    await fleet.approve(ann);
    await fleet.settle(1);
    expect(await typesOf(fleet)).toContain('ChangeRebased');
    expect(fleet.git.text(pull?.branch ?? '', path)).toContain('# a note');
    await fleet.approve(bo);
    expect(standing(await fleet.settle(3))[0]).toBe('staging rolling [syncing]');
  });

  test('it is closed when the ask is rejected', async () => {
    const fleet = await storyWith(early);
    await fleet.settle(1);
    await fleet.ask({
      kind: 'reject',
      environment: 'staging',
      ask: 1,
      reason: 'kernel hang',
      by: bo,
    });
    await fleet.settle(1);
    expect(fleet.git.pulls).toMatchObject([{ state: 'closed', merged: false }]);
  });

  test('a push to it voids what was agreed, and the next ask gets one of its own', async () => {
    const fleet = await storyWith(early);
    await fleet.settle(1);
    await fleet.approve(ann);
    fleet.git.by.push(fleet.git.pulls[0]?.branch ?? '', 'README.md', 'mine');
    await fleet.settle(2);
    expect(await typesOf(fleet)).toContain('ApprovalsVoided');
    expect(fleet.git.pulls).toMatchObject([{ state: 'closed' }, { state: 'open' }]);
  });

  test('merged by hand before anybody agreed, it is followed, and promotion waits', async () => {
    const fleet = await storyWith(early);
    await fleet.settle(1);
    fleet.git.by.merge(1, 'octocat');
    const rollout = await fleet.settle(2);
    expect(standing(rollout)[0]).toBe('staging rolling [syncing]');
    expect(rollout.environments[0]?.unapprovedMerge).toMatchObject({ by: 'octocat' });
  });
});

describe('merge: by-button', () => {
  const byButton = { pullRequest: { merge: 'by-button' } } as const;
  const press = { kind: 'merge', environment: 'staging', ask: 1 } as const;

  test('what is approved waits until somebody who may presses Merge', async () => {
    const fleet = await storyWith(byButton);
    expect((await fleet.ask({ ...press, by: ann })).refusal?.code).toBe('nothing-to-merge');
    await fleet.approved();
    expect(standing(await fleet.settle(10))[0]).toBe('staging approved [pull-request]');
    const stranger = SlackUserId.parse('U0CY');
    expect((await fleet.ask({ ...press, by: stranger })).refusal?.code).toBe('not-an-approver');
    expect((await fleet.ask({ ...press, by: ann })).stored).toBe(true);
    expect((await fleet.ask({ ...press, by: bo })).refusal).toMatchObject({ by: ann });
    expect(standing(await fleet.settle(2))[0]).toBe('staging rolling [syncing]');
    expect(await typesOf(fleet)).toContain('MergeRequested');
  });

  test('a press that could not be followed in time merges nothing later', async () => {
    const fleet = await storyWith(byButton);
    fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
    await fleet.approved();
    await fleet.settle(1);
    await fleet.ask({ ...press, by: ann });
    await fleet.settle(15);
    fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
    expect(standing(await fleet.settle(2))[0]).toBe('staging approved [pull-request]');
    await fleet.ask({ ...press, by: bo });
    expect(standing(await fleet.settle(2))[0]).toBe('staging rolling [syncing]');
  });
});

/** A fleet on GitHub over HTTP whose staging is merged there. */
async function inGitHub(staging: Partial<EnvironmentPolicy> = {}) {
  const clock = manualClock(noon);
  const git = await httpGitHost(clock, fleetFiles());
  onTestFinished(git.close);
  git.there.protect({ requiredReviews: 1, requiredChecks: ['amiable/approval'] });
  const merge = { pullRequest: { merge: 'in-github' }, ...staging } as const;
  const fleet = await storyOf(worldAround(clock, git, { fleet: fleetWith(merge) }));
  await fleet.settle(1);
  const status = () =>
    git.there.pulls()[0]?.statuses.find(({ name }) => name === 'amiable/approval');
  return { ...fleet, status };
}

describe('merge: in-github', () => {
  test('nobody is asked in Slack, and who merges on GitHub has approved it', async () => {
    const fleet = await inGitHub();
    const { there } = fleet.git;
    expect(fleet.status()).toMatchObject({
      state: 'success',
      description: 'Merging this here is the approval',
    });
    expect((await fleet.approve(ann)).refusal?.code).toBe('merged-in-github');
    await fleet.settle(3);
    expect(fleet.git.pulls[0]?.merged).toBe(false);
    there.review('octocat', 1, 'APPROVED');
    there.merge('ann-lee', 1);
    const rollout = await fleet.settle(2);
    expect(standing(rollout)[0]).toBe('staging rolling [syncing]');
    expect(rollout.environments[0]?.unapprovedMerge).toBeUndefined();
    const { commits } = await fleet.world.journal.known(fleet.id);
    const merged = commits.flatMap(({ events }) =>
      events.filter((e) => e.type === 'PullRequestMerged'),
    );
    expect(merged).toMatchObject([{ by: 'ann-lee', person: ann, approved: true, byHand: true }]);
  });

  test('a freeze, a pause and a closed window turn the status, and turn it back', async () => {
    const fleet = await inGitHub();
    await fleet.ask({ kind: 'freeze', by: ann, reason: 'incident' });
    await fleet.settle(1);
    expect(fleet.status()).toMatchObject({ state: 'pending' });
    expect(fleet.status()?.description).toContain('incident');
    expect(() => fleet.git.there.merge('ann-lee', 1)).toThrow('review');
    await fleet.ask({ kind: 'unfreeze', by: ann });
    await fleet.ask({ kind: 'pause', by: ann });
    await fleet.settle(1);
    expect(fleet.status()?.description).toBe('The rollout is paused');
    await fleet.ask({ kind: 'resume', by: ann });
    await fleet.settle(1);
    expect(fleet.status()?.state).toBe('success');
    const closed = await inGitHub({
      window: { cron: '0 3 * * *', durationMs: 60 * minute, timeZone: 'UTC' },
    });
    expect(closed.status()?.description).toContain('the window is closed');
  });

  test('something else merged there stops the rollout', async () => {
    const fleet = await inGitHub();
    const { git } = fleet;
    git.by.push(git.pulls[0]?.branch ?? '', 'README.md', 'smuggled');
    git.by.merge(1, 'ann-lee');
    const rollout = await fleet.settle(2);
    expect(rollout.environments[0]?.differs).toBeDefined();
  });

  test('its merge queue gets the status too, and merging by it is the approval', async () => {
    const fleet = await inGitHub();
    const { there } = fleet.git;
    there.protect({ requiredReviews: 0, mergeQueue: { waitMs: 3 * minute } });
    there.enqueue(1);
    const rollout = await fleet.settle(6);
    expect(standing(rollout)[0]).toBe('staging rolling [syncing]');
    expect(rollout.environments[0]?.unapprovedMerge).toBeUndefined();
  });

  test('rejected in Slack by who may stop it, it is closed; merged past that, promotion waits', async () => {
    const fleet = await inGitHub();
    await fleet.ask({
      kind: 'reject',
      environment: 'staging',
      ask: 1,
      reason: 'kernel hang',
      by: bo,
    });
    fleet.git.by.merge(1, 'octocat');
    const rollout = await fleet.settle(2);
    expect(rollout.environments[0]?.unapprovedMerge).toMatchObject({ by: 'octocat' });
  });
});

test('in propose mode the status turns green with the approvals, for people to merge', async () => {
  const fleet = await storyWith({ mode: 'propose' });
  await fleet.approved();
  await fleet.settle(3);
  expect(fleet.git.statuses.get(fleet.git.pulls[0]?.headSha ?? '')).toBe('success');
  await fleet.ask({ kind: 'withdraw', environment: 'staging', ask: 1, by: bo });
  await lookOnce(fleet.world, fleet.id);
  expect(fleet.git.statuses.get(fleet.git.pulls[0]?.headSha ?? '')).toBe('pending');
});
