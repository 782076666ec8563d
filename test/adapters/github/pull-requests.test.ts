import { expect, test } from 'vitest';
import { createGitHost } from '../../../src/adapters/github/create-git-host.ts';
import { after, branch, devFile, gitops, setUp } from './github-setup.ts';

test('opens a pull request that is ours, and finds it by its branch', async () => {
  const { github, proposed } = await setUp();
  const { pull, sha } = await proposed();
  expect(pull).toMatchObject({
    number: 1,
    state: 'open',
    merged: false,
    headSha: sha,
    headBranch: branch,
    headRepository: gitops,
    baseBranch: 'main',
    ours: true,
    draft: false,
    url: 'https://github.com/acme/gitops/pull/1',
  });
  expect(pull.mergeSha).toBeUndefined();
  expect(await github.findPullRequest(gitops, branch)).toEqual(pull);
  expect(await github.findPullRequest(gitops, 'nobody')).toBeUndefined();
});

test('a pull request of somebody else is not ours, a person’s or another app’s', async () => {
  const { github, committed, repository, options } = await setUp();
  await committed();
  const number = repository.openPull('ann-lee', branch, 'Mine');
  expect((await github.findPullRequest(gitops, branch))?.ours).toBe(false);
  const misnamed = createGitHost({ ...options, botLogin: 'ann-lee' }); // a person is never our bot
  expect((await misnamed.findPullRequest(gitops, branch))?.ours).toBe(false);
  repository.close('ann-lee', number);
  repository.openPull('another-app[bot]', branch, 'Mine');
  expect((await github.findPullRequest(gitops, branch))?.ours).toBe(false);
});

test('opening it again gives the one that is open', async () => {
  const { github, proposed } = await setUp();
  const { pull } = await proposed();
  const again = { repository: gitops, branch, base: 'main', title: 't', body: 'b' };
  expect(await github.openPullRequest(again)).toEqual(pull);
});

test('a pull request without commits is refused in GitHub’s words', async () => {
  const { github, base } = await setUp();
  await github.createBranch(gitops, branch, base);
  const open = github.openPullRequest({
    repository: gitops,
    branch,
    base: 'main',
    title: 't',
    body: '',
  });
  await expect(open).rejects.toThrow(/No commits between main and/);
});

test('tells who closed and who merged it', async () => {
  const { github, proposed, repository } = await setUp();
  const { number } = await proposed();
  repository.close('ann-lee', number);
  expect(await github.pullRequest(gitops, number)).toMatchObject({
    state: 'closed',
    closedBy: 'ann-lee',
  });
  repository.reopen('ann-lee', number);
  const mergeSha = repository.merge('bo-chen', number);
  expect(await github.findPullRequest(gitops, branch)).toMatchObject({
    merged: true,
    mergedBy: 'bo-chen',
    mergeSha,
  });
});

test('tells that we closed it ourselves, as after a crash', async () => {
  const { github, proposed } = await setUp();
  const { number } = await proposed();
  await github.updatePullRequest(gitops, number, { state: 'closed' });
  expect(await github.pullRequest(gitops, number)).toMatchObject({
    state: 'closed',
    closedBy: 'amiable',
  });
});

test('of several pull requests of a branch the open one is found, else the newest', async () => {
  const { github, proposed, repository } = await setUp();
  const { number } = await proposed();
  repository.close('ann-lee', number);
  const second = await github.openPullRequest({
    repository: gitops,
    branch,
    base: 'main',
    title: 't',
    body: '',
  });
  expect(second.number).toBe(2);
  repository.close('ann-lee', 2);
  repository.reopen('ann-lee', 1);
  expect((await github.findPullRequest(gitops, branch))?.number).toBe(1);
  repository.close('ann-lee', 1);
  expect((await github.findPullRequest(gitops, branch))?.number).toBe(2);
});

test('changes its body, closes it and comments on it', async () => {
  const { github, proposed, repository } = await setUp();
  const { number } = await proposed();
  await github.comment(gitops, number, 'Replaced by #2');
  await github.updatePullRequest(gitops, number, { body: 'New', state: 'closed' });
  expect(repository.pulls()[0]).toMatchObject({
    state: 'closed',
    body: 'New',
    comments: [{ by: 'amiable[bot]', body: 'Replaced by #2' }],
  });
});

test('from the last approval to a pull request with its status takes at most seven calls', async () => {
  const { github, asked, repository } = await setUp();
  await github.head(gitops, 'main'); // contents known: the poll has seen this repository
  asked();
  const base = (await github.head(gitops, 'main')) ?? '';
  await github.createBranch(gitops, branch, base);
  const files = [{ path: devFile, content: Buffer.from(after) }];
  await github.commit({
    repository: gitops,
    branch,
    expectedHead: base,
    headline: 'h',
    body: '',
    files,
  });
  await github.findPullRequest(gitops, branch);
  const pull = await github.openPullRequest({
    repository: gitops,
    branch,
    base: 'main',
    title: 't',
    body: '',
  });
  await github.setStatus({
    repository: gitops,
    sha: pull.headSha,
    state: 'pending',
    description: 'd',
  });
  expect(repository.pulls()[0]?.statuses).toHaveLength(1);
  expect(asked().length).toBeLessThanOrEqual(7);
});

test('moving its branch back to the base closes it; a commit put there by way of another branch does not', async () => {
  const { github, proposed, repository } = await setUp();
  const { number } = await proposed();
  const moved = repository.push('bo-chen', 'main', 'unrelated.yaml', 'u\n');
  const aside = `${branch}-next`;
  await github.createBranch(gitops, aside, moved);
  const files = [{ path: devFile, content: Buffer.from(after) }];
  const next = await github.commit({
    repository: gitops,
    branch: aside,
    expectedHead: moved,
    headline: 'h',
    body: '',
    files,
  });
  await github.resetBranch(gitops, branch, next.kind === 'committed' ? next.sha : '');
  await github.deleteBranch(gitops, aside);
  expect(await github.pullRequest(gitops, number)).toMatchObject({
    state: 'open',
    headSha: repository.headOf(branch),
  });

  await github.resetBranch(gitops, branch, moved);
  expect((await github.pullRequest(gitops, number)).state).toBe('closed');
});
