import type { Environment, Rollout } from './rollout.ts';
import { hasMergedPart } from './rollout.ts';

/**
 * Clusters of an environment that moved and were not taken back yet.
 * @param chosen only these; absent: all of them.
 */
export function movedClusters(
  { waves, recoveries }: Environment,
  chosen?: readonly string[],
): readonly string[] {
  const back = recoveries
    .filter(({ phase }) => phase.name !== 'overtaken' && phase.name !== 'closed')
    .flatMap(({ clusters }) => clusters);
  // A cluster whose node classes move one after another is in several waves.
  const moved = new Set(waves.filter(hasMergedPart).flatMap(({ clusters }) => clusters));
  return [...moved].filter(
    (name) => !back.includes(name) && (chosen === undefined || chosen.includes(name)),
  );
}

/** Whether a cluster that moved has a proven image to go back to, also after the rollout ended. */
export function hasWayBack({ environments }: Rollout): boolean {
  return environments.some((environment) => {
    const before = environment.waves.flatMap((wave) => wave.before);
    return movedClusters(environment).some((name) =>
      before.some(({ cluster, proven }) => cluster === name && proven),
    );
  });
}
