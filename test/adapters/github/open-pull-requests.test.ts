import { expect, test } from 'vitest';
import { branch, gitops, setUp } from './github-setup.ts';

/** A branch of somebody's own, with a commit on it. */
function proposedBy(
  repository: Awaited<ReturnType<typeof setUp>>['repository'],
  user: string,
  name: string,
): void {
  repository.createBranch(user, name, repository.headOf('main') ?? '');
  repository.push(user, name, 'README.md', `Hello from ${name}\n`);
}

test('lists the open pull requests that go to a branch, ours and others', async () => {
  const { github, proposed, repository } = await setUp();
  const { pull } = await proposed();
  proposedBy(repository, 'ann-lee', 'people/ann');
  const theirs = repository.openPull('ann-lee', 'people/ann', 'Hello');
  proposedBy(repository, 'bo-chen', 'people/bo');
  repository.close('bo-chen', repository.openPull('bo-chen', 'people/bo', 'Bye'));
  const listed = await github.openPullRequests(gitops, 'main');
  expect(listed.map(({ number, ours }) => ({ number, ours }))).toEqual([
    { number: theirs, ours: false },
    { number: pull.number, ours: true },
  ]);
  expect(listed[1]).toEqual(pull);
  expect(await github.openPullRequests(gitops, branch)).toEqual([]);
});

test('reads page after page', async () => {
  const { github, repository, asked } = await setUp();
  for (let n = 0; n < 101; n += 1) {
    proposedBy(repository, 'ann-lee', `people/${n}`);
    repository.openPull('ann-lee', `people/${n}`, 'Hello');
  }
  asked();
  expect(await github.openPullRequests(gitops, 'main')).toHaveLength(101);
  expect(asked().filter((one) => one.includes('/pulls'))).toHaveLength(2);
});

test('tells how many reviews a branch asks for, none without a rule and none of a branch that is not there', async () => {
  const { github, repository } = await setUp();
  const none = { count: 0, by: [], notChecked: [] };
  expect(await github.requiredReviews(gitops, 'main')).toEqual(none);
  repository.protect({ requiredReviews: 2 });
  const two = { count: 2, by: ['branch protection'], notChecked: [] };
  expect(await github.requiredReviews(gitops, 'main')).toEqual(two);
  expect(await github.requiredReviews(gitops, 'nowhere')).toEqual(none);
});

test('rulesets count too, and what GitHub does not tell is not taken for none', async () => {
  const { github, repository } = await setUp();
  repository.protect({ requiredReviews: 1, rulesetReviews: 2 });
  expect(await github.requiredReviews(gitops, 'main')).toEqual({
    count: 2,
    by: ['branch protection', 'a ruleset'],
    notChecked: [],
  });
  repository.protect({ requiredReviews: 0, withoutRulesets: true });
  expect(await github.requiredReviews(gitops, 'main')).toMatchObject({
    count: 0,
    notChecked: [{ what: 'rulesets', why: expect.stringContaining('Upgrade to GitHub Pro') }],
  });
});
