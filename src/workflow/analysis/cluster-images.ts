import { releaseOf } from '../../images/image-name.ts';
import { compareReleases } from '../../images/releases.ts';
import type { Architecture, Variant } from '../../images/types.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { ReleaseId } from '../../shared/ids.ts';
import { minute } from '../../shared/time.ts';
import type { ClusterView } from '../../tracking/types.ts';
import type { FleetCluster } from '../fleet.ts';
import type { World } from '../world.ts';

/** A kind of image that some clusters run now, and would replace. */
export type RunningImage = {
  /** The clusters' Kubernetes minor, such as `1.35`. */
  readonly kubernetes: string;
  readonly architecture: Architecture;
  readonly variant: Variant;
  /** Such as `al2023@v20251108`; `unknown` where nobody can tell. */
  readonly from: string;
  readonly clusters: readonly string[];
};

export type RunningImages = {
  /** What most clusters run first. */
  readonly images: readonly RunningImage[];
  /** Nodes that run an older release; absent: not every cluster could be seen. */
  readonly nodes?: number;
  /** What could not be told, a sentence each. */
  readonly unknowns: readonly string[];
};

/** So many clusters are looked at together. */
const together = 8;
/** After this long, in ms of real time, what was not seen is taken from the pins. */
const patienceMs = minute;

type Kind = Pick<RunningImage, 'architecture' | 'variant' | 'from'>;
type Seen = { readonly kinds: readonly Kind[]; readonly nodes: number; readonly unknown?: string };

/**
 * What the clusters of a rollout run now: by the images of their NodeClaims, and where there are none (or the cluster
 * does not answer) by what their pins name. A release older than the pins say is what really is replaced.
 */
export async function runningImages(
  world: Pick<World, 'fleet' | 'clusters' | 'images' | 'clock' | 'log'>,
  { release, family, environments }: Pick<Rollout, 'release' | 'family' | 'environments'>,
): Promise<RunningImages> {
  const pinned = environments.flatMap(({ replaces }) => replaces);
  const until = world.clock.monotonic() + patienceMs;
  const seen = new Map<string, Seen>();
  const queue = pinned.flatMap(
    ({ cluster }) => world.fleet.clusters.find(({ name }) => name === cluster) ?? [],
  );
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (world.clock.monotonic() > until) return;
      const found = await seenIn(world, next, { release, family });
      if (found !== undefined) seen.set(next.name, found);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return gathered(world.fleet.clusters, pinned, seen);
}

async function seenIn(
  { clusters, images, log }: Pick<World, 'clusters' | 'images' | 'log'>,
  { name, region }: FleetCluster,
  { release, family }: Pick<Rollout, 'release' | 'family'>,
): Promise<Seen | undefined> {
  try {
    const view = await clusters.glance(name);
    const ids = view.nodeClaims.flatMap(({ imageId }) => imageId ?? []);
    const described = await images.describe(region, [...new Set(ids)]);
    const names = new Map(described.map((image) => [image.imageId, releaseOf(image.name)]));
    const kinds = new Map<string, Kind>();
    let [nodes, strange] = [0, 0];
    for (const id of ids) {
      const known = names.get(id);
      if (known === undefined) strange += 1;
      if (known?.family !== family || compareReleases(known.release, release) >= 0) continue;
      nodes += 1;
      const { architecture, variant, release: from } = known;
      kinds.set([architecture, variant, from].join(' '), { architecture, variant, from });
    }
    return {
      kinds: kinds.size > 0 ? [...kinds.values()] : kindsOfPools(view),
      nodes,
      ...(strange === 0
        ? {}
        : {
            unknown: `${strange} ${strange === 1 ? 'node' : 'nodes'} of ${name} ran an image that is no published one.`,
          }),
    };
  } catch (cause) {
    log.warn({ cluster: name, cause }, 'cluster not seen for the analysis');
    return undefined;
  }
}

/** Without an older node: the images that its NodePools would launch. Their release is the pins'. */
function kindsOfPools({ nodePools }: ClusterView): readonly Kind[] {
  const architectures = new Set(nodePools.flatMap(({ architectures: all }) => all));
  return [...architectures].map((architecture) => ({
    architecture,
    variant: 'standard',
    from: '',
  }));
}

/** Where nobody looked, the image that every fleet has. */
const assumed: readonly Kind[] = [{ architecture: 'x86_64', variant: 'standard', from: '' }];

function gathered(
  fleet: readonly FleetCluster[],
  pinned: Rollout['environments'][number]['replaces'],
  seen: ReadonlyMap<string, Seen>,
): RunningImages {
  const images = new Map<string, RunningImage & { clusters: string[] }>();
  const unseen: string[] = [];
  for (const { cluster: name, release: pins, kubernetes: then } of pinned) {
    const cluster = fleet.find((one) => one.name === name);
    if (cluster === undefined) continue;
    const found = seen.get(name);
    if (found === undefined) unseen.push(name);
    const kinds = found === undefined || found.kinds.length === 0 ? assumed : found.kinds;
    for (const { architecture, variant, from } of kinds) {
      for (const release of from === '' ? releasesIn(pins) : [from]) {
        // Its control plane's when the rollout was opened: the configuration may leave it to EKS.
        const kubernetes = then ?? cluster.kubernetes ?? 'unknown';
        const key = [kubernetes, architecture, variant, release].join(' ');
        const known = images.get(key);
        if (known === undefined) {
          images.set(key, { kubernetes, architecture, variant, from: release, clusters: [name] });
        } else if (!known.clusters.includes(name)) known.clusters.push(name);
      }
    }
  }
  const nodes = [...seen.values()].reduce((sum, one) => sum + one.nodes, 0);
  return {
    images: [...images.values()].sort(
      (a, b) =>
        b.clusters.length - a.clusters.length ||
        Number(b.kubernetes.split('.')[1]) - Number(a.kubernetes.split('.')[1]),
    ),
    ...(unseen.length === 0 ? { nodes } : {}),
    unknowns: [
      ...(unseen.length === 0
        ? []
        : [
            `What runs in ${unseen.slice(0, 3).join(', ')}${unseen.length > 3 ? ` and ${unseen.length - 3} more` : ''} was not seen; the release of the pins was compared, for the standard image.`,
          ]),
      ...[...seen.values()].flatMap(({ unknown }) => unknown ?? []).slice(0, 3),
    ],
  };
}

/** `replaces` names several releases where a cluster has several pins. */
function releasesIn(pins: string): readonly string[] {
  const named = pins.split(', ').flatMap((one) => {
    const release = ReleaseId.safeParse(one);
    return release.success ? [release.data] : [];
  });
  return named.length === 0 ? ['unknown'] : named;
}
