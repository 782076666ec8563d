import { isEnded } from './phases.ts';
import { opensEarly } from './pull-request-rule.ts';
import type { Environment, Rollout } from './rollout.ts';
import { wavesOf } from './rollout.ts';
import type { Step } from './step.ts';
import type { Wave } from './wave.ts';
import { isToMerge } from './wave.ts';

// What there is to do for a wave and its pull requests, whatever else happens in the rollout.

/** Pull requests that wait for people: looked at, so that a merge or a push by hand is noticed. */
export function openPullRequests({ waves }: Environment): readonly Step[] {
  return waves
    .filter(({ phase }) => phase.name === 'pull-request')
    .map(({ environment, name }) => ({ do: 'advance-pull-request', environment, wave: name }));
}

/** Where people are to see it before they decide: the pull requests of the wave that would be merged next. */
export function earlyPullRequest(
  rollout: Rollout,
  { policy, waves }: Environment,
): readonly Step[] {
  if (!opensEarly(policy) || rollout.paused !== undefined) return [];
  const wave = waves.find(({ phase }) => phase.name !== 'complete');
  if (wave === undefined || !isToMerge(wave)) return [];
  const { environment, name, repositories, parts } = wave;
  const open = repositories.every((one) => parts.some(({ repository }) => repository === one));
  return open ? [] : [{ do: 'open-pull-request', environment, wave: name }];
}

/** The way of a wave's pull requests to their merge. */
export function pullRequestSteps({ environment, name: wave, phase }: Wave): readonly Step[] {
  if (isEnded(phase)) return [];
  switch (phase.name) {
    case 'waiting':
      return [{ do: 'open-pull-request', environment, wave }];
    case 'pull-request':
      // Opening again is harmless: it is looked for first, and a wave may have a part that is not open yet.
      return [
        { do: 'open-pull-request', environment, wave },
        { do: 'advance-pull-request', environment, wave },
      ];
    case 'merging':
      return [{ do: 'finish-merge', environment, wave }];
    case 'merged':
    case 'syncing':
    case 'replacing':
    case 'soaking':
      return [];
  }
}

/** What has merged is followed to its end, whatever became of the rollout. */
export function followSteps({ environment, name: wave, phase }: Wave): readonly Step[] {
  if (isEnded(phase)) return [];
  switch (phase.name) {
    case 'merged':
      return [{ do: 'verify-merge', environment, wave }];
    case 'syncing':
      return [{ do: 'watch-delivery', environment, wave }];
    case 'replacing':
      return [{ do: 'watch-replacement', environment, wave }];
    case 'soaking':
      return [{ do: 'watch-soak', environment, wave }];
    case 'waiting':
    case 'pull-request':
    case 'merging':
      return [];
  }
}

/** Pull requests that nobody wants any more are closed: of waves that ended without merging, and of earlier asks. */
export function unwanted(environment: Environment): readonly Step[] {
  return wavesOf(environment).flatMap((wave) => {
    return [...wave.abandoned, ...(isEnded(wave.phase) ? wave.parts : [])]
      .filter(({ mergeSha, closedBy }) => mergeSha === undefined && closedBy === undefined)
      .map(
        ({ repository, number }): Step => ({
          do: 'close-pull-request',
          environment: wave.environment,
          wave: wave.name,
          repository,
          number,
        }),
      );
  });
}
