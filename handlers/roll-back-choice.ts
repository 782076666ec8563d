import type { RollBackChoice } from '../blocks/modals.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { movedClusters } from '../src/rollout/way-back.ts';

/** What can be taken back now, from the record alone; no clusters when nothing can. */
export function rollBackChoice(rollout: Rollout): RollBackChoice {
  const environments = rollout.environments.flatMap((environment) => {
    const clusters = movedClusters(environment);
    return clusters.length === 0 ? [] : [{ name: environment.policy.name, clusters }];
  });
  const before = rollout.environments.flatMap(({ waves }) => waves).flatMap((wave) => wave.before);
  const moved = environments.flatMap(({ clusters }) => clusters);
  const clusters = moved.flatMap((cluster) => {
    const known = before.find((one) => one.cluster === cluster);
    return known?.proven === true ? [{ cluster, to: known.release }] : [];
  });
  const leftOut = moved
    .filter((cluster) => !clusters.some((one) => one.cluster === cluster))
    .map((cluster) => ({ cluster, why: 'no proven image to go back to' }));
  return { clusters, leftOut, environments };
}
