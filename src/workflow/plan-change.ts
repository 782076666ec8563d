import { aliasOf } from '../images/alias.ts';
import { releaseOf } from '../images/image-name.ts';
import { compareReleases } from '../images/releases.ts';
import type { Architecture, Image, ImageSlot, Variant } from '../images/types.ts';
import type { Change, ChangeImage, PinEdit } from '../rollout/change.ts';
import { changeOf, partsOf } from '../rollout/change.ts';
import type { WavePlan } from '../rollout/events.ts';
import type { EnvironmentPolicy } from '../rollout/policy.ts';
import { policyHash } from '../rollout/policy.ts';
import { planWaves } from '../rollout/waves.ts';
import { ReleaseId } from '../shared/ids.ts';
import type { Fleet, FleetCluster } from './fleet.ts';
import { clustersOf, policyOf } from './fleet.ts';
import type { Images } from './ports/images.ts';
import type { Watched, WatchedPin } from './watched-pins.ts';
import { pinLabel } from './watched-pins.ts';

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

/** AL2023 images a cluster may run. Source: ami-sources, Karpenter tries these five paths for an alias. */
const al2023Slots: readonly (readonly [Architecture, Variant])[] = [
  ['x86_64', 'standard'],
  ['x86_64', 'nvidia'],
  ['x86_64', 'neuron'],
  ['arm64', 'standard'],
  ['arm64', 'nvidia'],
];

/** The slots an alias may resolve to in a cluster. */
export function slotsOfAlias({ region, kubernetes }: FleetCluster): readonly ImageSlot[] {
  return al2023Slots.map(([architecture, variant]) => ({
    family: 'al2023',
    region,
    kubernetes,
    architecture,
    variant,
  }));
}

/** A movable pin and the release it names now. */
export type Placed = {
  readonly at: WatchedPin;
  readonly cluster: FleetCluster;
  readonly release: ReleaseId;
  /** The one slot of an AMI id; absent for an alias, which covers all of them. */
  readonly slot?: ImageSlot;
};

/** Pins of the fleet that Amiable can move, with the release each names now. Unmapped AMI ids are left out and named. */
export async function placedPins(
  { fleet, images }: { readonly fleet: Fleet; readonly images: Images },
  watched: Watched,
): Promise<{ readonly placed: readonly Placed[]; readonly unmapped: readonly WatchedPin[] }> {
  const placed: Placed[] = [];
  const unmapped: WatchedPin[] = [];
  const ids = new Map<string, { pins: { at: WatchedPin; cluster: FleetCluster }[] }>();
  for (const at of watched.pins) {
    if (!at.pin.editable) continue;
    for (const name of at.clusters) {
      const cluster = fleet.clusters.find((candidate) => candidate.name === name);
      if (cluster === undefined) continue;
      if (at.pin.kind === 'alias') {
        const release = ReleaseId.safeParse(at.pin.value);
        if (release.success && release.data.startsWith('al2023@')) {
          placed.push({ at, cluster, release: release.data });
        }
      } else if (at.pin.kind === 'id') {
        const inRegion = ids.get(cluster.region) ?? { pins: [] };
        inRegion.pins.push({ at, cluster });
        ids.set(cluster.region, inRegion);
      }
    }
  }
  for (const [region, { pins }] of ids) {
    const described = await images.describe(region, [
      ...new Set(pins.map(({ at }) => at.pin.value)),
    ]);
    for (const { at, cluster } of pins) {
      const image = described.find(({ imageId }) => imageId === at.pin.value);
      const known = image === undefined ? undefined : releaseOf(image.name);
      if (known === undefined || known.family !== 'al2023') {
        unmapped.push(at);
        continue;
      }
      const { architecture, variant } = known;
      placed.push({
        at,
        cluster,
        release: known.release,
        slot: { family: 'al2023', region, kubernetes: cluster.kubernetes, architecture, variant },
      });
    }
  }
  return { placed, unmapped };
}

/** Computes an environment's change to a release from what Git and AWS say now. */
export async function planChange(
  world: { readonly fleet: Fleet; readonly images: Images },
  {
    watched,
    environment,
    release,
  }: {
    readonly watched: Watched;
    readonly environment: string;
    readonly release: ReleaseId;
  },
): Promise<Plan> {
  const policy = policyOf(world.fleet, environment);
  if (policy === undefined) return { kind: 'impossible', reason: 'it is no longer configured' };
  const { placed } = await placedPins(world, watched);
  const mine = placed.filter(
    ({ at, release: now }) => at.environment === environment && compareReleases(now, release) < 0,
  );
  if (mine.length === 0) return { kind: 'nothing', detail: `every pin names ${release} or newer` };
  const special = mine.find(({ at }) => at.mode !== '100644');
  if (special !== undefined) {
    return { kind: 'impossible', reason: `${special.at.path} has Git mode ${special.at.mode}` };
  }
  const images: ChangeImage[] = [];
  const edits = new Map<string, PinEdit>();
  for (const { at, cluster, release: from, slot } of mine) {
    const slots = slot === undefined ? slotsOfAlias(cluster) : [slot];
    const [had, has] = await Promise.all([
      world.images.ofRelease(from, slots),
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
    const to = at.pin.kind === 'alias' ? aliasOf(release) : has[0]?.imageId;
    if (to === undefined)
      return { kind: 'impossible', reason: `${release} has no image for ${at.path}` };
    const label = pinLabel(at.pin);
    const key = [at.repository, at.branch, at.path, label].join('\n');
    const known = edits.get(key);
    if (known !== undefined && known.to !== to) {
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
      kind: at.pin.kind === 'alias' ? 'alias' : 'id',
      from: at.pin.value,
      to,
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
  return {
    kind: 'change',
    change,
    policy,
    waves: wavesOfChange(world.fleet, policy, change, watched),
  };
}

/** Waves of an environment, of the clusters that have something to move, each with its repositories. */
function wavesOfChange(
  fleet: Fleet,
  policy: EnvironmentPolicy,
  change: Change,
  watched: Watched,
): readonly WavePlan[] {
  const moved = new Set(change.pins.flatMap(({ clusters }) => clusters));
  const clusters = clustersOf(fleet, policy.name).map(({ name, region }) => ({
    name,
    region,
    files: watched.pins
      .filter((at) => at.clusters.includes(name))
      .map(({ repository, path }) => `${repository}:${path}`),
  }));
  return planWaves(policy.waves, clusters).flatMap(({ name, clusters: all }) => {
    const those = all.filter((cluster) => moved.has(cluster));
    const repositories = [...partsOf(change, those).keys()];
    return repositories.length === 0 ? [] : [{ name, clusters: those, repositories }];
  });
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

function changeImage(cluster: FleetCluster, image: Image): ChangeImage {
  const { region, kubernetes, architecture, variant, imageId } = image;
  return { cluster: cluster.name, region, kubernetes, architecture, variant, imageId };
}

function unique(images: readonly ChangeImage[]): ChangeImage[] {
  return [...new Map(images.map((image) => [`${image.cluster} ${image.imageId}`, image])).values()];
}
