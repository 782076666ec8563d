import { compareReleases } from '../images/releases.ts';
import type { EnvironmentPlan } from '../rollout/plan.ts';
import { isInShare, type Share } from '../rollout/share.ts';
import { planWaves } from '../rollout/waves.ts';
import type { Placed } from './placed-pins.ts';
import { plannedClusters } from './planned-clusters.ts';
import type { Watched } from './watched-pins.ts';
import { pinLabel } from './watched-pins.ts';
import type { World } from './world.ts';

/** Environments that have something to move, in promotion order. */
export function plansOf(
  { fleet }: Pick<World, 'fleet'>,
  watched: Watched,
  behind: readonly Placed[],
): readonly EnvironmentPlan[] {
  return fleet.policies.flatMap((policy) => {
    const mine = behind.filter(({ at }) => at.environment === policy.name);
    if (mine.length === 0) return [];
    const names = [...new Set(mine.map(({ cluster }) => cluster.name))];
    const hasWork = (wave: Share, name: string) =>
      mine.some(
        ({ at, cluster }) =>
          cluster.name === name && isInShare(wave, { object: pinLabel(at.pin), clusters: [name] }),
      );
    const clusters = plannedClusters(fleet, policy.name, watched.pins);
    const waves = planWaves(policy.waves, clusters, policy.maxClustersRolling)
      .map((wave) => ({ ...wave, clusters: wave.clusters.filter((one) => hasWork(wave, one)) }))
      .filter((wave) => wave.clusters.length > 0);
    const replaces = names.map((cluster) => {
      const ofCluster = mine.filter((one) => one.cluster.name === cluster);
      const releases = [...new Set(ofCluster.map(({ release }) => release))].sort(compareReleases);
      const kubernetes = ofCluster[0]?.cluster.kubernetes;
      return {
        cluster,
        release: releases.join(', '),
        pins: ofCluster.length,
        ...(kubernetes !== undefined && { kubernetes }),
      };
    });
    return [{ policy, waves, replaces }];
  });
}
