import type { Rollout } from './rollout.ts';
import type { Wave } from './wave.ts';
import { hasMergedPart } from './wave.ts';

/** What a brake holds, or is letting go of, in one cluster. */
export type BrakeOrder = {
  readonly cluster: string;
  /** False: our marks are to be taken away. */
  readonly hold: boolean;
  /** The wave that moves its nodes, whose images tell old from new. */
  readonly wave: Wave | undefined;
};

/** Clusters whose old nodes would go on being replaced by themselves, whatever is paused. */
export function clustersToBrake({ environments }: Rollout): readonly string[] {
  const moving = environments.flatMap(({ waves }) => waves.filter(movesNodes));
  return [...new Set(moving.flatMap(({ clusters }) => clusters))];
}

function movesNodes({ phase: { name } }: Wave): boolean {
  return name === 'merged' || name === 'syncing' || name === 'replacing';
}

/**
 * What a brake asks for now, cluster by cluster. It holds until somebody resumes, or the rollout ends; on the way back it
 * holds until the cluster says the earlier image again, since only then nothing drifts away from the old nodes.
 */
export function brakeOrders(rollout: Rollout): readonly BrakeOrder[] {
  const { brake, outcome, environments } = rollout;
  if (brake === undefined) return [];
  return brake.clusters.map((cluster) => {
    const of = ({ clusters }: Wave) => clusters.includes(cluster);
    const wave = environments
      .flatMap(({ waves }) => waves)
      .findLast((one) => of(one) && hasMergedPart(one));
    const back = environments.flatMap(({ recoveries }) => recoveries).findLast(of);
    const isBack = back !== undefined && !isOnItsWay(back);
    return { cluster, hold: !brake.releasing && outcome === undefined && !isBack, wave };
  });
}

/** Its cluster does not say the earlier image yet. */
function isOnItsWay({ phase: { name } }: Wave): boolean {
  return ['waiting', 'pull-request', 'merging', 'merged', 'syncing'].includes(name);
}
