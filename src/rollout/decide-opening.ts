import type { CommandOf } from './command.ts';
import { type Decision, happened, nothingHappened } from './decision.ts';
import type { Rollout } from './rollout.ts';

/** The first event of a rollout: what was found, and what it means to do. */
export function open(command: CommandOf<'Open'>): Decision {
  const { release, family, scope, attempt, environments, by, skips, view, releasedAt, now } =
    command;
  const { pinsCluster, theirs } = command;
  return happened({
    type: 'RolloutOpened',
    release,
    family,
    scope,
    attempt,
    environments: [...environments],
    ...(by === undefined ? {} : { by }),
    ...(skips === undefined ? {} : { skips }),
    ...(view === undefined ? {} : { view }),
    ...(releasedAt === undefined ? {} : { releasedAt }),
    ...(pinsCluster === undefined ? {} : { pinsCluster }),
    ...(theirs === undefined ? {} : { theirs }),
    at: now,
  });
}

/** What is known of the release; said once. */
export function recordAnalysis(rollout: Rollout, command: CommandOf<'RecordAnalysis'>): Decision {
  if (rollout.analysis !== 'pending') return nothingHappened;
  const { analysis, unavailable, now } = command;
  return unavailable === undefined
    ? happened({ type: 'AnalysisCompleted', analysis, at: now })
    : happened({ type: 'AnalysisUnavailable', reason: unavailable, analysis, at: now });
}
