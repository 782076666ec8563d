import type { Rollout } from '../rollout/rollout.ts';
import type { Part, Wave } from '../rollout/wave.ts';
import { takenOut } from './merge-queue.ts';
import { mergeRecord } from './merge-record.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { World } from './world.ts';

/**
 * Takes back what a decided merge put on GitHub: its place in the merge queue, and our green status, with which anybody
 * could merge there what is not to be merged.
 * @returns why it could not, or that GitHub was faster; `undefined`: nothing of it is left.
 */
export async function backOut(
  world: World,
  rollout: Rollout,
  wave: Wave,
  parts: readonly Part[],
): Promise<StepOutcome | undefined> {
  const stuck = await takenOut(world, rollout, parts);
  if (stuck !== undefined) {
    const { repository, number } = stuck.part;
    if (stuck.is === 'in') return { trouble: `#${number} is being merged by GitHub's queue` };
    const seen = await world.github.pullRequest(repository, number);
    const merge = mergeRecord(world.fleet, wave, stuck.part, seen);
    return merge === undefined
      ? { trouble: `#${number} is merged, and GitHub knows no commit` }
      : { commands: [merge] };
  }
  for (const { repository, headSha } of parts) {
    const { vouchedFor, statuses } = world.sightings(rollout.id);
    vouchedFor.delete(headSha);
    statuses.delete(headSha);
    const description = 'Not merged after all';
    await world.effects
      .run('set-status', `${headSha} pending again`, (to) =>
        to.github.setStatus({ repository, sha: headSha, state: 'pending', description }),
      )
      // People must be able to say no whether GitHub takes it or not.
      .catch((cause: unknown) =>
        world.log.warn({ repository, headSha, cause }, 'status not reset'),
      );
  }
  return undefined;
}
