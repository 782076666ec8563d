import type { Instant } from '../shared/time.ts';
import { withEnvironment } from './fold.ts';
import type { Ended } from './phases.ts';
import { isEnded } from './phases.ts';
import { cutOffBy } from './promotion.ts';
import type { Environment, Rollout } from './rollout.ts';
import type { Wave } from './wave.ts';

/**
 * Ends an environment with all that is not merged, a merge under way included: its pull request is closed, or found
 * merged. Waves whose nodes already move are followed to their end.
 */
export function endedEnvironment(environment: Environment, name: Ended, at: Instant): Environment {
  return {
    ...environment,
    phase: { name, at },
    waves: environment.waves.map((wave) => endedWave(wave, name, at)),
  };
}

/** Ends a wave that is not merged; what was merged is followed to its own end. */
export function endedWave(wave: Wave, name: Ended, at: Instant): Wave {
  const { name: now } = wave.phase;
  const ends = now === 'waiting' || now === 'pull-request' || now === 'merging';
  return ends ? { ...wave, phase: { name, at } } : wave;
}

/** Ends every environment that has not ended. */
export function endedAll(rollout: Rollout, name: Ended, at: Instant): Rollout {
  return {
    ...rollout,
    environments: rollout.environments.map((environment) =>
      isEnded(environment.phase) ? environment : endedEnvironment(environment, name, at),
    ),
  };
}

/** Ends an environment, and every environment that may only follow it. */
export function endedWithDependents(
  rollout: Rollout,
  name: string,
  ended: Ended,
  at: Instant,
): Rollout {
  return dependentsEnded(
    withEnvironment(rollout, name, (environment) => endedEnvironment(environment, ended, at)),
    at,
  );
}

/** Environments that can never start, because one before them ended without completing, end as that one did. */
export function dependentsEnded(rollout: Rollout, at: Instant): Rollout {
  if (rollout.rollback !== undefined) return rollout;
  for (const environment of rollout.environments) {
    if (isEnded(environment.phase)) continue;
    const name = cutOffBy(rollout, environment);
    if (name === undefined) continue;
    const ended = withEnvironment(rollout, environment.policy.name, (one) =>
      endedEnvironment(one, name, at),
    );
    return dependentsEnded(ended, at);
  }
  return rollout;
}

/** A pull request that somebody closed ends its environment, or its way back. */
export function closedBy(environment: Environment, at: Instant): Environment {
  if (environment.recoveries.length > 0) return completedBy(environment, at);
  const closed = environment.waves.some(({ phase }) => phase.name === 'closed');
  return closed && !isEnded(environment.phase)
    ? endedEnvironment(environment, 'closed', at)
    : environment;
}

/** The environment after a wave ended: complete with its last wave, or back with the last of its ways back. */
export function completedBy(environment: Environment, at: Instant): Environment {
  const { recoveries, waves } = environment;
  if (recoveries.length === 0) {
    const complete = waves.every(({ phase }) => phase.name === 'complete');
    return complete && !isEnded(environment.phase)
      ? { ...environment, phase: { name: 'complete' } }
      : environment;
  }
  if (!recoveries.every(({ phase }) => isEnded(phase))) return environment;
  const name = recoveredAs(recoveries);
  return { ...environment, phase: { name, at } };
}

/** `rolled-back` only where every cluster that was to go back went back, be it at the second attempt. */
function recoveredAs(recoveries: readonly Wave[]): Ended {
  const back = new Set(
    recoveries.filter(({ phase }) => phase.name === 'complete').flatMap(({ clusters }) => clusters),
  );
  const open = recoveries.filter(({ clusters }) => !clusters.every((name) => back.has(name)));
  const phase = open.at(-1)?.phase;
  return phase !== undefined && 'at' in phase && phase.name !== 'complete'
    ? phase.name
    : 'rolled-back';
}
