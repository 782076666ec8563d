import { shortOf } from '../../rollout/approval-sets.ts';
import type { Change } from '../../rollout/change.ts';
import type { WorkflowCommand } from '../../rollout/command.ts';
import type { MergeHold } from '../../rollout/merge-events.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { environmentNamed } from '../../rollout/rollout.ts';
import { approvalsOver } from '../../rollout/times.ts';
import type { Part, Wave } from '../../rollout/wave.ts';
import { isQueued } from '../../rollout/wave.ts';
import { clamp } from '../../shared/text.ts';
import { second } from '../../shared/time.ts';
import { backOut } from '../back-out.ts';
import { globalStop } from '../global-stop.ts';
import { checkMerge } from '../merge-check.ts';
import { queueingOf } from '../merge-queue.ts';
import { recordOfMerge } from '../merge-record.ts';
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
        : hold(world, rollout, wave, {
            because: 'head-moved',
            detail: 'what was approved is not what would be merged',
          });
    case 'rebase':
      return hold(world, rollout, wave, { because: 'head-moved', detail: 'the base moved' });
    case 'wait': {
      const because = rollout.paused === undefined ? check.because : 'paused';
      return hold(world, rollout, wave, { because, detail: check.why });
    }
    case 'ready':
      break;
  }
  const { paused, rollback, snoozed } = rollout;
  // In a merge queue it may wait for long, and people may stop it in every way they stop anything.
  if (wave.recovery === undefined && (paused ?? rollback ?? snoozed) !== undefined)
    return hold(world, rollout, wave, { because: 'paused' });
  const against = isQueued(wave) ? noLonger(world, rollout, wave) : undefined;
  if (against !== undefined)
    return hold(world, rollout, wave, { because: 'checks', detail: against });
  const { open, change } = check;
  const { vouchedFor } = world.sightings(rollout.id);
  for (const { repository, headSha } of open) {
    // It may wait in a queue for hours, and GitHub takes a thousand statuses a commit.
    if (vouchedFor.has(headSha)) continue;
    await world.effects.run('set-status', `${headSha} success`, (to) =>
      to.github.setStatus({
        repository,
        sha: headSha,
        state: 'success',
        description: 'Approved; merging',
      }),
    );
    vouchedFor.add(headSha);
  }
  const stop = wave.recovery === undefined ? await globalStop(world) : undefined;
  if (stop !== undefined)
    return hold(world, rollout, wave, { because: 'frozen', detail: stop.reason });
  const outcomes: StepOutcome[] = [];
  for (const part of open) {
    if (world.clock.monotonic() - lookedAt > freshForMs) break;
    outcomes.push(
      await advancePart(world, rollout, wave, { part, change, notAfter: lookedAt + freshForMs }),
    );
  }
  return { commands: outcomes.flatMap(({ commands }) => commands ?? []) };
}

/** What became known while it waits in the queue, and speaks against what people agreed to; `undefined`: nothing. */
function noLonger(
  world: Pick<World, 'sightings' | 'clock'>,
  rollout: Rollout,
  { environment: name, recovery }: Wave,
): string | undefined {
  if (recovery !== undefined) return undefined;
  const environment = environmentNamed(rollout, name);
  const { doubted, grants = [], automatic } = environment?.ask ?? {};
  if (doubted !== undefined) return `people are asked again: ${doubted}`;
  if (environment !== undefined && automatic === undefined) {
    const over = approvalsOver(environment, world.clock.now());
    const left = grants.filter((grant) => !over.includes(grant));
    if (over.length > 0 && shortOf(environment.policy.approval, left) > 0)
      return 'its approvals are older than the policy lets them be';
  }
  return world.sightings(rollout.id).unsound.get(name);
}

/** Merges it, or follows it through the merge queue. */
async function advancePart(
  world: World,
  rollout: Rollout,
  wave: Wave,
  of: { readonly part: Part; readonly change: Change; readonly notAfter: number },
): Perform {
  const { part } = of;
  const queueing = await queueingOf(world, rollout, wave, of);
  switch (queueing.kind) {
    case 'in':
      return part.queuedAt === undefined ? { commands: [enqueued(wave, part)] } : {};
    case 'differs': {
      const detail = 'its merge queue would merge something else than was approved';
      return hold(world, rollout, wave, { because: 'head-moved', detail });
    }
    case 'out': {
      const detail = 'it left the merge queue of GitHub without being merged';
      return hold(world, rollout, wave, { because: 'dequeued', detail });
    }
    case 'not-yet':
      return mergePart(world, rollout, wave, { ...of, queue: queueing.queue });
  }
}

function enqueued(
  { environment, name: wave }: Wave,
  { repository, number, headSha }: Part,
): WorkflowCommand {
  return { type: 'RecordEnqueued', environment, wave, repository, number, headSha };
}

/** @param notAfter in monotonic real time; later, what was looked at may not be so any more. */
async function mergePart(
  world: World,
  rollout: Rollout,
  wave: Wave,
  {
    part,
    notAfter,
    queue,
  }: { readonly part: Part; readonly notAfter: number; readonly queue: boolean },
): Perform {
  const { repository, number, headSha: sha } = part;
  const { environment } = wave;
  const title = `Move node images in ${environment} to ${wave.recovery?.to ?? rollout.release} (#${number})`;
  const outcome = await world.effects.run('merge', `${repository}#${number} ${sha}`, async (to) =>
    // The last thing before it is sent: a process that was stopped in between must not go on as if nothing was.
    world.clock.monotonic() > notAfter
      ? ({ kind: 'too-late' } as const)
      : to.github.merge({ repository, number, sha, title, queue }),
  );
  if (outcome.kind === 'too-late') return { trouble: 'the look before the merge took too long' };
  if (outcome.kind === 'refused')
    return hold(world, rollout, wave, { because: 'refused', detail: outcome.reason });
  if (outcome.kind === 'enqueued') return { commands: [enqueued(wave, part)] };
  // Read back rather than believed: after a lost reply it is read too, and both must tell the same story.
  const {
    mergeSha = outcome.sha,
    mergedBy = 'amiable',
    baseBranch,
  } = await world.github.pullRequest(repository, number);
  const merged = { mergeSha, mergedBy, baseBranch };
  return { commands: [recordOfMerge(world.fleet, wave, part, merged)] };
}

/** Backs out of the merge, and then lets people say no again. */
async function hold(
  world: World,
  rollout: Rollout,
  wave: Wave,
  { because, detail }: { readonly because: MergeHold; readonly detail?: string },
): Perform {
  // One part merged already: there is no way out but on, so it is tried again.
  if (wave.parts.some(({ mergeSha }) => mergeSha !== undefined)) {
    return detail === undefined ? {} : { trouble: detail };
  }
  const stuck = await backOut(world, rollout, wave, wave.parts);
  if (stuck !== undefined) return stuck;
  const { environment, name } = wave;
  const why = detail === undefined ? {} : { detail: clamp(detail, 500) };
  return { commands: [{ type: 'HoldMerge', environment, wave: name, because, ...why }] };
}
