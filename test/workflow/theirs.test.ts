import { beforeEach, describe, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import type { RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { setForeignStatuses } from '../../src/workflow/foreign-statuses.ts';
import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import { memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';
import { ann, bo, cy } from '../rollout/story.ts';
import { lookOnce, standing } from './drive.ts';

const path = demoPath('staging', 'stg');
const branch = 'people/bump';
type Status = { readonly state: string; readonly description: string; readonly url?: string };

/** A pull request of octocat, and what people do about it. */
function story() {
  const fleet = memoryWorld({ fleet: { logins: new Map([['octocat', ann]]) } });
  const { git, world, clock } = fleet;
  const there = { ...world, cardUrl: async (id: RolloutId) => `https://acme.slack.com/${id}` };
  const told = new Map<string, Status>();
  const { setStatus } = git.host;
  Object.assign(git.host, {
    setStatus: (status: Status & { readonly sha: string }) => {
      told.set(status.sha, status);
      return setStatus(status as never);
    },
  });
  git.by.forcePush(branch, git.by.headOf('main'));
  let clicks = 0;
  const status = () => told.get(git.by.headOf(branch));
  const rollout = async () => {
    const [found] = await openRollouts(there);
    return found;
  };
  return {
    ...fleet,
    status,
    rollout,
    move(at: string, to: string = newRelease) {
      git.by.push(branch, at, git.text(branch, at).replace(oldRelease, to));
    },
    open: (who = 'octocat') => git.by.open(branch, who),
    async settle(minutes = 2) {
      for (let i = 0; i < minutes; i += 1) {
        await setForeignStatuses(there);
        for (const { id } of await openRollouts(there)) await lookOnce(there, id);
        clock.advance(minute);
      }
      return rollout();
    },
    async ask(request: object, by: SlackUserId) {
      clicks += 1;
      const { id, environments } = (await rollout()) ?? {};
      const environment = environments?.[0]?.policy.name;
      const ask = environments?.[0]?.ask?.number;
      const whole = { rollout: id, environment, ask, by, ...request };
      return carryOut(there, whole as never, `click-${clicks}`);
    },
  };
}

let their: ReturnType<typeof story>;
beforeEach(() => {
  their = story();
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

describe('of several commits, and merged by rebase', () => {
  /** Commits each of which is half of the way: no one of them is what was approved. */
  const inTwo = () => {
    their.move(path, 'al2023@v20261110');
    their.git.by.push(
      branch,
      path,
      their.git.text(branch, path).replace(/al2023@v\d+/, newRelease),
    );
  };
  async function approved() {
    their.open('mallory');
    await their.settle();
    for (const by of [ann, bo]) await their.ask({ kind: 'approve' }, by);
    await their.settle();
    expect(their.status()?.state).toBe('success');
  }
  /** What became of it, once what is set up so far was done. */
  const verified = async () => {
    const { id } = (await their.rollout()) ?? {};
    await their.settle();
    const { commits } = await their.world.journal.refresh(id as RolloutId);
    const types = commits.flatMap(({ events }) => events.map(({ type }) => type));
    return types.filter((type) => type === 'MergeVerified' || type === 'MergeDiffers');
  };

  test('it is what was approved, whatever was merged before it', async () => {
    inTwo();
    await approved();
    their.git.by.push('main', 'docs/other.md', 'hello');
    their.git.by.merge(1, 'mallory', 'rebase');
    expect(await verified()).toEqual(['MergeVerified']);
  });

  test('it is not where one of them came after the look', async () => {
    inTwo();
    await approved();
    their.git.by.push(branch, 'README.md', 'smuggled');
    their.git.by.merge(1, 'mallory', 'rebase');
    expect(await verified()).toEqual(['MergeDiffers']);
  });

  test('a squash that takes back what somebody else had merged is no rebase', async () => {
    const before = their.git.by.headOf('main');
    their.git.by.push('main', 'docs/fix.md', 'fixed');
    their.git.by.forcePush(branch, their.git.by.headOf('main'));
    their.move(path);
    await approved();
    their.git.by.remove(branch, 'docs/fix.md');
    their.git.by.merge(1, 'mallory');
    const { files } = await their.git.host.compare(
      their.git.repository,
      before,
      their.git.by.headOf('main'),
    );
    expect(files.map((one) => one.path)).toEqual([path]);
    expect(await verified()).toEqual(['MergeDiffers']);
  });
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
