import type { Rollout, Wave } from '../../rollout/rollout.ts';
import type { RepositoryName } from '../../shared/ids.ts';
import { backOut } from '../back-out.ts';
import type { Perform } from '../step-outcome.ts';
import type { World } from '../world.ts';

/** Closes a pull request that nobody wants any more, unless somebody was faster. */
export async function closePullRequestStep(
  world: World,
  rollout: Rollout,
  wave: Wave,
  { repository, number }: { readonly repository: RepositoryName; readonly number: number },
): Perform {
  const inPart = { environment: wave.environment, wave: wave.name, repository, number };
  const seen = await world.github.pullRequest(repository, number);
  if (seen.merged && seen.mergeSha !== undefined) {
    const mergedBy = seen.mergedBy ?? 'somebody';
    return { commands: [{ type: 'RecordMerge', ...inPart, mergeSha: seen.mergeSha, mergedBy }] };
  }
  const part = wave.parts.find((one) => one.repository === repository && one.number === number);
  // A merge was decided on it, and a *no* or a recall came while GitHub had not made it.
  if (part !== undefined && wave.decidedAt !== undefined) {
    const stuck = await backOut(world, rollout, wave, [part]);
    if (stuck !== undefined) return stuck;
  }
  if (seen.state === 'open') {
    await world.effects.run('close-pull-request', `${repository}#${number}`, (to) =>
      to.github.updatePullRequest(repository, number, { state: 'closed' }),
    );
  }
  const closedBy = seen.state === 'open' ? 'amiable' : (seen.closedBy ?? 'somebody');
  world.log.info({ rollout: rollout.id, repository, number }, 'pull request closed');
  return { commands: [{ type: 'RecordClosed', ...inPart, closedBy }] };
}
