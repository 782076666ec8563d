import type { Rollout } from '../../rollout/rollout.ts';
import { digestFor } from '../../rollout/rollout.ts';
import type { Wave } from '../../rollout/wave.ts';
import { recordedChange } from '../change-record.ts';
import { landedExactly } from '../landed-exactly.ts';
import type { Perform, StepOutcome } from '../step-outcome.ts';
import type { World } from '../world.ts';

/**
 * Sees that what landed is what was approved: each merge changed exactly our paths, to exactly the content our edits make
 * of what was there before, on the branch that the pins are read from.
 */
export async function verifyMergeStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const digest = digestFor(rollout, wave);
  if (digest === undefined) return {};
  const change = await recordedChange(world, digest);
  const { environment, name } = wave;
  const told = (differs: string, mergeSha: string): StepOutcome => {
    world.log.error(
      { rollout: rollout.id, environment, wave: name, mergeSha, differs },
      'merged content differs',
    );
    return { commands: [{ type: 'RecordVerified', environment, wave: name, differs }] };
  };
  for (const { repository, number, mergeSha, mergedBy = '', into } of wave.parts) {
    if (mergeSha === undefined) continue;
    if (into !== undefined)
      return told(
        `#${number} in ${repository} was merged into ${into}, where no pin is read from`,
        mergeSha,
      );
    // People merge whatever the head is by then.
    const headSeen = wave.decidedAt !== undefined && mergedBy.endsWith('[bot]');
    const merge = { repository, number, commit: mergeSha, headSeen };
    if (!(await landedExactly(world.github, wave, change, merge))) {
      return told(
        `the merge of #${number} in ${repository} changed something else than was approved`,
        mergeSha,
      );
    }
  }
  return { commands: [{ type: 'RecordVerified', environment, wave: name }] };
}
