import type { Change } from '../rollout/change.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RepositoryName } from '../shared/ids.ts';
import { changesExactly } from './changes-exactly.ts';
import type { GitReads } from './ports/git-host.ts';

/** GitHub rebases no pull request of more commits. */
const mostRebased = 100;

/** A pull request that is on its base, and by which commit, the last of it where it was rebased. */
type Landed = {
  readonly repository: RepositoryName;
  readonly number: number;
  readonly commit: string;
  /** Whether its head was looked at in the moment of the merge, as where Amiable or a queue merges. */
  readonly headSeen: boolean;
};

/**
 * Whether a pull request put exactly what was approved on its base, however it was merged: a squash or a merge commit
 * against its first parent, and commits that were rebased all together, against what the first of them stands on.
 */
export async function landedExactly(
  github: GitReads,
  wave: Wave,
  change: Change,
  { repository, number, commit, headSeen }: Landed,
): Promise<boolean> {
  const alone = await changesExactly(github, wave, change, { repository, commit });
  if (alone && headSeen) return true;
  const { headSha } = await github.pullRequest(repository, number);
  let { parent: since } = await github.commitChanges(repository, commit);
  const { mergeBase } = await github.compare(repository, since, headSha);
  // The last of several commits may be all that was approved, and those before it not.
  if (alone)
    return changesExactly(github, wave, change, { repository, commit: headSha, since: mergeBase });
  // As many commits as the pull request has; none where they are on the base as they are.
  const { ahead } = await github.compare(repository, commit, headSha);
  for (let commits = 2; commits <= Math.min(ahead, mostRebased); commits += 1) {
    // What the head itself stands on was there before: a squash that takes somebody's work back is no rebase.
    if ((await github.compare(repository, since, headSha)).mergeBase === since) return false;
    ({ parent: since } = await github.commitChanges(repository, since));
    if (await changesExactly(github, wave, change, { repository, commit, since })) return true;
  }
  return false;
}
