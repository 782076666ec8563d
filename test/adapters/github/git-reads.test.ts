import { expect, test } from 'vitest';
import { RepositoryName } from '../../../src/shared/ids.ts';
import { after, before, branch, devFile, gitops, setUp } from './github-setup.ts';

test('reads a branch head', async () => {
  const { github, base } = await setUp();
  expect(await github.head(gitops, 'main')).toBe(base);
});

test('an unchanged head costs one conditional request, which GitHub does not count', async () => {
  const { github, base, asked, standIn } = await setUp();
  await github.head(gitops, 'main');
  asked();
  expect(await github.head(gitops, 'main')).toBe(base);
  expect(asked()).toEqual(['GET /repos/acme/gitops/git/ref/heads%2Fmain']);
  expect(standIn.requests().at(-1)?.status).toBe(304);
});

test('a moved head is seen, and a deleted one is gone', async () => {
  const { github, repository, base } = await setUp();
  repository.createBranch('ann-lee', 'topic/a', base);
  expect(await github.head(gitops, 'topic/a')).toBe(base);
  const next = repository.push('ann-lee', 'topic/a', devFile, after);
  expect(await github.head(gitops, 'topic/a')).toBe(next);
  repository.deleteBranch('ann-lee', 'topic/a');
  expect(await github.head(gitops, 'topic/a')).toBeUndefined();
});

test('a repository our App is not installed on is an error, not a missing branch', async () => {
  const { github } = await setUp();
  await expect(github.head(RepositoryName.parse('acme/other'), 'main')).rejects.toMatchObject({
    name: 'GitHostError',
    status: 404,
    message: expect.stringContaining('not installed'),
  });
});

test('lists files of a commit with their modes, once', async () => {
  const { github, base, asked } = await setUp({
    seed: {
      files: { 'a/run.sh': '#!/bin/sh\n', 'b.yaml': 'x\n' },
      modes: { 'a/run.sh': '100755' },
    },
  });
  const files = await github.files(gitops, base);
  expect(files.map(({ path, mode, size }) => ({ path, mode, size }))).toEqual([
    { path: 'a/run.sh', mode: '100755', size: 10 },
    { path: 'b.yaml', mode: '100644', size: 2 },
  ]);
  asked();
  await github.files(gitops, base);
  expect(asked()).toEqual([]);
});

test('a list that GitHub cuts is walked folder by folder', async () => {
  const paths = Array.from({ length: 40 }, (_, i) => `clusters/c${i % 5}/f${i}.yaml`);
  const { github, base } = await setUp({
    seed: { files: Object.fromEntries(['top.yaml', ...paths].map((path) => [path, path])) },
    standIn: { treeLimit: 20 },
  });
  const files = await github.files(gitops, base);
  expect(files.map(({ path }) => path).sort()).toEqual(['top.yaml', ...paths].sort());
});

test('a folder with more files than GitHub lists is an error, never a shorter list', async () => {
  const paths = Array.from({ length: 40 }, (_, i) => `f${i}.yaml`);
  const { github, base } = await setUp({
    seed: { files: Object.fromEntries(paths.map((path) => [path, path])) },
    standIn: { treeLimit: 20 },
  });
  await expect(github.files(gitops, base)).rejects.toThrow(/more files than GitHub lists/);
});

test('reads contents by blob, and each blob once', async () => {
  const { github, base, asked } = await setUp();
  const blob = (await github.files(gitops, base)).find(({ path }) => path === devFile)?.blob ?? '';
  expect(String(Buffer.from((await github.read(gitops, [blob, blob])).get(blob) ?? []))).toBe(
    before,
  );
  asked();
  expect((await github.read(gitops, [blob])).size).toBe(1);
  expect(asked()).toEqual([]);
});

test('bytes that are no UTF-8, binary files and long ones come back whole; over 1 MB is left out', async () => {
  const contents = {
    'latin1.txt': Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]),
    'binary.bin': Buffer.from([0, 1, 2, 255]),
    'bom.yaml': Buffer.from('\uFEFFa: 1\r\n'),
    'long.yaml': Buffer.alloc(700_000, 'x: 1\n'),
    'empty.yaml': Buffer.alloc(0),
    'huge.yaml': Buffer.alloc(1_200_000, 'x'),
  };
  const { github, base } = await setUp({ seed: { files: contents } });
  const files = await github.files(gitops, base);
  const read = await github.read(
    gitops,
    files.map(({ blob }) => blob),
  );
  for (const { path, blob } of files) {
    const content = read.get(blob);
    if (path === 'huge.yaml') expect(content).toBeUndefined();
    else
      expect(Buffer.from(content ?? []).equals(contents[path as keyof typeof contents])).toBe(true);
  }
});

test('a blob of unknown size over 1 MB is left out too', async () => {
  const { github, base, options } = await setUp({
    seed: { files: { 'huge.yaml': Buffer.alloc(1_200_000, 'x') } },
  });
  const [file] = await github.files(gitops, base);
  const { createGitHost } = await import('../../../src/adapters/github/create-git-host.ts');
  expect((await createGitHost(options).read(gitops, [file?.blob ?? ''])).size).toBe(0);
});

test('a blob nobody has is an error', async () => {
  const { github } = await setUp();
  await expect(github.read(gitops, ['0'.repeat(40)])).rejects.toMatchObject({ status: 404 });
});

test('fewer objects a query than expected are found out once', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => [`clusters/c${i}/nodeclass.yaml`, `name: c${i}\n`]),
  );
  const { github, base, asked } = await setUp({ seed: { files }, standIn: { objectLimit: 110 } });
  const blobs = (await github.files(gitops, base)).map(({ blob }) => blob);
  asked();
  expect((await github.read(gitops, blobs.slice(0, 300))).size).toBe(300);
  // 300, 150 and 75, 75; again 150 and 75, 75.
  expect(asked()).toHaveLength(7);
  expect((await github.read(gitops, blobs.slice(300))).size).toBe(100);
  expect(asked()).toHaveLength(2);
});

test('first sight of a repository of 1,000 files takes at most 12 calls', async () => {
  const paths = Array.from({ length: 1000 }, (_, i) => `clusters/c${i}/nodeclass.yaml`);
  const { github, asked } = await setUp({
    seed: {
      files: Object.fromEntries(paths.map((path) => [path, `alias: al2023@v20260601 # ${path}\n`])),
    },
  });
  const head = (await github.head(gitops, 'main')) ?? '';
  const files = await github.files(gitops, head);
  expect(
    (
      await github.read(
        gitops,
        files.map(({ blob }) => blob),
      )
    ).size,
  ).toBe(1000);
  expect(asked().length).toBeLessThanOrEqual(12);
});

test('comparing tells merge base, status and every changed file with its mode', async () => {
  const { github, repository, base } = await setUp({
    seed: {
      files: { [devFile]: before, 'run.sh': 'x\n', 'old.yaml': 'o\n' },
      modes: { 'run.sh': '100755' },
    },
  });
  repository.createBranch('ann-lee', branch, base);
  repository.push('ann-lee', branch, devFile, after);
  const head = repository.push('ann-lee', branch, 'run.sh', 'x\n'); // only the mode changes
  const moved = repository.push('bo-chen', 'main', 'unrelated.yaml', 'u\n');
  const compared = await github.compare(gitops, moved, head);
  expect(compared).toMatchObject({ mergeBase: base, status: 'diverged' });
  expect(compared.files.map(({ path, status, mode }) => ({ path, status, mode }))).toEqual([
    { path: devFile, status: 'modified', mode: '100644' },
    { path: 'run.sh', status: 'modified', mode: '100644' },
  ]);
  expect(await github.compare(gitops, base, base)).toMatchObject({
    status: 'identical',
    files: [],
  });
  expect((await github.compare(gitops, head, base)).status).toBe('behind');
});

test('comparing is not cut at 300 files', async () => {
  const { github, repository, base } = await setUp();
  const { standIn } = { standIn: repository };
  repository.createBranch('ann-lee', branch, base);
  let head = base;
  for (let i = 0; i < 310; i += 1) head = standIn.push('ann-lee', branch, `f/${i}.yaml`, `${i}\n`);
  const { files, status } = await github.compare(gitops, base, head);
  expect({ n: files.length, status }).toEqual({ n: 310, status: 'ahead' });
});

test('a commit is told against its first parent', async () => {
  const { github, committed, base, repository } = await setUp();
  const sha = await committed();
  const blob = (await github.files(gitops, sha)).find(({ path }) => path === devFile)?.blob;
  expect(await github.commitChanges(gitops, sha)).toEqual({
    parent: base,
    files: [{ path: devFile, status: 'modified', mode: '100644', blob }],
  });
  await expect(github.commitChanges(gitops, base)).rejects.toThrow(/no parent/);
  expect(repository.filesAt(sha).get(devFile)).toBe(after);
});
