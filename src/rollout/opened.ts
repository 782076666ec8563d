import type { RolloutId } from '../shared/ids.ts';
import type { EventOf } from './events.ts';
import { waveOf } from './fold-waves.ts';
import type { Rollout } from './rollout.ts';

/** The state a rollout's first event gives. */
export function opened(id: RolloutId, event: EventOf<'RolloutOpened'>): Rollout {
  return {
    id,
    release: event.release,
    family: event.family,
    scope: event.scope,
    attempt: event.attempt,
    openedAt: event.at,
    ...(event.by === undefined ? {} : { openedBy: event.by }),
    skips: event.skips ?? 0,
    ...(event.view === undefined ? {} : { view: event.view }),
    releasedAt: event.releasedAt ?? event.at,
    ...(event.pinsCluster === undefined ? {} : { pinsCluster: event.pinsCluster }),
    ...(event.theirs === undefined ? {} : { theirs: event.theirs }),
    analysis: 'pending',
    environments: event.environments.map(({ policy, waves, replaces }) => ({
      policy,
      replaces,
      phase: { name: 'waiting' },
      waves: waves.map((plan) => waveOf(policy.name, plan)),
      recoveries: [],
      asks: 0,
      refusals: [],
    })),
    attempts: [],
    lastChangeAt: event.at,
  };
}
