import { expect, test } from 'vitest';
import { after, branch, devFile, gitops, setUp } from './github-setup.ts';

test('creates a branch once; at its place already is fine, elsewhere is told', async () => {
  const { github, repository, base } = await setUp();
  expect(await github.createBranch(gitops, branch, base)).toBe(true);
  expect(await github.createBranch(gitops, branch, base)).toBe(true);
  repository.push('ann-lee', branch, devFile, after);
  expect(await github.createBranch(gitops, branch, base)).toBe(false);
});

test('a branch on a commit nobody has is an error', async () => {
  const { github } = await setUp();
  await expect(github.createBranch(gitops, branch, '1'.repeat(40))).rejects.toMatchObject({
    name: 'GitHostError',
    status: 422,
  });
});

test('resets a branch, losing what is on it, and deletes it once or twice', async () => {
  const { github, repository, base, committed } = await setUp();
  await committed();
  await github.resetBranch(gitops, branch, base);
  expect(repository.headOf(branch)).toBe(base);
  await github.deleteBranch(gitops, branch);
  await github.deleteBranch(gitops, branch);
  expect(repository.headOf(branch)).toBeUndefined();
});

test('commits on the expected head only', async () => {
  const { github, repository, base } = await setUp();
  await github.createBranch(gitops, branch, base);
  const foreign = repository.push('ann-lee', branch, 'README.md', 'Mine\n');
  const done = await github.commit({
    repository: gitops,
    branch,
    expectedHead: base,
    headline: 'Move node images',
    body: '',
    files: [{ path: devFile, content: Buffer.from(after) }],
  });
  expect(done).toEqual({ kind: 'moved' });
  expect(repository.headOf(branch)).toBe(foreign);
});

test('commits exact bytes, binary ones too, and leaves every other file and mode as it was', async () => {
  const { github, repository, base } = await setUp({
    seed: { files: { [devFile]: 'old\n', 'run.sh': '#!/bin/sh\n' }, modes: { 'run.sh': '100755' } },
  });
  await github.createBranch(gitops, branch, base);
  const content = Buffer.from([0, 255, 13, 10]);
  const done = await github.commit({
    repository: gitops,
    branch,
    expectedHead: base,
    headline: 'Move node images',
    body: 'Rollout ro_0123456789',
    files: [{ path: devFile, content }],
  });
  expect(done).toEqual({ kind: 'committed', sha: repository.headOf(branch) });
  const files = await github.files(gitops, repository.headOf(branch) ?? '');
  const read = await github.read(
    gitops,
    files.map(({ blob }) => blob),
  );
  const file = files.find(({ path }) => path === devFile);
  expect(Buffer.from(read.get(file?.blob ?? '') ?? []).equals(content)).toBe(true);
  expect(files.find(({ path }) => path === 'run.sh')?.mode).toBe('100755');
});

test('an executable file loses its mode, as GitHub writes it: callers refuse it before', async () => {
  const { github, base } = await setUp({
    seed: { files: { 'run.sh': 'a\n' }, modes: { 'run.sh': '100755' } },
  });
  await github.createBranch(gitops, branch, base);
  const done = await github.commit({
    repository: gitops,
    branch,
    expectedHead: base,
    headline: 'h',
    body: '',
    files: [{ path: 'run.sh', content: Buffer.from('b\n') }],
  });
  const head = done.kind === 'committed' ? done.sha : '';
  expect((await github.files(gitops, head))[0]?.mode).toBe('100644');
});

test('more than 20 MB is refused before anything is sent', async () => {
  const { github, base, asked } = await setUp();
  const files = [{ path: devFile, content: new Uint8Array(20 * 1024 * 1024 + 1) }];
  const commit = github.commit({
    repository: gitops,
    branch,
    expectedHead: base,
    headline: 'h',
    body: '',
    files,
  });
  await expect(commit).rejects.toThrow(/20 MB/);
  expect(asked()).toEqual([]);
});

test('a commit on the protected branch is refused', async () => {
  const { github, base } = await setUp({ seed: { protection: { requiredReviews: 1 } } });
  const commit = github.commit({
    repository: gitops,
    branch: 'main',
    expectedHead: base,
    headline: 'h',
    body: '',
    files: [{ path: devFile, content: Buffer.from(after) }],
  });
  await expect(commit).rejects.toThrow(/through a pull request/);
});

test('the approval status is set, and a long description is cut where GitHub cuts', async () => {
  const { github, proposed, repository } = await setUp();
  const { sha } = await proposed();
  await github.setStatus({
    repository: gitops,
    sha,
    state: 'pending',
    description: 'x'.repeat(300),
  });
  await github.setStatus({ repository: gitops, sha, state: 'success', description: 'Approved' });
  expect(repository.pulls()[0]?.statuses).toEqual([
    { name: 'amiable/approval', state: 'success', description: 'Approved' },
  ]);
});
