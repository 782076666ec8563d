import { expect, test } from 'vitest';
import { partKey } from '../../src/rollout/part-key.ts';
import type { Part } from '../../src/rollout/wave.ts';
import { RepositoryName } from '../../src/shared/ids.ts';
import type { MergeReadiness } from '../../src/workflow/ports/git-host.ts';
import { pullRequestWaits } from '../../src/workflow/pull-request-waits.ts';
import { createSightings } from '../../src/workflow/sightings.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { memoryGitHost } from '../fakes/memory-git-host.ts';
import { id, noon } from '../rollout/story.ts';

const ready: MergeReadiness = { checks: [], conflicting: false, pushedAt: noon - 60_000 };
const check = (name: string, state: 'pending' | 'success' | 'failure', required = false) => ({
  name,
  state,
  required,
});

function part(repository: string, number = 12): Part {
  const url = `https://github.com/${repository}/pull/${number}`;
  const of = RepositoryName.parse(repository);
  return { repository: of, number, url, branch: 'amiable/x', headSha: 'head' };
}

function seeing(readiness: (repository: string) => Partial<MergeReadiness>) {
  const clock = manualClock(noon);
  const sightings = createSightings();
  const { host } = memoryGitHost(clock, {});
  const github: typeof host = {
    ...host,
    readiness: async (repository) => ({ ...ready, ...readiness(repository) }),
  };
  return { clock, github, sightings };
}

test.each([
  { seen: 'no checks, a minute after the push', now: {}, waits: undefined },
  {
    seen: 'no checks, right after the push',
    now: { pushedAt: noon - 59_999 },
    waits: '#12 waits a minute for checks to report',
  },
  { seen: 'a conflict', now: { conflicting: true }, waits: '#12 conflicts with its base' },
  {
    seen: 'a red check that nobody requires beside a green one that is required',
    now: { checks: [check('lint', 'failure'), check('ci', 'success', true)] },
    waits: undefined,
  },
  {
    seen: 'a red check where none is required',
    now: { checks: [check('lint', 'failure'), check('ci', 'success')] },
    waits: '#12 has failed checks: lint',
  },
  {
    seen: 'our own status alone',
    now: { checks: [check('amiable/approval', 'pending', true)] },
    waits: undefined,
  },
  {
    seen: 'a review that asks for changes',
    now: { reviewDecision: 'CHANGES_REQUESTED' as const },
    waits: '#12 has a review that asks for changes',
  },
])('a pull request with $seen waits for $waits', async ({ now, waits }) => {
  expect(
    await pullRequestWaits(
      seeing(() => now),
      id,
      [part('acme/gitops')],
    ),
  ).toBe(waits);
});

test('the first that waits is told, and every one is noted under its own repository', async () => {
  const world = seeing((repository) =>
    repository === 'acme/gitops'
      ? { checks: [check('ci', 'pending', true)] }
      : { checks: [check('ci', 'success', true)] },
  );
  const parts = [part('acme/platform'), part('acme/gitops')];
  expect(await pullRequestWaits(world, id, parts)).toBe('#12 waits for its checks');
  const noted = parts.map((one) => world.sightings(id).pullRequests.get(partKey(one)));
  expect(noted.map((one) => one?.waitsFor)).toEqual([undefined, 'waits for its checks']);
  expect(noted.map((one) => one?.passed)).toEqual([1, 0]);
});
