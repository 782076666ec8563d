import { partsOf } from '../../rollout/change.ts';
import type { Rollout, Wave } from '../../rollout/rollout.ts';
import { digestFor } from '../../rollout/rollout.ts';
import { recordedChange } from '../change-record.ts';
import { expectedFiles } from '../expected-files.ts';
import { isExactly } from '../part-content.ts';
import type { Perform } from '../step-outcome.ts';
import type { World } from '../world.ts';

/**
 * Sees that what landed is what was approved: each merge commit against its first parent changes exactly our paths, to
 * exactly the content our edits make of that parent.
 */
export async function verifyMergeStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const digest = digestFor(rollout, wave);
  if (digest === undefined) return {};
  const change = await recordedChange(world, digest);
  const { environment, name } = wave;
  for (const { repository, number, mergeSha } of wave.parts) {
    if (mergeSha === undefined) continue;
    const { parent, files } = await world.github.commitChanges(repository, mergeSha);
    const expected = await expectedFiles(world.github, {
      repository,
      commit: parent,
      edits: partsOf(change, wave).get(repository) ?? [],
      lenient: wave.recovery !== undefined,
    });
    if (expected.kind !== 'files' || !isExactly(files, expected.files)) {
      const differs = `the merge of #${number} in ${repository} changed something else than was approved`;
      world.log.error(
        { rollout: rollout.id, environment, wave: name, mergeSha },
        'merged content differs',
      );
      return { commands: [{ type: 'RecordVerified', environment, wave: name, differs }] };
    }
  }
  return { commands: [{ type: 'RecordVerified', environment, wave: name }] };
}
