import type { RollBackChoice } from '../blocks/roll-back-modal.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { waysBack } from '../src/rollout/way-back.ts';

/** What can be taken back now, from the record alone; no clusters when nothing can. */
export function rollBackChoice(rollout: Rollout): RollBackChoice {
  const ways = rollout.environments.map((environment) => ({
    name: environment.policy.name,
    ways: waysBack(environment),
  }));
  const all = ways.flatMap((one) => one.ways);
  return {
    clusters: all.flatMap((way) => ('to' in way ? [way] : [])),
    leftOut: all.flatMap((way) => ('why' in way ? [way] : [])),
    environments: ways.flatMap((one) => {
      const clusters = one.ways.flatMap((way) => ('to' in way ? [way.cluster] : []));
      return clusters.length === 0 ? [] : [{ name: one.name, clusters }];
    }),
  };
}
