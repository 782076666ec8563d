import { beforeEach, expect, test } from 'vitest';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

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
