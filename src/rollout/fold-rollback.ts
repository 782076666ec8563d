import type { EventOf } from './events.ts';
import { endedEnvironment, endedWave } from './fold-ends.ts';
import { waveOf } from './fold-waves.ts';
import { isEnded } from './phases.ts';
import type { Environment, Rollout } from './rollout.ts';
import type { Wave } from './wave.ts';

/** Forward movement ends everywhere; the chosen clusters get a wave back each environment. */
export function rollingBack(rollout: Rollout, event: EventOf<'RollbackRequested'>): Rollout {
  const { outcome: _, snoozed: __, paused: ___, ...open } = rollout;
  const { by, reason, at, leftOut } = event;
  return {
    ...open,
    rollback: { by, reason, at, leftOut },
    environments: rollout.environments.map((environment) => environmentBack(environment, event)),
  };
}

function environmentBack(
  environment: Environment,
  { recoveries, by, at }: EventOf<'RollbackRequested'>,
): Environment {
  const { name } = environment.policy;
  const mine = recoveries.filter((one) => one.environment === name);
  if (mine.length === 0) {
    // What an earlier rollback takes back goes on.
    const goesBack = environment.recoveries.some(({ phase }) => !isEnded(phase));
    return goesBack || isEnded(environment.phase)
      ? environment
      : endedEnvironment(environment, 'closed', at);
  }
  const chosen = new Set(mine.flatMap(({ clusters }) => clusters));
  const turned = (wave: Wave): Wave => {
    if (isEnded(wave.phase)) return wave;
    return wave.clusters.some((cluster) => chosen.has(cluster))
      ? { ...wave, phase: { name: 'rolled-back', at } }
      : endedWave(wave, 'closed', at);
  };
  return {
    ...environment,
    phase: { name: 'rolling' },
    waves: environment.waves.map(turned),
    recoveries: [
      ...environment.recoveries,
      ...mine.map((one) => ({
        ...waveOf(name, { ...one, name: one.wave }),
        recovery: { to: one.to, digest: one.digest, by },
      })),
    ],
  };
}
