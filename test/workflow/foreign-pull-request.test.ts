import { beforeEach, expect, test } from 'vitest';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { memoryGitHost } from '../fakes/memory-git-host.ts';
import { fleetFiles, newRelease, worldAround } from '../fakes/memory-world.ts';
import { noon } from '../rollout/story.ts';
import { lookOnce, standing } from './drive.ts';
import { fleetStory, storyOf } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
let branch: string;
beforeEach(async () => {
  fleet = await fleetStory();
  branch = `amiable/${fleet.id}/staging-wave-1`;
});

/** Somebody opens a pull request of their own from the branch that will be ours: its name is no secret. */
async function squat(): Promise<number> {
  const { host, repository, by } = fleet.git;
  await host.createBranch(repository, branch, by.headOf('main'));
  by.push(branch, 'backdoor.yaml', 'a: 1');
  return by.open(branch, 'mallory') ?? 0;
}

test('a pull request of somebody else on our branch is never adopted, and what to do is said', async () => {
  await squat();
  await fleet.approved();
  expect(standing(await fleet.settle())[0]).toBe('staging approved [waiting]');
  expect(fleet.git.pulls).toMatchObject([{ ours: false, state: 'open', merged: false }]);
  expect(fleet.troubles()[0]).toContain(`#1 on ${branch} is not as Amiable makes it; close it`);
});

test('once it is closed and its branch deleted, the rollout goes on', async () => {
  fleet.git.by.close(await squat(), 'mallory');
  await fleet.approved();
  expect(standing(await fleet.settle())[0]).toBe('staging approved [waiting]');
  expect(fleet.troubles()[0]).toContain(`${branch} holds something else; delete it`);
  await fleet.git.host.deleteBranch(fleet.git.repository, branch);
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [syncing]');
  expect(fleet.git.pulls).toMatchObject([{ merged: false }, { ours: true, merged: true }]);
  expect(fleet.troubles()).toEqual([]);
});

test.each(['commit-change', 'open-pull-request'])(
  'the process dies after %s, and the base moves in the same file before it looks again: it takes up its own',
  async (effect) => {
    const path = demoPath('staging', 'stg');
    const clock = manualClock(noon);
    let dies = true;
    const mine = await storyOf(
      worldAround(clock, memoryGitHost(clock, fleetFiles()), {
        observe(point, name) {
          if (point !== 'after' || name !== effect || !dies) return;
          dies = false;
          throw new Error('killed');
        },
      }),
    );
    await mine.approved();
    await lookOnce(mine.world, mine.id).catch(() => undefined);
    expect(dies).toBe(false);
    const text = mine.git.text('main', path);
    mine.git.by.push('main', path, text.replace('consolidateAfter: 1h', 'consolidateAfter: 2h'));
    expect(standing(await mine.settle())[0]).toBe('staging rolling [syncing]');
    expect(mine.troubles()).toEqual([]);
    expect(mine.git.pulls).toMatchObject([{ merged: true }]);
    expect(mine.git.text('main', path)).toContain('consolidateAfter: 2h');
    expect(mine.git.text('main', path)).toContain(newRelease);
  },
);
