import { beforeEach, expect, test } from 'vitest';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { setForeignStatuses } from '../../src/workflow/foreign-statuses.ts';
import { oldRelease } from '../fakes/memory-world.ts';
import { ann } from '../rollout/story.ts';
import { fleetStory } from './fleet-story.ts';

const path = demoPath('staging', 'stg');
let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  fleet = await fleetStory();
});

/** Somebody's pull request with one change, and the status it has after a look. */
async function statusOf(change: (branch: string) => void): Promise<string | undefined> {
  const { git, world } = fleet;
  const branch = `people/${git.pulls.length}`;
  git.by.forcePush(branch, git.by.headOf('main'));
  change(branch);
  git.by.open(branch, 'octocat');
  await setForeignStatuses(world);
  return git.statuses.get(git.by.headOf(branch));
}
const edit = (from: string | RegExp, to: string) => (branch: string) =>
  fleet.git.by.push(branch, path, fleet.git.text(branch, path).replace(from, to));

test.each([
  [
    'a file that is not watched',
    (b: string) => fleet.git.by.push(b, 'README.md', 'hello'),
    'success',
  ],
  ['a line beside the pin', edit('expireAfter: 720h', 'expireAfter: 360h'), 'success'],
  ['a comment of the pin', edit('# moved by Amiable', '# moved by hand'), 'success'],
  ['the pin', edit(oldRelease, 'al2023@v20261103'), 'pending'],
  ['the whole file away', (b: string) => fleet.git.by.remove(b, path), 'pending'],
  ['the class the pin belongs to', edit('name: default', 'name: other'), 'pending'],
])('somebody who changes %s gets %s', async (_, change, state) => {
  expect(await statusOf(change)).toBe(state);
});

test('each head is looked at once, a new one again', async () => {
  const { git, world } = fleet;
  await statusOf((branch) => git.by.push(branch, 'README.md', 'hello'));
  expect(await setForeignStatuses(world)).toBe(0);
  git.by.push('people/0', 'README.md', 'hello again');
  expect(await setForeignStatuses(world)).toBe(1);
});

test('our own pull requests keep the status of their rollout, also when somebody opens another on the same commit', async () => {
  const { git, world } = fleet;
  await fleet.ask({ kind: 'freeze', by: ann, reason: 'incident' });
  await fleet.approved();
  await fleet.settle(1);
  const ours = git.pulls[0];
  if (ours === undefined) throw new Error('there is no pull request');
  git.by.forcePush('copy', ours.headSha);
  git.by.open('copy', 'mallory');
  expect(await setForeignStatuses(world)).toBe(0);
  expect(git.statuses.get(ours.headSha)).toBe('pending');
});

test('what goes to another branch is nobody’s business here', async () => {
  const { git, world } = fleet;
  git.by.forcePush('theirs', git.by.headOf('main'));
  git.by.push('theirs', path, 'x');
  git.by.forcePush('other', git.by.headOf('main'));
  git.by.open('theirs', 'octocat', 'other');
  expect(await setForeignStatuses(world)).toBe(0);
});
