import { expect, test } from 'vitest';
import { minute } from '../../../src/shared/time.ts';
import { after, devFile, gitops, setUp } from './github-setup.ts';

const title = 'Move dev to v20260714 (#1)';
const ci = { name: 'ci/test', durationMs: 30_000, outcome: 'success' } as const;
const required = ['ci/test', 'amiable/approval'];
const waitMs = 2 * minute;

async function queued() {
  const there = await setUp({
    seed: { protection: { mergeQueue: { waitMs }, requiredChecks: required }, checks: [ci] },
  });
  const { number, sha } = await there.proposed();
  const green = (commit: string) =>
    there.github.setStatus({
      repository: gitops,
      sha: commit,
      state: 'success',
      description: 'Approved',
    });
  await green(sha);
  there.clock.advance(minute);
  const merge = (queue?: boolean) =>
    there.github.merge({
      repository: gitops,
      number,
      sha,
      title,
      ...(queue !== undefined && { queue }),
    });
  const place = async () => (await there.github.readiness(gitops, number, sha)).mergeQueue;
  return { ...there, number, sha, green, merge, place };
}

test.each([undefined, true])(
  'where a queue is required, merging is putting into it',
  async (queue) => {
    const { merge, place, repository, number } = await queued();
    expect(await place()).toEqual({});
    expect(await merge(queue)).toEqual({ kind: 'enqueued' });
    expect(await merge(queue)).toEqual({ kind: 'enqueued' });
    expect(repository.queue()).toMatchObject([{ number }]);
    expect(await place()).toMatchObject({ place: { headSha: repository.queue()[0]?.headSha } });
  },
);

test('it is merged when the required checks passed on the commit of the queue, ours too', async () => {
  const { merge, place, repository, clock, green, github, number } = await queued();
  await merge();
  clock.advance(10 * minute);
  expect((await github.pullRequest(gitops, number)).merged).toBe(false);
  await green((await place())?.place?.headSha ?? '');
  const pull = await github.pullRequest(gitops, number);
  expect(pull).toMatchObject({ merged: true, mergedBy: 'github-merge-queue[bot]' });
  expect(pull.mergeSha).toBe(repository.headOf('main'));
  expect(repository.filesAt(repository.headOf('main') ?? '').get(devFile)).toBe(after);
  expect(await github.dequeue(gitops, number)).toBe('merged');
});

test('a lost answer to the enqueuing is found to have gone through', async () => {
  const { merge, order, repository } = await queued();
  order({ kind: 'lost-reply', match: 'enqueuePullRequest' });
  await expect(merge(true)).rejects.toMatchObject({ name: 'GitHostError' });
  expect(await merge(true)).toEqual({ kind: 'enqueued' });
  expect(repository.queue()).toHaveLength(1);
});

test('another head than the one that was verified is not put in', async () => {
  const { github, number, repository } = await queued();
  const outcome = await github.merge({
    repository: gitops,
    number,
    sha: '2'.repeat(40),
    title,
    queue: true,
  });
  expect(outcome.kind).toBe('refused');
  expect(repository.queue()).toEqual([]);
});

test('it is taken out, and what is not in it counts as out', async () => {
  const { merge, github, number, repository } = await queued();
  await merge();
  expect(await github.dequeue(gitops, number)).toBe('out');
  expect(await github.dequeue(gitops, number)).toBe('out');
  expect(repository.queue()).toEqual([]);
});

test('a push, a failed check and a closing take it out, and GitHub says so by its absence', async () => {
  const { merge, place, repository, sha } = await queued();
  await merge();
  repository.push('ann-lee', 'amiable/ro_0123456789/dev', devFile, 'alias: al2023@v20990101\n');
  expect(await place()).toEqual({});
  expect(repository.pulls()[0]).toMatchObject({ state: 'open', merged: false });
  expect(repository.pulls()[0]?.head.sha).not.toBe(sha);
});

test('a base that moves makes the commit of the queue anew', async () => {
  const { merge, place, repository } = await queued();
  await merge();
  const first = (await place())?.place;
  repository.push('ann-lee', 'main', 'README.md', 'Hello\n');
  const second = (await place())?.place;
  expect(second?.baseSha).toBe(repository.headOf('main'));
  expect(second?.headSha).not.toBe(first?.headSha);
});
