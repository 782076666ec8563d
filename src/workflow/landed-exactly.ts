import type { Change } from '../rollout/change.ts';
import type { Wave } from '../rollout/rollout.ts';
import type { RepositoryName } from '../shared/ids.ts';
import { changesExactly } from './changes-exactly.ts';
import type { GitReads } from './ports/git-host.ts';

/** GitHub rebases no pull request of more commits. */
const mostRebased = 100;

/**
 * Whether a pull request put exactly what was approved on its base, however it was merged: a squash or a merge commit
 * against its first parent, and commits that were rebased all together, against what the first of them stands on.
 */
export async function landedExactly(
  github: GitReads,
  wave: Wave,
  change: Change,
  of: { readonly repository: RepositoryName; readonly number: number; readonly commit: string },
): Promise<boolean> {
  const { repository, number, commit } = of;
  if (await changesExactly(github, wave, change, { repository, commit })) return true;
  const { headSha } = await github.pullRequest(repository, number);
  // As many commits as the pull request has; none where they are on the base as they are.
  const { ahead } = await github.compare(repository, commit, headSha);
  let { parent: since } = await github.commitChanges(repository, commit);
  for (let commits = 2; commits <= Math.min(ahead, mostRebased); commits += 1) {
    // What the head itself stands on was there before: a squash that takes somebody's work back is no rebase.
    const { mergeBase } = await github.compare(repository, since, headSha);
    if (mergeBase === since) return false;
    ({ parent: since } = await github.commitChanges(repository, since));
    if (await changesExactly(github, wave, change, { repository, commit, since })) return true;
  }
  return false;
}
