import type { Environment, Rollout, Wave } from '../src/rollout/rollout.ts';

/** Steps of the way from the first to the last node; arriving is none, as the soak that follows is told anyway. */
const steps = 2;

/**
 * The rollout as far as the card is worth an edit: counts move by steps, however many nodes there are, and the time of
 * the last change alone is no news. Each count in full would cost Slack two calls, as the thread tells it as well.
 */
export function withoutTicks(rollout: Rollout): Rollout {
  return {
    ...rollout,
    lastChangeAt: rollout.openedAt,
    environments: rollout.environments.map(
      (environment): Environment => ({
        ...environment,
        waves: environment.waves.map(inSteps),
        recoveries: environment.recoveries.map(inSteps),
      }),
    ),
  };
}

function inSteps(wave: Wave): Wave {
  const { phase } = wave;
  if (phase.name !== 'replacing' || phase.total === 0) return wave;
  const replaced = Math.min(Math.floor((steps * phase.replaced) / phase.total), steps - 1);
  return { ...wave, phase: { ...phase, replaced } };
}
