import type { AskedImage } from '../images/asked-image.ts';
import { runsAsked } from '../images/asked-image.ts';
import { identifyImage } from '../images/identify-image.ts';
import { mergesInGitHub } from '../rollout/pull-request-rule.ts';
import type { Environment, Rollout } from '../rollout/rollout.ts';
import { hasMergedPart } from '../rollout/wave.ts';
import { waysBack } from '../rollout/way-back.ts';
import { ReleaseId, type RolloutId } from '../shared/ids.ts';
import { notHandledSum } from '../tracking/not-handled-text.ts';
import type { NotHandled } from '../tracking/types.ts';
import type { FleetCluster } from './fleet.ts';
import type { Contents, PublishedKind } from './ports/image-contents.ts';
import { rolloutsOf } from './rollouts-of-release.ts';
import type { World } from './world.ts';

/** Nodes of one cluster that run the same. */
export type RunsThere = {
  readonly cluster: string;
  readonly environment: string;
  /** Absent: no published image, and none of the configured lines. */
  readonly release?: string;
  /** Absent: not known. */
  readonly kernel?: string;
  /** NVIDIA's. Absent: not known. Null: none is in such an image. */
  readonly driver?: string | null;
  readonly nodes: number;
};

/** A rollout that merged a release into an environment where it was found, and on whose word. */
export type BroughtThere = {
  readonly rollout: RolloutId;
  readonly environment: string;
  /** People who approved it in Slack. */
  readonly by: readonly string[];
  /** The policy approved it by itself. */
  readonly automatic?: true;
  /** Logins of who merged it, where merging on GitHub is the approval. */
  readonly mergedBy?: readonly string[];
  /** Login of who merged it without the approvals, until somebody has accepted that. */
  readonly unapproved?: string;
};

export type WhereRuns = {
  readonly asked: AskedImage;
  readonly runs: readonly RunsThere[];
  /** Clusters that did not answer, or whose images could not be told: nothing is known of them. */
  readonly notSeen: readonly string[];
  /** Nodes, in clusters that answered, of which what was asked about is not known. */
  readonly unknownNodes: number;
  /** Nodes of clusters that answered which no EC2NodeClass provides: what they run was not looked at. */
  readonly notHandled: NotHandled;
  /** Clusters that answered, and where these could not be counted. */
  readonly notCounted: readonly string[];
  /** Rollouts that brought what was found there, with whose decision it was. */
  readonly approvals: readonly BroughtThere[];
  /** Of the clusters that were found, those with a proven way back, by the rollout that has it. */
  readonly waysBack: readonly {
    readonly rollout: RolloutId;
    readonly clusters: readonly { readonly cluster: string; readonly to: string }[];
  }[];
  /** Clusters that were found and cannot be taken back, and why. */
  readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
};

/** So many clusters are looked at together. */
const together = 8;

type Looking = Pick<
  World,
  'fleet' | 'clusters' | 'images' | 'contents' | 'controlPlanes' | 'journal' | 'log'
>;

/** Which clusters run something now, by the images of their NodeClaims and the kernels of their Nodes, whatever Git says. */
export async function whereRuns(world: Looking, asked: AskedImage): Promise<WhereRuns> {
  const runs: RunsThere[] = [];
  const notSeen: string[] = [];
  const notCounted: string[] = [];
  const others: NotHandled[] = [];
  let unknownNodes = 0;
  const queue = [...world.fleet.clusters];
  const worker = async () => {
    for (let cluster = queue.shift(); cluster !== undefined; cluster = queue.shift()) {
      const [there, notHandled] = await Promise.all([
        runsIn(world, cluster, asked),
        world.clusters.notHandled(cluster.name).catch(() => undefined),
      ]);
      if (there === undefined) {
        notSeen.push(cluster.name);
        continue;
      }
      if (notHandled === undefined) notCounted.push(cluster.name);
      else others.push(notHandled);
      for (const one of there) {
        const answer = runsAsked(asked, one);
        if (answer === true) runs.push(one);
        if (answer === 'unknown') unknownNodes += one.nodes;
      }
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  const names = world.fleet.clusters.map(({ name }) => name);
  const order = (name: string) => names.indexOf(name);
  return {
    asked,
    runs: runs.sort((a, b) => order(a.cluster) - order(b.cluster)),
    notSeen: notSeen.sort((a, b) => order(a) - order(b)),
    unknownNodes,
    notHandled: notHandledSum(others),
    notCounted: notCounted.sort((a, b) => order(a) - order(b)),
    ...(await broughtBy(world, runs)),
  };
}

/** Who approved what was found, and what can take it back. */
async function broughtBy(
  world: Pick<World, 'fleet' | 'journal'>,
  runs: readonly RunsThere[],
): Promise<Pick<WhereRuns, 'approvals' | 'waysBack' | 'leftOut'>> {
  const rollouts: Rollout[] = [];
  const releases = runs.flatMap(({ release }) => ReleaseId.safeParse(release).data ?? []);
  for (const release of new Set(releases)) rollouts.push(...(await rolloutsOf(world, release)));
  const found = [...new Set(runs.map(({ cluster }) => cluster))];
  const back = new Map<RolloutId, { cluster: string; to: string }[]>();
  const why = new Map<string, string>();
  // The newest first: a cluster that moved on since goes back by what moved it last.
  for (const { id, release, environments } of rollouts.toSorted(byNewest)) {
    const there = found.filter((name) =>
      runs.some((one) => one.cluster === name && one.release === release),
    );
    for (const way of environments.flatMap((environment) => waysBack(environment, there))) {
      const { cluster } = way;
      if (why.has(cluster) || [...back.values()].flat().some((one) => one.cluster === cluster))
        continue;
      if ('why' in way) why.set(cluster, way.why);
      else back.set(id, [...(back.get(id) ?? []), { cluster, to: way.to }]);
    }
  }
  const taken = [...back.values()].flat().map(({ cluster }) => cluster);
  return {
    approvals: rollouts.flatMap((rollout) =>
      rollout.environments.flatMap(decisionOn(rollout, runs)),
    ),
    waysBack: [...back].map(([rollout, clusters]) => ({ rollout, clusters })),
    leftOut: found
      .filter((name) => !taken.includes(name))
      .map((cluster) => ({
        cluster,
        why: why.get(cluster) ?? 'there is no recorded way back from it',
      })),
  };
}

/** On whose word a rollout came to where it was found; nothing for what it was only asked about. */
function decisionOn({ id, release }: Rollout, runs: readonly RunsThere[]) {
  return ({ policy, ask, waves, unapprovedMerge }: Environment): readonly BroughtThere[] => {
    const merged = waves.filter(hasMergedPart);
    const isThere = runs.some(
      (one) =>
        one.release === release && merged.some(({ clusters }) => clusters.includes(one.cluster)),
    );
    if (!isThere) return [];
    const logins = merged.flatMap(({ parts }) => parts.flatMap(({ mergedBy }) => mergedBy ?? []));
    return [
      {
        rollout: id,
        environment: policy.name,
        by: (ask?.grants ?? []).map(({ by }) => by),
        ...(ask?.automatic === undefined ? {} : { automatic: true }),
        ...(mergesInGitHub(policy) ? { mergedBy: [...new Set(logins)] } : {}),
        ...(unapprovedMerge === undefined ? {} : { unapproved: unapprovedMerge.by }),
      },
    ];
  };
}

function byNewest(a: Rollout, b: Rollout): number {
  return b.openedAt - a.openedAt;
}

/** Nodes that run the same, counted; `undefined`: it is not known. */
async function runsIn(
  world: Looking,
  cluster: FleetCluster,
  { by }: AskedImage,
): Promise<readonly RunsThere[] | undefined> {
  const { clusters, images, fleet, log } = world;
  const { name, environment, region } = cluster;
  try {
    const [{ nodeClaims }, kernels] = await Promise.all([
      clusters.glance(name),
      by === 'release' ? new Map<string, string>() : clusters.kernels(name),
    ]);
    const claims = nodeClaims.filter(({ imageId }) => imageId !== undefined);
    const ids = [...new Set(claims.flatMap(({ imageId }) => imageId ?? []))];
    const kinds = new Map<string, PublishedKind>();
    for (const image of await images.describe(region, ids)) {
      const found = identifyImage(image, fleet.customLines);
      if (found.kind === 'unknown') continue;
      const { architecture, variant, kubernetes } = found.image;
      const minor = kubernetes ?? (await world.controlPlanes.minorOf(cluster));
      const { release } = found;
      kinds.set(image.imageId, { release, architecture, variant, kubernetes: minor });
    }
    const said = by === 'release' ? [] : await world.contents.of([...kinds.values()]);
    const contents = new Map([...kinds.keys()].map((id, i) => [id, said[i] ?? {}]));
    const counts = new Map<string, RunsThere>();
    for (const { imageId = '', nodeName = '' } of claims) {
      const release = kinds.get(imageId)?.release;
      const inside: Contents = contents.get(imageId) ?? {};
      // The Node says what it booted; the notes only what was built into its image.
      const kernel = kernels.get(nodeName) ?? inside.kernel;
      const one = {
        cluster: name,
        environment,
        ...(release === undefined ? {} : { release }),
        ...(kernel === undefined ? {} : { kernel }),
        ...(inside.driver === undefined ? {} : { driver: inside.driver }),
      };
      const key = JSON.stringify(one);
      counts.set(key, { ...one, nodes: (counts.get(key)?.nodes ?? 0) + 1 });
    }
    return [...counts.values()];
  } catch (cause) {
    log.warn({ cluster: name, cause }, 'not known what runs there');
    return undefined;
  }
}
