import { expect, test } from 'vitest';
import { RepositoryName } from '../../../src/shared/ids.ts';
import { after, branch, devFile, gitops, setUp } from './github-setup.ts';

test('a pull request whose answer was lost is sent once, and found again', async () => {
  const { github, committed, order, asked, repository } = await setUp();
  await committed();
  order({ kind: 'lost-reply', match: 'POST /repos/acme/gitops/pulls' });
  const ask = { repository: gitops, branch, base: 'main', title: 't', body: '' };
  asked();
  await expect(github.openPullRequest(ask)).rejects.toMatchObject({
    name: 'GitHostError',
    status: undefined,
  });
  expect(asked()).toEqual(['POST /repos/acme/gitops/pulls']);
  expect(await github.findPullRequest(gitops, branch)).toMatchObject({ number: 1, ours: true });
  expect(await github.openPullRequest(ask)).toMatchObject({ number: 1 });
  expect(repository.pulls()).toHaveLength(1);
});

test('a commit whose answer was lost is seen as moved, not made twice', async () => {
  const { github, base, order, repository } = await setUp();
  await github.createBranch(gitops, branch, base);
  order({ kind: 'lost-reply', match: 'POST /graphql createCommitOnBranch' });
  const files = [{ path: devFile, content: Buffer.from(after) }];
  const commit = () =>
    github.commit({
      repository: gitops,
      branch,
      expectedHead: base,
      headline: 'h',
      body: '',
      files,
    });
  await expect(commit()).rejects.toMatchObject({ name: 'GitHostError' });
  const head = repository.headOf(branch);
  expect(await commit()).toEqual({ kind: 'moved' });
  expect(repository.headOf(branch)).toBe(head);
  expect(await github.commitChanges(gitops, head ?? '')).toMatchObject({ parent: base });
});

test('a branch whose answer was lost is found standing', async () => {
  const { github, base, order } = await setUp();
  order({ kind: 'lost-reply', match: 'POST /repos/acme/gitops/git/refs' });
  await expect(github.createBranch(gitops, branch, base)).rejects.toMatchObject({
    name: 'GitHostError',
  });
  expect(await github.createBranch(gitops, branch, base)).toBe(true);
});

test('no write is repeated when GitHub fails', async () => {
  const { github, proposed, order, asked } = await setUp();
  const { number, sha } = await proposed();
  const writes: (() => Promise<unknown>)[] = [
    () => github.createBranch(gitops, 'b', sha),
    () => github.resetBranch(gitops, branch, sha),
    () => github.deleteBranch(gitops, 'b'),
    () =>
      github.commit({
        repository: gitops,
        branch,
        expectedHead: sha,
        headline: 'h',
        body: '',
        files: [],
      }),
    () =>
      github.openPullRequest({ repository: gitops, branch, base: 'main', title: 't', body: '' }),
    () => github.updatePullRequest(gitops, number, { body: 'x' }),
    () => github.comment(gitops, number, 'x'),
    () => github.setStatus({ repository: gitops, sha, state: 'success', description: '' }),
  ];
  for (const write of writes) {
    asked();
    order({ kind: 'error-500' });
    await expect(write()).rejects.toMatchObject({ name: 'GitHostError', status: 502 });
    expect(asked()).toHaveLength(1);
  }
  order({ kind: 'error-500', match: '/merge' });
  asked();
  await expect(github.merge({ repository: gitops, number, sha, title: 't' })).rejects.toMatchObject(
    { status: 502 },
  );
  expect(asked().filter((x) => x.startsWith('PUT'))).toHaveLength(1);
});

test('a read is repeated when GitHub fails, up to three times in all', async () => {
  const { github, base, order } = await setUp();
  order({ kind: 'error-500', match: '/git/ref/', times: 1 });
  expect(await github.head(gitops, 'main')).toBe(base);
  order({ kind: 'error-500', match: '/git/ref/', times: 9 });
  await expect(github.head(gitops, 'main')).rejects.toMatchObject({
    name: 'GitHostError',
    status: 502,
  });
});

test('a GitHub that does not answer is given up on in time, for reads and writes alike', async () => {
  const { github, base, order, asked, committed } = await setUp({ host: { timeoutMs: 150 } });
  await committed();
  asked();
  order({ kind: 'hang', match: '/git/ref/' });
  await expect(github.head(gitops, 'main')).rejects.toMatchObject({
    name: 'GitHostError',
    status: undefined,
    message: expect.stringContaining('no answer within 150 ms'),
  });
  expect(asked().filter((request) => request.startsWith('GET'))).toHaveLength(1);
  order({ kind: 'hang', match: '/graphql' });
  await expect(github.read(gitops, ['0'.repeat(40)])).rejects.toMatchObject({
    name: 'GitHostError',
  });
  order({ kind: 'hang', match: 'POST' });
  await expect(github.createBranch(gitops, 'b', base)).rejects.toMatchObject({
    name: 'GitHostError',
  });
  expect(await github.head(gitops, 'main')).toBe(base);
});

test('a secondary limit is told with the time it ends, and not waited for', async () => {
  const { github, base, order, clock, asked } = await setUp();
  await github.head(gitops, 'main');
  asked();
  order({ kind: 'rate-limited', match: 'POST' });
  await expect(github.createBranch(gitops, branch, base)).rejects.toMatchObject({
    status: 403,
    retryAt: clock.now() + 60_000,
  });
  order({ kind: 'rate-limited', match: '/git/trees' });
  await expect(github.files(gitops, base)).rejects.toMatchObject({
    status: 429,
    retryAt: clock.now() + 60_000,
  });
  order({ kind: 'rate-limited', match: '/graphql' });
  await expect(github.read(gitops, ['0'.repeat(40)])).rejects.toMatchObject({
    retryAt: clock.now() + 60_000,
  });
  expect(asked()).toHaveLength(3);
});

test('a revoked token is exchanged once, and the call goes through', async () => {
  const { github, base, standIn, clock } = await setUp();
  await github.head(gitops, 'main');
  standIn.revokeTokens();
  clock.advance(1000);
  expect(await github.createBranch(gitops, branch, base)).toBe(true);
}, 30_000);

test('release notes of a public repository are read without being installed there', async () => {
  const { github, standIn, asked } = await setUp();
  const eksAmi = RepositoryName.parse('awslabs/amazon-eks-ami');
  const publishedAt = Date.parse('2026-07-15T18:30:12Z');
  standIn.seedRepository({ name: eksAmi, installed: false }).seedReleases([
    { tag: 'v20260714', name: 'AMI Release v20260714', body: '## What’s Changed', publishedAt },
    { tag: 'v20260715', draft: true },
  ]);
  const july = {
    tag: 'v20260714',
    title: 'AMI Release v20260714',
    body: '## What’s Changed',
    publishedAt,
    url: 'https://github.com/awslabs/amazon-eks-ami/releases/tag/v20260714',
  };
  expect(await github.notes(eksAmi, 'v20260714')).toEqual(july);
  expect(await github.notes(eksAmi, 'v20260715')).toBeUndefined();
  expect(await github.releases(eksAmi, 1)).toEqual({ notes: [july], last: true });
  expect(await github.releases(eksAmi, 1)).toEqual({ notes: [july], last: true });
  expect(asked()).toEqual([
    'GET /app/installations',
    expect.stringMatching(/^POST \/app\/installations\/\d+\/access_tokens$/),
    'GET /repos/awslabs/amazon-eks-ami/releases/tags/v20260714',
    'GET /repos/awslabs/amazon-eks-ami/releases/tags/v20260715',
    'GET /repos/awslabs/amazon-eks-ami/releases',
    'GET /repos/awslabs/amazon-eks-ami/releases',
  ]);
});

test('writes are spaced as asked', async () => {
  const { github, base } = await setUp({ host: { writeSpacingMs: 60 } });
  await github.head(gitops, 'main');
  const start = performance.now();
  await Promise.all(['a', 'b', 'c'].map((name) => github.createBranch(gitops, name, base)));
  expect(performance.now() - start).toBeGreaterThanOrEqual(115);
});
