import { expect, test } from 'vitest';
import { createGitHost } from '../../../src/adapters/github/create-git-host.ts';
import { after, before, devFile, gitops, setUp } from './github-setup.ts';

const title = 'Move dev to v20260714 (#1)';
const required = { requiredChecks: ['ci/test', 'amiable/approval'], requiredReviews: 0 };
const ciTest = { name: 'ci/test', durationMs: 30_000, outcome: 'success' } as const;

test('squashes by default, and the merge commit is exactly the change', async () => {
  const { github, proposed, repository, base } = await setUp();
  const { number, sha } = await proposed();
  const merged = await github.merge({ repository: gitops, number, sha, title });
  expect(merged).toEqual({ kind: 'merged', sha: repository.headOf('main') });
  const changes = await github.commitChanges(gitops, repository.headOf('main') ?? '');
  expect(changes).toMatchObject({ parent: base, files: [{ path: devFile, status: 'modified' }] });
  expect(repository.filesAt(repository.headOf('main') ?? '').get(devFile)).toBe(after);
});

test.each(['merge', 'rebase'] as const)('takes %s where only that is allowed', async (method) => {
  const { github, proposed, repository } = await setUp({
    seed: { protection: { allowedMergeMethods: [method] } },
  });
  const { number, sha } = await proposed();
  expect((await github.merge({ repository: gitops, number, sha, title })).kind).toBe('merged');
  expect(repository.filesAt(repository.headOf('main') ?? '').get(devFile)).toBe(after);
});

test('a configured method the repository forbids is refused in GitHub’s words', async () => {
  const { options, proposed } = await setUp({
    seed: { protection: { allowedMergeMethods: ['squash'] } },
  });
  const { number, sha } = await proposed();
  const github = createGitHost({ ...options, mergeMethod: 'rebase' });
  const outcome = await github.merge({ repository: gitops, number, sha, title });
  expect(outcome).toEqual({
    kind: 'refused',
    reason: 'Rebase merges are not allowed on this repository.',
  });
});

test('a head that moved since it was verified is not merged', async () => {
  const { github, proposed, repository } = await setUp();
  const { number, sha, pull } = await proposed();
  repository.push('ann-lee', pull.headBranch, devFile, 'alias: al2023@v20990101\n');
  const outcome = await github.merge({ repository: gitops, number, sha, title });
  expect(outcome).toEqual({
    kind: 'refused',
    reason: 'Head branch was modified. Review and try the merge again.',
  });
  expect(repository.filesAt(repository.headOf('main') ?? '').get(devFile)).toBe(before);
});

test('a conflict is seen and not merged', async () => {
  const { github, proposed, repository } = await setUp();
  const { number, sha } = await proposed();
  repository.editFile('bo-chen', 'main', devFile, 'alias: al2023@v20260701\n');
  await github.readiness(gitops, number, sha); // GitHub computes it after the first question
  expect((await github.readiness(gitops, number, sha)).conflicting).toBe(true);
  const outcome = await github.merge({ repository: gitops, number, sha, title });
  expect(outcome).toEqual({ kind: 'refused', reason: 'Pull Request is not mergeable' });
});

test('required checks are listed before they report, and hold the merge until they are green', async () => {
  const { github, proposed, clock } = await setUp({
    seed: { protection: required, checks: [{ ...ciTest, startsAfterMs: 5_000 }] },
  });
  const { number, sha } = await proposed();
  const states = async () =>
    Object.fromEntries(
      (await github.readiness(gitops, number, sha)).checks.map((c) => [
        c.name,
        c.required && c.state,
      ]),
    );
  expect(await states()).toEqual({ 'ci/test': 'pending', 'amiable/approval': 'pending' });
  const merge = () => github.merge({ repository: gitops, number, sha, title });
  expect(await merge()).toEqual({
    kind: 'refused',
    reason: '2 of 2 required status checks have not succeeded: 2 expected.',
  });
  clock.advance(10_000);
  await github.setStatus({ repository: gitops, sha, state: 'success', description: 'Approved' });
  expect(await states()).toEqual({ 'ci/test': 'pending', 'amiable/approval': 'success' });
  expect(await merge()).toEqual({
    kind: 'refused',
    reason: 'Required status check "ci/test" is pending.',
  });
  clock.advance(30_000);
  expect(await states()).toEqual({ 'ci/test': 'success', 'amiable/approval': 'success' });
  expect((await merge()).kind).toBe('merged');
});

test('a failed required check holds the merge', async () => {
  const { github, proposed } = await setUp({
    seed: {
      protection: { requiredChecks: ['ci/test'] },
      checks: [
        { ...ciTest, durationMs: 0, outcome: 'failure' },
        { name: 'lint', durationMs: 0, outcome: 'success' },
      ],
    },
  });
  const { number, sha } = await proposed();
  const { checks, pushedAt } = await github.readiness(gitops, number, sha);
  expect(checks).toMatchObject([
    { name: 'ci/test', state: 'failure', required: true },
    { name: 'lint', state: 'success', required: false },
  ]);
  expect(pushedAt).toBe(Date.parse('2026-07-15T18:30:00Z'));
  expect(await github.merge({ repository: gitops, number, sha, title })).toMatchObject({
    kind: 'refused',
  });
});

test('a missing review holds the merge, and our own never counts', async () => {
  const { github, proposed, repository } = await setUp({
    seed: { protection: { requiredReviews: 1 } },
  });
  const { number, sha } = await proposed();
  const decision = async () => (await github.readiness(gitops, number, sha)).reviewDecision;
  expect(await decision()).toBe('REVIEW_REQUIRED');
  expect(await github.merge({ repository: gitops, number, sha, title })).toEqual({
    kind: 'refused',
    reason: 'At least 1 approving review is required by reviewers with write access.',
  });
  repository.review('another-app[bot]', number, 'APPROVED');
  expect(await decision()).toBe('REVIEW_REQUIRED');
  repository.review('bo-chen', number, 'APPROVED');
  expect(await decision()).toBe('APPROVED');
  expect((await github.merge({ repository: gitops, number, sha, title })).kind).toBe('merged');
});

test('no review needed is told by its absence', async () => {
  const { github, proposed } = await setUp();
  const { number, sha } = await proposed();
  expect('reviewDecision' in (await github.readiness(gitops, number, sha))).toBe(false);
});

test('more than a hundred checks are all read', async () => {
  const checks = Array.from({ length: 130 }, (_, i) => ({
    name: `job ${i}`,
    durationMs: 0,
    outcome: 'success' as const,
  }));
  const { github, proposed } = await setUp({ seed: { checks } });
  const { number, sha } = await proposed();
  expect((await github.readiness(gitops, number, sha)).checks).toHaveLength(130);
});

test('a merge that went through unheard is adopted, but only of that head', async () => {
  const { github, proposed, repository, order } = await setUp();
  const { number, sha } = await proposed();
  order({ kind: 'lost-reply', match: '/merge' });
  await expect(github.merge({ repository: gitops, number, sha, title })).rejects.toMatchObject({
    name: 'GitHostError',
    status: undefined,
  });
  const merged = { kind: 'merged', sha: repository.headOf('main') };
  expect(await github.merge({ repository: gitops, number, sha, title })).toEqual(merged);
  const other = await github.merge({ repository: gitops, number, sha: '2'.repeat(40), title });
  expect(other.kind).toBe('refused');
});
