import type { Environment, Rollout } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';

/**
 * Steps of the way from the first to the last node at which card and live progress are edited, however many nodes there
 * are: the same for both, so that they agree. For the card arriving is none, as the soak that follows is told anyway.
 */
export const editSteps = 2;

/**
 * The rollout as far as the card is worth an edit: counts move by steps, however many nodes there are, and neither
 * the time of the last change alone nor a merge on its way is news. Each count in full would cost Slack two calls, as the thread tells it as well.
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
  // A merge takes moments, and the thread tells it once it is made.
  if (phase.name === 'merging') return { ...wave, phase: { name: 'pull-request' } };
  if (phase.name !== 'replacing' || phase.total === 0) return wave;
  const replaced = Math.min(Math.floor((editSteps * phase.replaced) / phase.total), editSteps - 1);
  return { ...wave, phase: { ...phase, replaced } };
}
