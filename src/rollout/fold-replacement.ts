import type { Instant } from '../shared/time.ts';
import type { EventOf } from './events.ts';
import { changedWave, withEnvironment, withWave } from './fold.ts';
import { completedBy } from './fold-ends.ts';
import { unstalled } from './fold-waves.ts';
import type { Rollout } from './rollout.ts';
import type { Wave } from './wave.ts';

/** Somebody wants the EC2NodeClass of one cluster synced. */
export function syncRequested(rollout: Rollout, event: EventOf<'SyncRequested'>): Rollout {
  const { cluster, by, at } = event;
  return withWave(rollout, event, (wave) => {
    const { phase } = wave;
    if (phase.name !== 'syncing') return wave;
    return { ...wave, phase: { ...phase, asked: { ...phase.asked, [cluster]: { by, at } } } };
  });
}

/** A cluster says the new image; once all of them do, their nodes are followed. */
export function syncObserved(rollout: Rollout, event: EventOf<'SyncObserved'>): Rollout {
  return withWave(rollout, event, (wave) => {
    if (wave.phase.name !== 'syncing') return wave;
    const synced = [...new Set([...wave.phase.synced, event.cluster])];
    return wave.clusters.every((cluster) => synced.includes(cluster))
      ? { ...wave, phase: { name: 'replacing', since: event.at, replaced: 0, total: 0 } }
      : { ...wave, phase: { ...wave.phase, synced } };
  });
}

/** Nodes counted. */
export function replacementObserved(
  rollout: Rollout,
  event: EventOf<'ReplacementObserved'>,
): Rollout {
  return withWave(rollout, event, (wave) =>
    wave.phase.name === 'replacing'
      ? { ...wave, phase: { ...wave.phase, replaced: event.replaced, total: event.total } }
      : wave,
  );
}

/** Every node is there, but for a tail; where the policy asks about that, the rollout is paused until somebody resumes it. */
export function soakStarted(rollout: Rollout, event: EventOf<'SoakStarted'>): Rollout {
  const { at, until, total, tail, asks } = event;
  const soaking = withWave(rollout, event, (wave) => ({
    ...unstalled(wave),
    ...(asks === undefined ? {} : { tailAsked: true }),
    phase: {
      name: 'soaking',
      since: at,
      until,
      total,
      ...(tail === undefined ? {} : { tail }),
      ...(asks === undefined ? {} : { asks: true }),
    },
  }));
  if (asks === undefined) return soaking;
  const reason = `nodes of ${event.environment} cannot move yet, and the policy asks whether to go on without them`;
  return pausedByPolicy(soaking, at, reason);
}

/** A node did not stay well: the soak begins again once all are. */
export function soakBroken(rollout: Rollout, event: EventOf<'SoakBroken'>): Rollout {
  return withWave(rollout, event, (wave) =>
    wave.phase.name === 'soaking'
      ? {
          ...wave,
          phase: { name: 'replacing', since: event.at, replaced: 0, total: wave.phase.total },
          stalled: { since: event.at, blockers: [event.because], soak: true },
        }
      : wave,
  );
}

/** The end of a wave, which may be that of its environment. */
export function waveCompleted(rollout: Rollout, event: EventOf<'WaveCompleted'>): Rollout {
  return withEnvironment(rollout, event.environment, (environment) => {
    const { at, proven, replaced, tail } = event;
    const complete = (wave: Wave): Wave => ({
      ...unstalled(wave),
      phase: { name: 'complete', at, proven, replaced, tail },
    });
    return completedBy(changedWave(environment, event.wave, complete), at);
  });
}

/** Its window ended while nodes moved. */
export function windowEnded(rollout: Rollout, event: EventOf<'WindowEnded'>): Rollout {
  const ended = withWave(rollout, event, (wave) => ({ ...wave, windowEndedAt: event.at }));
  const reason = `the window of ${event.environment} ended while nodes were being replaced`;
  return pausedByPolicy(ended, event.at, reason);
}

/** New nodes were worse than the old ones. */
export function halted(rollout: Rollout, event: EventOf<'RolloutHalted'>): Rollout {
  const marked = withWave(rollout, event, (wave) => ({
    ...wave,
    haltedBy: [...new Set([...(wave.haltedBy ?? []), ...event.checks])],
    haltedAt: event.at,
  }));
  const [first] = event.evidence;
  const why = first === undefined ? '' : `: ${first}`;
  const reason = `a check of health in ${event.environment} is breached${why}`;
  return pausedByPolicy(marked, event.at, reason);
}

/** Whoever paused it before is who it waits for. */
function pausedByPolicy(rollout: Rollout, at: Instant, reason: string): Rollout {
  return rollout.paused === undefined ? { ...rollout, paused: { at, reason } } : rollout;
}
