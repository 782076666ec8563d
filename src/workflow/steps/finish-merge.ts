import type { MergeHold } from '../../rollout/events.ts';
import type { Part, Rollout, Wave } from '../../rollout/rollout.ts';
import { clamp } from '../../shared/text.ts';
import { second } from '../../shared/time.ts';
import { globalStop } from '../global-stop.ts';
import { checkMerge } from '../merge-check.ts';
import type { Perform, StepOutcome } from '../step-outcome.ts';
import type { World } from '../world.ts';

/** A look at the world is good for this long; an older one is taken again before anything is merged. In real time. */
const freshForMs = 10 * second;

/**
 * Makes the merge that was decided. Everything is looked at once more, whoever decided it and however long ago: this
 * also runs after a crash, and in a process that was stopped in between.
 */
export async function finishMergeStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const lookedAt = world.clock.monotonic();
  const check = await checkMerge(world, rollout, wave);
  switch (check.kind) {
    case 'record':
      // A merge or a closing is a fact; anything else that fell means that it must not be made any more.
      return check.commands.every(({ type }) => type === 'RecordMerge' || type === 'RecordClosed')
        ? { commands: check.commands }
        : hold(world, wave, 'head-moved', 'what was approved is not what would be merged');
    case 'rebase':
      return hold(world, wave, 'head-moved', 'the base moved');
    case 'wait':
      return hold(world, wave, rollout.paused === undefined ? check.because : 'paused', check.why);
    case 'ready':
      break;
  }
  if (wave.recovery === undefined && rollout.paused !== undefined)
    return hold(world, wave, 'paused');
  const { open } = check;
  for (const { repository, headSha } of open) {
    await world.effects.run('set-status', `${headSha} success`, (to) =>
      to.github.setStatus({
        repository,
        sha: headSha,
        state: 'success',
        description: 'Approved; merging',
      }),
    );
  }
  const stop = wave.recovery === undefined ? await globalStop(world) : undefined;
  if (stop !== undefined) return hold(world, wave, 'frozen', stop.reason);
  const outcomes: StepOutcome[] = [];
  for (const part of open) {
    if (world.clock.monotonic() - lookedAt > freshForMs) break;
    outcomes.push(await mergePart(world, rollout, wave, part, lookedAt + freshForMs));
  }
  return { commands: outcomes.flatMap(({ commands }) => commands ?? []) };
}

/** @param notAfter in monotonic real time; later, what was looked at may not be so any more. */
async function mergePart(
  world: World,
  rollout: Rollout,
  wave: Wave,
  part: Part,
  notAfter: number,
): Perform {
  const { repository, number, headSha: sha } = part;
  const { environment, name } = wave;
  const title = `Move node images in ${environment} to ${wave.recovery?.to ?? rollout.release} (#${number})`;
  const outcome = await world.effects.run('merge', `${repository}#${number} ${sha}`, async (to) =>
    // The last thing before it is sent: a process that was stopped in between must not go on as if nothing was.
    world.clock.monotonic() > notAfter
      ? ({ kind: 'too-late' } as const)
      : to.github.merge({ repository, number, sha, title }),
  );
  if (outcome.kind === 'too-late') return { trouble: 'the look before the merge took too long' };
  if (outcome.kind === 'refused') return hold(world, wave, 'refused', outcome.reason);
  if (outcome.kind === 'enqueued') return {};
  // Read back rather than believed: after a lost reply it is read too, and both must tell the same story.
  const seen = await world.github.pullRequest(repository, number);
  return {
    commands: [
      {
        type: 'RecordMerge',
        environment,
        wave: name,
        repository,
        number,
        mergeSha: seen.mergeSha ?? outcome.sha,
        mergedBy: seen.mergedBy ?? 'amiable',
      },
    ],
  };
}

/**
 * Backs out of the merge. Our status goes back first: with a green one, anybody could merge on GitHub what people may say
 * no to again.
 */
async function hold(world: World, wave: Wave, because: MergeHold, detail?: string): Perform {
  // One part merged already: there is no way out but on, so it is tried again.
  if (wave.parts.some(({ mergeSha }) => mergeSha !== undefined)) {
    return detail === undefined ? {} : { trouble: detail };
  }
  for (const { repository, headSha } of wave.parts) {
    const description = 'Not merged after all; Amiable looks again';
    await world.effects
      .run('set-status', `${headSha} pending again`, (to) =>
        to.github.setStatus({ repository, sha: headSha, state: 'pending', description }),
      )
      // People must be able to say no whether GitHub takes it or not.
      .catch((cause: unknown) =>
        world.log.warn({ repository, headSha, cause }, 'status not reset'),
      );
  }
  const { environment, name } = wave;
  const why = detail === undefined ? {} : { detail: clamp(detail, 500) };
  return { commands: [{ type: 'HoldMerge', environment, wave: name, because, ...why }] };
}
