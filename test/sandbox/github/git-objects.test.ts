import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mergeBaseOf } from '../../../src/sandbox/github/git/commit-graph.ts';
import { filesOfCommit, mergeFiles, writeTree } from '../../../src/sandbox/github/git/file-tree.ts';
import { createObjectStore } from '../../../src/sandbox/github/git/object-store.ts';
import { unifiedDiff } from '../../../src/sandbox/github/git/unified-diff.ts';

const who = { name: 'ann-lee', email: 'ann@example.com', at: 1_784_140_200_000 };

test('objects have the ids Git gives them', () => {
  const objects = createObjectStore();
  const hello = objects.putBlob(Buffer.from('hello world\n'));
  expect(hello).toBe('3b18e512dba79e4c8300dd08aeb37f8e728b8dad');
  expect(objects.putTree([])).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
});

const hasGit = spawnSync('git', ['--version']).status === 0;

test.skipIf(!hasGit)('Git itself reads what is stored, and finds nothing wrong with it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'objects-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', folder, ...args], { encoding: 'utf8', stdio: 'pipe' });
  try {
    execFileSync('git', ['init', '--quiet', '--bare', folder]);
    const objects = createObjectStore(join(folder, 'objects'));
    // `a.b` sorts before `a/`, and `a0` after it: the order that goes wrong when folders are compared by name alone.
    const paths = ['a/z.yaml', 'a.b', 'a0', 'é/ü.yaml'];
    const files = new Map(
      paths.map((path) => [path, { mode: '100644', blob: objects.putBlob(Buffer.from(path)) }]),
    );
    const first = objects.putCommit({
      tree: writeTree(objects, files),
      parents: [],
      author: who,
      committer: who,
      message: 'First',
    });
    const second = objects.putCommit({
      tree: writeTree(objects, new Map([...files].slice(1))),
      parents: [first],
      author: who,
      committer: who,
      message: 'Second\n\nWith a body',
    });
    git('update-ref', 'refs/heads/main', second);
    expect(git('fsck', '--strict', '--full')).not.toMatch(/error|missing/);
    expect(git('log', '--format=%s %an %ct', 'main')).toBe(
      'Second ann-lee 1784140200\nFirst ann-lee 1784140200\n',
    );
    expect(git('-c', 'core.quotePath=false', 'diff', '--name-only', first, second)).toBe(
      'a/z.yaml\n',
    );
    const again = createObjectStore(join(folder, 'objects'));
    expect([...filesOfCommit(again, first).keys()].sort()).toEqual([...paths].sort());
    expect(again.commit(second)).toEqual(objects.commit(second));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const tree = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, blob]) => [path, { mode: '100644', blob }]));

test.each([
  {
    what: 'different files',
    ours: { a: '2', b: '1' },
    theirs: { a: '1', b: '2' },
    merged: { a: '2', b: '2' },
  },
  {
    what: 'the same file alike',
    ours: { a: '2', b: '1' },
    theirs: { a: '2', b: '1' },
    merged: { a: '2', b: '1' },
  },
  {
    what: 'a file one side removed',
    ours: { a: '1', b: '1' },
    theirs: { a: '1' },
    merged: { a: '1' },
  },
  {
    what: 'a file one side added',
    ours: { a: '1', b: '1' },
    theirs: { a: '1', b: '1', c: '1' },
    merged: { a: '1', b: '1', c: '1' },
  },
  {
    what: 'the same file differently',
    ours: { a: '2', b: '1' },
    theirs: { a: '3', b: '1' },
    merged: undefined,
  },
  {
    what: 'a file one side removed and the other changed',
    ours: { a: '1', b: '2' },
    theirs: { a: '1' },
    merged: undefined,
  },
])('merging changes to $what', ({ ours, theirs, merged }) => {
  const result = mergeFiles(tree({ a: '1', b: '1' }), tree(ours), tree(theirs));
  expect(result).toEqual(merged && tree(merged));
});

test('the merge base after a merge back is the merged commit, not the first fork', () => {
  const objects = createObjectStore();
  const commit = (message: string, ...parents: string[]) =>
    objects.putCommit({ tree: objects.putTree([]), parents, author: who, committer: who, message });
  const root = commit('root');
  const topic = commit('topic', root);
  const merged = commit('merged', commit('main', root), topic);
  expect(mergeBaseOf(objects, merged, commit('more topic', topic))).toBe(topic);
  expect(mergeBaseOf(objects, root, topic)).toBe(root);
  expect(mergeBaseOf(objects, root, commit('another root'))).toBeUndefined();
});

test('a diff shows what changed with three lines around it', () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}\n`);
  const changed = lines.with(9, 'line ten\n');
  expect(unifiedDiff(lines.join(''), changed.join(''))).toBe(
    '@@ -7,7 +7,7 @@\n line 7\n line 8\n line 9\n-line 10\n+line ten\n line 11\n line 12\n line 13',
  );
  expect(unifiedDiff(lines.join(''), lines.join(''))).toBe('');
  expect(unifiedDiff('', 'a\n')).toBe('@@ -0,0 +1 @@\n+a');
  expect(unifiedDiff('a', 'a\n')).toBe('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a');
  expect(
    unifiedDiff(lines.join(''), lines.with(0, 'x\n').with(19, 'y\n').join('')).match(/@@ /g),
  ).toHaveLength(2);
});
