import type { RepositoryName } from '../shared/ids.ts';
import { day } from '../shared/time.ts';
import type { WatchedRepository } from './fleet.ts';
import { movesPin } from './moves-pin.ts';
import type { PullRequestView } from './ports/git-host.ts';
import type { World } from './world.ts';

/** A queue lets go of what was not merged within a day or two; its commits are of no use to anybody then. */
const rememberedMs = 7 * day;

/**
 * Sets `amiable/approval` on the commits that a merge queue made of other people's pull requests: where a branch rule asks
 * for it, the queue waits for it there too. One that moves a pin is left to the rollout that people decide in, which
 * sets it once they have agreed. Each commit is looked at once.
 * @param others the open pull requests that are not ours.
 * @returns how many were set.
 */
export async function setQueueStatuses(
  world: World,
  watched: WatchedRepository,
  others: readonly PullRequestView[],
): Promise<number> {
  const { github, store, effects } = world;
  const { repository, branch } = watched;
  const numbers = new Set(others.map(({ number }) => number));
  const made = (await github.mergeQueue(repository, branch)).flatMap(({ number, place }) => {
    const { headSha, baseSha } = place;
    // GitHub makes the commit a moment after it took the pull request in.
    const known = headSha !== undefined && baseSha !== undefined && numbers.has(number);
    return known ? [{ number, headSha, baseSha }] : [];
  });
  if (made.length === 0) return 0;
  const known = await store.memory.get(made.map(({ headSha }) => keyOf(repository, headSha)));
  let set = 0;
  for (const { number, headSha, baseSha } of made) {
    if (known.has(keyOf(repository, headSha))) continue;
    try {
      const moves = await movesPin(world, watched, baseSha, headSha);
      if (!moves) {
        await effects.run('set-status', `${headSha} in the queue`, (to) =>
          to.github.setStatus({
            repository,
            sha: headSha,
            state: 'success',
            description: 'Touches no node image',
          }),
        );
        set += 1;
      }
      await store.memory.put(keyOf(repository, headSha), moves, rememberedMs);
    } catch (cause) {
      world.log.warn({ repository, number, cause }, 'status in the merge queue not set');
    }
  }
  return set;
}

function keyOf(repository: RepositoryName, sha: string): string {
  return `queued-${repository}-${sha}`;
}
