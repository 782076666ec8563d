import type { EventOf } from './events.ts';
import { changedWave, withEnvironment, withWave } from './fold.ts';
import { decidedPhase } from './fold-approvals.ts';
import { completedBy, endedAll, endedWithDependents } from './fold-ends.ts';
import type { Rollout } from './rollout.ts';
import { waveNamed } from './rollout.ts';

export function mergeStarted(rollout: Rollout, event: EventOf<'MergeStarted'>): Rollout {
  return withEnvironment(rollout, event.environment, (environment) => {
    const started = changedWave(environment, event.wave, ({ held: _, ...wave }) => ({
      ...wave,
      phase: { name: 'merging', since: event.at, digest: event.digest },
      decidedAt: event.at,
      before: event.before.length > 0 ? event.before : wave.before,
    }));
    return { ...started, phase: { name: 'rolling' } };
  });
}

export function mergeHeld(rollout: Rollout, event: EventOf<'MergeHeld'>): Rollout {
  const { because, detail, at } = event;
  return withEnvironment(rollout, event.environment, (environment) => {
    const backed = changedWave(
      environment,
      event.wave,
      ({ decidedAt: _, pressed: ___, ...wave }) => ({
        ...wave,
        phase: { name: 'pull-request' },
        parts: wave.parts.map(({ queuedAt: __, ...part }) => part),
        held: { because, at, ...(detail === undefined ? {} : { detail }) },
        holds: (wave.holds ?? 0) + 1,
      }),
    );
    return { ...backed, phase: decidedPhase(backed) };
  });
}

/** What landed is not what was approved: nothing in the rollout goes on by itself. */
export function differing(rollout: Rollout, event: EventOf<'MergeDiffers'>): Rollout {
  const { detail, at } = event;
  const marked = withEnvironment(rollout, event.environment, (environment) => ({
    ...environment,
    differs: { detail, at },
  }));
  if (isRecovery(marked, event)) return recoveryEnded(marked, event, 'failed');
  const failed = withWave(marked, event, (wave) => ({ ...wave, phase: { name: 'failed', at } }));
  // All that goes forward has ended already where a rollback was asked for.
  if (rollout.rollback !== undefined) return failed;
  return endedAll(endedWithDependents(failed, event.environment, 'failed', at), 'closed', at);
}

/** Somebody moved the pin by hand: the wave yields, and a way back ends by itself. */
export function pinOvertaken(rollout: Rollout, event: EventOf<'PinOvertaken'>): Rollout {
  const { by, detail, at } = event;
  if (isRecovery(rollout, event)) return recoveryEnded(rollout, event, 'overtaken');
  return withEnvironment(
    endedWithDependents(rollout, event.environment, 'overtaken', at),
    event.environment,
    (environment) => ({ ...environment, overtaken: { by, detail, at } }),
  );
}

function recoveryEnded(
  rollout: Rollout,
  { environment: name, wave, at }: EventOf<'PinOvertaken' | 'MergeDiffers'>,
  ended: 'overtaken' | 'failed',
): Rollout {
  return withEnvironment(rollout, name, (environment) =>
    completedBy(
      changedWave(environment, wave, (one) => ({ ...one, phase: { name: ended, at } })),
      at,
    ),
  );
}

function isRecovery(
  rollout: Rollout,
  { environment, wave }: EventOf<'PinOvertaken' | 'MergeDiffers'>,
): boolean {
  return waveNamed(rollout, environment, wave)?.recovery !== undefined;
}
