import { compareReleases, trainOf } from '../images/releases.ts';
import type { Image, ImageSlot } from '../images/types.ts';
import type { Change, ChangeImage, PinEdit } from '../rollout/change.ts';
import { changeOf, partsOf } from '../rollout/change.ts';
import type { WavePlan } from '../rollout/plan.ts';
import type { EnvironmentPolicy } from '../rollout/policy.ts';
import { policyHash } from '../rollout/policy.ts';
import { planWaves, unknownNodeClasses } from '../rollout/waves.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { ClusterNow } from './control-planes.ts';
import type { Fleet } from './fleet.ts';
import { policyOf } from './fleet.ts';
import { floatingPins } from './floating-pins.ts';
import type { WithoutHeld } from './held-pins.ts';
import { newValue } from './new-value.ts';
import type { Placed } from './placed-pins.ts';
import { placedPins, slotsOf } from './placed-pins.ts';
import { plannedClusters } from './planned-clusters.ts';
import type { Watched } from './watched-pins.ts';
import { pinLabel } from './watched-pins.ts';
import type { World } from './world.ts';

/** What moving an environment to a release means now. */
export type Plan =
  | {
      readonly kind: 'change';
      readonly change: Change;
      readonly waves: readonly WavePlan[];
      readonly policy: EnvironmentPolicy;
    }
  /** Every pin names the release, or a newer one. */
  | { readonly kind: 'nothing'; readonly detail: string }
  /** It must not be proposed: an image is missing, or a pin cannot be moved safely. */
  | { readonly kind: 'impossible'; readonly reason: string };

/** Computes an environment's change to a release from what Git and AWS say now. */
export async function planChange(
  world: Pick<World, 'fleet' | 'images' | 'controlPlanes' | 'releases' | 'log'>,
  {
    watched,
    environment,
    release,
    pinsCluster,
    leaveOut,
  }: {
    readonly watched: Watched;
    readonly environment: string;
    readonly release: ReleaseId;
    /** Only its pins that follow every publication, which are set to the release. */
    readonly pinsCluster?: string | undefined;
    /** Leaves out what is kept back on purpose; absent: nothing is. */
    readonly leaveOut?: (placed: readonly Placed[]) => Promise<WithoutHeld>;
  },
): Promise<Plan> {
  const policy = policyOf(world.fleet, environment);
  if (policy === undefined) return { kind: 'impossible', reason: 'it is no longer configured' };
  const unknown = unknownNodeClasses(
    policy.waves,
    plannedClusters(world.fleet, environment, watched.pins),
  );
  if (unknown.length > 0) {
    return {
      kind: 'impossible',
      reason: `its waves name the EC2NodeClass ${unknown.join(', ')}, and no watched file has a pin in it: a pin elsewhere moves every EC2NodeClass it feeds together, and is not split`,
    };
  }
  const toMove =
    pinsCluster === undefined
      ? await pinsBehind(world, watched, release)
      : await floatingPins(world, watched, pinsCluster, release);
  const behind = toMove.filter(({ at }) => at.environment === environment);
  if (behind.length === 0) {
    const detail =
      pinsCluster === undefined
        ? `every pin names ${release} or newer`
        : `no pin of ${pinsCluster} says \`@latest\` any more`;
    return { kind: 'nothing', detail };
  }
  const left = await leaveOut?.(behind);
  const { placed: mine, held, tooFar } = left ?? { placed: behind, held: [], tooFar: [] };
  if (mine.length === 0) {
    const far = tooFar.map(({ at, why }) => `${at.path}: ${why}`);
    const whys = [...new Set([...held.map(({ why }) => why), ...far])].join('; ');
    return { kind: 'impossible', reason: `all of it is kept back: ${whys}` };
  }
  const special = mine.find(({ at }) => at.mode !== '100644');
  if (special !== undefined) {
    return { kind: 'impossible', reason: `${special.at.path} has Git mode ${special.at.mode}` };
  }
  const images: ChangeImage[] = [];
  const edits = new Map<string, PinEdit>();
  for (const one of mine) {
    const { at, cluster, release: from, slot } = one;
    const slots = slotsOf(one);
    const [had, has] = await Promise.all([
      slot === undefined ? world.images.ofRelease(from, slots) : [],
      world.images.ofRelease(release, slots),
    ]);
    const missing = missingOf(had, has, slot);
    if (missing.length > 0 || has.length === 0) {
      const what = missing.length === 0 ? 'any image' : missing.join(', ');
      return {
        kind: 'impossible',
        reason: `${release} does not have ${what} for Kubernetes ${cluster.kubernetes} in ${cluster.region}`,
      };
    }
    images.push(...has.map((image) => changeImage(cluster, image)));
    const value = newValue(at.pin, release, has[0]);
    if (value === undefined)
      return { kind: 'impossible', reason: `${release} has no image for ${at.path}` };
    const label = pinLabel(at.pin);
    const key = [at.repository, at.branch, at.path, label].join('\n');
    const known = edits.get(key);
    if (known !== undefined && known.to !== value.to) {
      return {
        kind: 'impossible',
        reason: `${at.path} is read by clusters that need different images`,
      };
    }
    edits.set(key, {
      repository: at.repository,
      branch: at.branch,
      path: at.path,
      object: label,
      rest: at.pin.rest,
      from: at.pin.value,
      ...value,
      clusters: [...new Set([...(known?.clusters ?? []), cluster.name])].sort(),
    });
  }
  const change = changeOf({
    environment,
    release,
    images: unique(images),
    policy: policyHash(policy),
    pins: [...edits.values()],
  });
  const waves = wavesOfChange(world.fleet, policy, change, watched);
  const most = policy.maxClustersRolling ?? Number.POSITIVE_INFINITY;
  const wide = waves.find(({ clusters }) => clusters.length > most);
  if (wide !== undefined) {
    return {
      kind: 'impossible',
      reason: `${wide.clusters.join(', ')} read the same files and cannot move one after another, and maxClustersRolling allows ${most}`,
    };
  }
  return { kind: 'change', change, policy, waves };
}

/** Waves of an environment, of the clusters that have something to move, each with its repositories. */
function wavesOfChange(
  fleet: Fleet,
  policy: EnvironmentPolicy,
  change: Change,
  watched: Watched,
): readonly WavePlan[] {
  const clusters = plannedClusters(fleet, policy.name, watched.pins);
  return planWaves(policy.waves, clusters, policy.maxClustersRolling).flatMap((wave) => {
    const parts = partsOf(change, wave);
    const moved = new Set([...parts.values()].flat().flatMap((pin) => pin.clusters));
    const those = wave.clusters.filter((cluster) => moved.has(cluster));
    const repositories = [...parts.keys()];
    return repositories.length === 0 ? [] : [{ ...wave, clusters: those, repositories }];
  });
}

async function pinsBehind(
  world: Pick<World, 'fleet' | 'images' | 'controlPlanes' | 'releases' | 'log'>,
  watched: Watched,
  release: ReleaseId,
): Promise<readonly Placed[]> {
  const { placed } = await placedPins(world, watched);
  return placed.filter(
    ({ release: now }) => trainOf(now) === trainOf(release) && compareReleases(now, release) < 0,
  );
}

/** Images the old release has and the new one lacks: nodes that run them could not be replaced. */
function missingOf(
  had: readonly Image[],
  has: readonly Image[],
  slot: ImageSlot | undefined,
): string[] {
  const word = ({ architecture, variant }: ImageSlot) => `${architecture} ${variant}`;
  const wanted = slot === undefined ? had.map(word) : [word(slot)];
  const there = new Set(has.map(word));
  return [...new Set(wanted)].filter((one) => !there.has(one));
}

function changeImage(cluster: ClusterNow, image: Image): ChangeImage {
  const { region, kubernetes, architecture, variant, imageId } = image;
  return { cluster: cluster.name, region, kubernetes, architecture, variant, imageId };
}

function unique(images: readonly ChangeImage[]): ChangeImage[] {
  return [...new Map(images.map((image) => [`${image.cluster} ${image.imageId}`, image])).values()];
}
