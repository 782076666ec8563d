import type { CommandOf } from './command.ts';
import { unfitness } from './decide-approval.ts';
import { type Decision, happened, nothingHappened, refused } from './decision.ts';
import type { RefusalCode } from './refusal.ts';
import type { Rollout } from './rollout.ts';
import { environmentNamed, hasMerged, isEnded } from './rollout.ts';

/** Quiet until a date; what is merged already goes on. */
export function snooze(
  rollout: Rollout,
  { by, may, until, why, now }: CommandOf<'Snooze'>,
): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'closed' });
  const unfit = unfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  if (hasMerged(rollout)) return refused({ code: 'merge-under-way' });
  return happened({
    type: 'Snoozed',
    by,
    until,
    ...(why === undefined ? {} : { why }),
    at: now,
  });
}

/** Ends a snooze early. */
export function wake(rollout: Rollout, { by, may, now }: CommandOf<'Wake'>): Decision {
  if (rollout.outcome !== undefined || rollout.snoozed === undefined)
    return refused({ code: 'closed' });
  const unfit = unfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  return happened({ type: 'SnoozeEnded', by, at: now });
}

/** Stops further merges and waves. Always possible while anything is open. */
export function pause(rollout: Rollout, { by, may, reason, now }: CommandOf<'Pause'>): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'nothing-to-stop' });
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  if (rollout.paused !== undefined) return nothingHappened;
  return happened({
    type: 'RolloutPaused',
    by,
    ...(reason === undefined ? {} : { reason }),
    at: now,
  });
}

export function resume(rollout: Rollout, { by, may, now }: CommandOf<'Resume'>): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'closed' });
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  if (rollout.paused === undefined) return refused({ code: 'not-paused' });
  return happened({ type: 'RolloutResumed', by, at: now });
}

/**
 * Takes clusters back to what they ran when their wave began, also after completion. Windows, pauses and snoozes do
 * not stand in its way; a merge that is being made does, for the seconds it takes.
 */
export function rollBack(rollout: Rollout, command: CommandOf<'RollBack'>): Decision {
  const { by, may, reason, plans, leftOut, now } = command;
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  const merging = rollout.environments
    .flatMap(({ waves }) => waves)
    .find(({ phase }) => phase.name === 'merging');
  if (merging !== undefined) {
    const number = merging.parts.at(0)?.number;
    return refused({
      code: 'merge-under-way',
      environment: merging.environment,
      ...(number === undefined ? {} : { pullRequest: number }),
    });
  }
  if (!hasMerged(rollout)) return refused({ code: 'nothing-to-roll-back' });
  const busy = plans.filter(({ environment, clusters }) =>
    environmentNamed(rollout, environment)?.recoveries.some(
      (wave) => !isEnded(wave.phase) && wave.clusters.some((cluster) => clusters.includes(cluster)),
    ),
  );
  if (busy.length > 0) return refused({ code: 'already-decided' });
  if (plans.length === 0) return refused({ code: 'no-way-back' });
  return happened({
    type: 'RollbackRequested',
    by,
    reason,
    recoveries: plans.map(({ environment, clusters, repositories, to, digest }) => ({
      environment,
      wave: `rollback-${(environmentNamed(rollout, environment)?.recoveries.length ?? 0) + 1}`,
      clusters: [...clusters],
      repositories: [...repositories],
      to,
      digest,
    })),
    leftOut: [...leftOut],
    at: now,
  });
}

function stopUnfitness(may: CommandOf<'Pause'>['may']): RefusalCode | undefined {
  const unfit = unfitness(may);
  return unfit === 'not-an-approver' ? 'not-allowed-to-stop' : unfit;
}
