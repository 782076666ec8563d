import { releaseOf } from '../images/image-name.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { hasWayBack, movedClusters } from '../rollout/way-back.ts';
import { ReleaseId, type RolloutId } from '../shared/ids.ts';
import type { FleetCluster } from './fleet.ts';
import { rolloutsOf } from './rollouts-of-release.ts';
import type { World } from './world.ts';

/** Nodes of one release in one cluster. */
export type RunsThere = {
  readonly cluster: string;
  readonly environment: string;
  readonly release: string;
  readonly nodes: number;
};

export type WhereRuns = {
  readonly asked: string;
  readonly runs: readonly RunsThere[];
  /** Clusters that did not answer, or whose images could not be told: nothing is known of them. */
  readonly notSeen: readonly string[];
  /** Nodes whose image is no published one, in clusters that answered. */
  readonly unknownNodes: number;
  /** Rollouts that brought what was found, with who approved it where. */
  readonly approvals: readonly {
    readonly rollout: RolloutId;
    readonly environment: string;
    readonly by: readonly string[];
  }[];
  /** Rollouts with a proven way back, and the clusters they moved. */
  readonly waysBack: readonly {
    readonly rollout: RolloutId;
    readonly clusters: readonly string[];
  }[];
};

/** So many clusters are looked at together. */
const together = 8;

/**
 * Which clusters run a release now, by the images of their NodeClaims, whatever Git says.
 * @param asked a release, or a part of its name.
 */
export async function whereRuns(world: World, asked: string): Promise<WhereRuns> {
  const runs: RunsThere[] = [];
  const notSeen: string[] = [];
  let unknownNodes = 0;
  const queue = [...world.fleet.clusters];
  const worker = async () => {
    for (let cluster = queue.shift(); cluster !== undefined; cluster = queue.shift()) {
      const counts = await releasesIn(world, cluster);
      if (counts === undefined) notSeen.push(cluster.name);
      for (const [release, nodes] of counts ?? []) {
        if (release === undefined) unknownNodes += nodes;
        else if (release.toLowerCase().includes(asked.toLowerCase()))
          runs.push({ cluster: cluster.name, environment: cluster.environment, release, nodes });
      }
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  const rollouts: Rollout[] = [];
  for (const release of new Set(runs.map((one) => one.release)))
    rollouts.push(...(await rolloutsOf(world, ReleaseId.parse(release))));
  const order = (name: string) => world.fleet.clusters.findIndex((one) => one.name === name);
  return {
    asked,
    runs: runs.sort((a, b) => order(a.cluster) - order(b.cluster)),
    notSeen: notSeen.sort((a, b) => order(a) - order(b)),
    unknownNodes,
    approvals: rollouts.flatMap(({ id, environments }) =>
      environments.flatMap(({ policy, ask }) => {
        const by = (ask?.grants ?? []).map((grant) => grant.by);
        return by.length === 0 ? [] : [{ rollout: id, environment: policy.name, by }];
      }),
    ),
    waysBack: rollouts.filter(hasWayBack).map(({ id, environments }) => ({
      rollout: id,
      clusters: environments.flatMap((environment) => movedClusters(environment)),
    })),
  };
}

/** Nodes by the release they run, `undefined` for no published one; absent: it is not known. */
async function releasesIn(
  { clusters, images, log }: Pick<World, 'clusters' | 'images' | 'log'>,
  { name, region }: FleetCluster,
): Promise<ReadonlyMap<string | undefined, number> | undefined> {
  try {
    const { nodeClaims } = await clusters.glance(name);
    const ids = nodeClaims.flatMap(({ imageId }) => imageId ?? []);
    const described = await images.describe(region, [...new Set(ids)]);
    const names = new Map(described.map((one) => [one.imageId, releaseOf(one.name)?.release]));
    const counts = new Map<string | undefined, number>();
    for (const id of ids) counts.set(names.get(id), (counts.get(names.get(id)) ?? 0) + 1);
    return counts;
  } catch (cause) {
    log.warn({ cluster: name, cause }, 'not known what runs there');
    return undefined;
  }
}
