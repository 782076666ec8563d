import type { CommandOf } from './command.ts';
import { type Decision, happened, nothingHappened } from './decision.ts';
import type { ClosedOutcome } from './ending-events.ts';
import type { Environment, Rollout } from './rollout.ts';
import { hasMerged, isSettled } from './rollout.ts';

/** A newer release takes over, but only before the first merge: what began moving is finished. */
export function supersede(rollout: Rollout, { newer, now }: CommandOf<'Supersede'>): Decision {
  if (rollout.outcome !== undefined || hasMerged(rollout)) return nothingHappened;
  return happened({ type: 'RolloutSuperseded', by: newer, at: now });
}

/** What is not merged goes no further; what moves already is followed, and can be taken back. */
export function recall(rollout: Rollout, { reason, now }: CommandOf<'Recall'>): Decision {
  const { outcome, recalled, rollback } = rollout;
  if (outcome !== undefined || recalled !== undefined || rollback !== undefined)
    return nothingHappened;
  return happened({ type: 'ReleaseRecalled', reason, at: now });
}

/** Ends the rollout when nothing in it moves any more, under the name of what stopped it. */
export function close(rollout: Rollout, { now }: CommandOf<'Close'>): Decision {
  if (rollout.outcome !== undefined || !isSettled(rollout)) return nothingHappened;
  const { environments, rollback } = rollout;
  const returned = environments.filter(({ recoveries }) => recoveries.length > 0);
  if (rollback !== undefined && returned.every(({ phase }) => phase.name === 'rolled-back')) {
    return happened({ type: 'RolloutRolledBack', at: now });
  }
  const { switched } = rollout;
  if (switched !== undefined && rollback === undefined) {
    return happened({ type: 'RolloutSuperseded', by: switched.to, at: now });
  }
  const moved = environments.filter(({ observed }) => observed === undefined);
  if (moved.length > 0 && moved.every(isComplete)) {
    return happened({ type: 'RolloutCompleted', at: now });
  }
  if (moved.length === 0) {
    return happened({ type: 'RolloutClosed', outcome: 'observed', at: now });
  }
  // A way back that did not lead back is what the rollout ends as, whatever became of the rest.
  const telling = rollback === undefined ? moved : returned;
  const phases = new Set<string>(telling.map(({ phase }) => phase.name));
  const order: readonly ClosedOutcome[] = [
    'failed',
    'withdrawn',
    'rejected',
    'expired',
    'overtaken',
    'closed',
  ];
  const outcome = order.find((name) => phases.has(name)) ?? 'closed';
  return happened({ type: 'RolloutClosed', outcome, at: now });
}

function isComplete({ phase }: Environment): boolean {
  return phase.name === 'complete';
}
