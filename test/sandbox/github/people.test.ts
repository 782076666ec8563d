import { expect, test } from 'vitest';
import { start } from './ask.ts';

async function opened(seed: Parameters<typeof start>[0] = {}) {
  const started = await start(seed);
  const { repository, base, asBot } = started;
  repository.createBranch('ann-lee', 'topic', base);
  const head = repository.push('ann-lee', 'topic', 'a.yaml', 'a: 2\n');
  await asBot('POST', '/repos/acme/gitops/pulls', {
    title: 'Move',
    body: 'b',
    head: 'topic',
    base: 'main',
  });
  return { ...started, head };
}

test('a person merges by hand, and the branch moves', async () => {
  const { repository, standIn, base } = await opened();
  const moves: unknown[] = [];
  standIn.onPush((notice) => moves.push(notice));
  const sha = repository.merge('bo-chen', 1);
  expect(moves).toEqual([
    { repository: 'acme/gitops', branch: 'main', before: base, after: sha, by: 'bo-chen' },
  ]);
  expect(standIn.headOf('acme/gitops', 'main')).toBe(sha);
  expect(standIn.filesAt('acme/gitops', sha).get('a.yaml')).toBe('a: 2\n');
  expect(standIn.pulls()).toMatchObject([
    {
      number: 1,
      state: 'closed',
      merged: true,
      mergedBy: 'bo-chen',
      mergeSha: sha,
      base: 'main',
      head: { branch: 'topic' },
    },
  ]);
});

test('a person meets the rules too, unless they are an administrator', async () => {
  const { repository } = await opened({
    seed: { protection: { requiredChecks: ['amiable/approval'] } },
  });
  expect(() => repository.merge('bo-chen', 1)).toThrow(
    'Required status check "amiable/approval" is expected.',
  );
  expect(repository.merge('bo-chen', 1, { bypass: true })).toBe(repository.headOf('main'));
});

test('the page sees each file’s diff and how the checks stand', async () => {
  const { repository, clock } = await opened({
    seed: { checks: [{ name: 'ci', durationMs: 1000, outcome: 'failure' }] },
  });
  const states = () => repository.pulls()[0]?.statuses.map(({ name, state }) => `${name} ${state}`);
  expect(repository.pulls()[0]?.files).toEqual([
    { path: 'a.yaml', status: 'modified', diff: '@@ -1 +1 @@\n-a: 1\n+a: 2' },
  ]);
  expect(states()).toEqual(['ci pending']);
  clock.advance(1000);
  expect(states()).toEqual(['ci failure']);
});

test('a new head starts the checks again', async () => {
  const { repository, clock } = await opened({
    seed: { checks: [{ name: 'ci', durationMs: 1000, outcome: 'success' }] },
  });
  clock.advance(1000);
  repository.push('ann-lee', 'topic', 'a.yaml', 'a: 3\n');
  expect(repository.pulls()[0]?.statuses[0]?.state).toBe('pending');
});

test('a force push replaces the last commit', async () => {
  const { repository, head, base, asBot } = await opened();
  const forced = repository.push('ann-lee', 'topic', 'a.yaml', 'a: 9\n', { force: true });
  expect(repository.pulls()[0]?.head.sha).toBe(forced);
  expect(forced).not.toBe(head);
  expect(
    (await asBot('GET', `/repos/acme/gitops/git/commits/${forced}`)).body['parents'],
  ).toMatchObject([{ sha: base }]);
});

test('a pull request closed and force-pushed cannot be opened again', async () => {
  const { repository } = await opened();
  repository.close('ann-lee', 1);
  repository.reopen('ann-lee', 1);
  expect(repository.pulls()[0]?.state).toBe('open');
  repository.close('ann-lee', 1);
  repository.push('ann-lee', 'topic', 'a.yaml', 'a: 9\n', { force: true });
  expect(() => repository.reopen('ann-lee', 1)).toThrow('Validation Failed');
});

test('deleting the branch closes its pull request', async () => {
  const { repository } = await opened();
  repository.deleteBranch('ann-lee', 'topic');
  expect(repository.pulls()[0]).toMatchObject({ state: 'closed', merged: false });
});

test('commits that reach the base by hand count as merged', async () => {
  const { repository, head, asBot } = await opened();
  expect(
    (await asBot('PATCH', '/repos/acme/gitops/git/refs/heads/main', { sha: head })).status,
  ).toBe(200);
  expect(repository.pulls()[0]).toMatchObject({ merged: true, mergeSha: head });
});

test('nobody approves their own pull request, and a retargeted one meets another base', async () => {
  const { repository, base, asBot } = await opened({
    seed: { protection: { requiredReviews: 1 } },
  });
  expect(() => repository.review('amiable[bot]', 1, 'APPROVED')).toThrow();
  repository.createBranch('ann-lee', 'release', base);
  repository.retarget('ann-lee', 1, 'release');
  expect((await asBot('PUT', '/repos/acme/gitops/pulls/1/merge', {})).status).toBe(200); // not protected
  expect(repository.headOf('main')).toBe(base);
});

test.each([
  ['no commits', { head: 'same', base: 'main' }, 'No commits between main and same'],
  ['a twin', { head: 'topic', base: 'main' }, 'A pull request already exists for acme:topic.'],
])('a pull request with %s is refused', async (_what, ask, message) => {
  const { repository, base, asBot } = await opened();
  repository.createBranch('ann-lee', 'same', base);
  const { status, body } = await asBot('POST', '/repos/acme/gitops/pulls', { title: 't', ...ask });
  expect({ status, errors: body['errors'] }).toMatchObject({ status: 422, errors: [{ message }] });
});

test('whether it can be merged is unknown at first, then computed', async () => {
  const { repository, asBot } = await opened();
  const state = async () => {
    const { body } = await asBot('GET', '/repos/acme/gitops/pulls/1');
    return `${String(body['mergeable'])} ${String(body['mergeable_state'])}`;
  };
  repository.push('bo-chen', 'main', 'b.yaml', 'b\n');
  expect(await state()).toBe('null unknown');
  expect(await state()).toBe('true clean');
  repository.push('bo-chen', 'main', 'a.yaml', 'a: 7\n');
  expect(await state()).toBe('null unknown');
  expect(await state()).toBe('false dirty');
});

test('a comparison names 300 files and says so with its count only', async () => {
  const { repository, base, asBot } = await start();
  repository.createBranch('ann-lee', 'wide', base);
  for (let i = 0; i < 301; i += 1) repository.push('ann-lee', 'wide', `f${i}`, `${i}`);
  const { body } = await asBot('GET', `/repos/acme/gitops/compare/${base}...wide?per_page=100`);
  expect((body['files'] as unknown[]).length).toBe(300);
  expect((body['commits'] as unknown[]).length).toBe(100);
  expect(body['total_commits']).toBe(301);
});

test('lists come in pages with a Link header', async () => {
  const { repository, base, asBot } = await start();
  for (const name of ['a', 'b', 'c']) {
    repository.createBranch('ann-lee', name, base);
    repository.push('ann-lee', name, 'x', name);
    await asBot('POST', '/repos/acme/gitops/pulls', { title: name, head: name, base: 'main' });
  }
  const { body, headers } = await asBot('GET', '/repos/acme/gitops/pulls?per_page=2');
  expect((body as unknown as { number: number }[]).map(({ number }) => number)).toEqual([3, 2]);
  expect(headers.get('link')).toMatch(/page=2>; rel="next"/);
});
