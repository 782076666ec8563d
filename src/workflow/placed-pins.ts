import { parseAlias } from '../images/alias.ts';
import { slotsOfAlias } from '../images/alias-slots.ts';
import { type Identified, identifyImage } from '../images/identify-image.ts';
import { releaseOf } from '../images/image-name.ts';
import { imageNamed, readParameterPath } from '../images/parameter-path.ts';
import { familyOf, releaseId } from '../images/releases.ts';
import { distinctSlots, slotOf } from '../images/slot.ts';
import type { Family, Image, ImageSlot } from '../images/types.ts';
import type { Pin, PinHint } from '../pins/types.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { ClusterNow } from './control-planes.ts';
import { clusterNow } from './control-planes.ts';
import { idsByParameter } from './ids-by-parameter.ts';
import type { WatchedPin } from './watched-pins.ts';
import type { World } from './world.ts';

/** A movable pin and the release it names now, in one cluster that reads it. */
export type Placed = {
  readonly at: WatchedPin;
  readonly cluster: ClusterNow;
  readonly release: ReleaseId;
  /** The one image of a pin by id, name or parameter; absent for an alias, which covers all its release has. */
  readonly slot?: ImageSlot;
};

/** A pin whose image nobody can name with certainty: reported, and never moved. */
export type LeftAlone = { readonly at: WatchedPin; readonly reason: string };

export type PlacedPins = {
  readonly placed: readonly Placed[];
  readonly leftAlone: readonly LeftAlone[];
};

type Reader = Pick<World, 'fleet' | 'images' | 'controlPlanes' | 'releases' | 'log'>;
type Here = { readonly at: WatchedPin; readonly cluster: ClusterNow };

/** Says of every pin that can be moved which release it names: a pin for each cluster that reads it. */
export async function placedPins(
  world: Reader,
  watched: { readonly pins: readonly WatchedPin[] },
): Promise<PlacedPins> {
  const { here, leftAlone } = await pinsInClusters(world, watched.pins);
  const placed: Placed[] = [];
  const byImage = new Map<string, Here[]>();
  for (const one of here) {
    const { at, cluster } = one;
    if (at.pin.kind === 'alias') {
      const release = releaseOfAlias(at.pin);
      if (release.kind === 'release') placed.push({ at, cluster, release: release.release });
      else leftAlone.push({ at, reason: release.reason });
    } else if (at.pin.kind === 'ssmParameter') {
      const found = byParameter(one);
      if ('reason' in found) leftAlone.push(found);
      else placed.push(found);
    } else if (at.pin.kind === 'id' || at.pin.kind === 'name') {
      const key = `${at.pin.kind} ${cluster.region}`;
      byImage.set(key, [...(byImage.get(key) ?? []), one]);
    }
  }
  for (const [key, pins] of byImage) {
    const found = key.startsWith('id ')
      ? await byId(world, pins, [...new Set(placed.map(({ release }) => release))])
      : await byName(world, pins);
    placed.push(...found.placed);
    leftAlone.push(...found.leftAlone);
  }
  return { placed, leftAlone: onceEach(leftAlone) };
}

/** Movable pins with each cluster that reads them; a cluster whose minor nobody knows holds back its own pins alone. */
async function pinsInClusters({ fleet, controlPlanes }: Reader, pins: readonly WatchedPin[]) {
  const movable = pins.filter(({ pin }) => pin.editable);
  const read = new Set(movable.flatMap(({ clusters }) => clusters));
  const known = new Map<string, ClusterNow | string>();
  for (const cluster of fleet.clusters) {
    if (!read.has(cluster.name)) continue;
    const now = await clusterNow(controlPlanes, cluster).catch(
      (cause: unknown) =>
        `the Kubernetes minor of ${cluster.name} is not known: ${cause instanceof Error ? cause.message : 'EKS does not say'}`,
    );
    known.set(cluster.name, now);
  }
  const here: Here[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const at of movable) {
    for (const name of at.clusters) {
      const cluster = known.get(name);
      if (typeof cluster === 'string') leftAlone.push({ at, reason: cluster });
      else if (cluster !== undefined) here.push({ at, cluster });
    }
  }
  return { here, leftAlone };
}

/** The release an alias names, also one whose family stands in a comment. */
function releaseOfAlias({
  value,
  hint,
}: Pick<Pin, 'value' | 'hint'>):
  | { readonly kind: 'release'; readonly release: ReleaseId }
  | { readonly kind: 'unknown'; readonly reason: string } {
  const alias = parseAlias(
    value.includes('@') || hint?.family === undefined ? value : `${hint.family}@${value}`,
  );
  if (alias.kind === 'release') return { kind: 'release', release: alias.release };
  return {
    kind: 'unknown',
    reason: alias.kind === 'floating' ? 'it follows every publication' : alias.reason,
  };
}

/** Pins by AMI id in one region: EC2 says what they are, or where it does not, the parameters that AWS publishes. */
async function byId(
  world: Reader,
  pins: readonly Here[],
  named: readonly ReleaseId[],
): Promise<PlacedPins> {
  const { fleet, images, log } = world;
  const placed: Placed[] = [];
  const leftAlone: LeftAlone[] = [];
  const region = pins[0]?.cluster.region ?? '';
  const ids = [...new Set(pins.map(({ at }) => at.pin.value))];
  let silence = `EC2 does not show it in ${region}`;
  const answer = await images.describe(region, ids).catch((cause: unknown) => {
    log.warn({ region, cause }, 'images not described');
    const why = cause instanceof Error ? cause.message.slice(0, 200) : 'no answer';
    silence = `EC2 does not say what it is (${why})`;
    return [];
  });
  const described = new Map(answer.map((image) => [image.imageId, image]));
  const published = await idsByParameter(world, {
    ids: new Set(ids.filter((id) => !described.has(id))),
    region,
    minors: [...new Set(pins.map(({ cluster }) => cluster.kubernetes))],
    named,
  });
  for (const { at, cluster } of pins) {
    const image = described.get(at.pin.value);
    const parameter = published.get(at.pin.value);
    const found =
      image === undefined
        ? asIdentified(parameter, silence)
        : identifyImage(image, fleet.customLines);
    if (found.kind === 'unknown') {
      leftAlone.push({ at, reason: found.reason });
      continue;
    }
    const slot = slotIn(cluster, found.image);
    const against = againstHint(at.pin.hint, slot);
    if (against === undefined) placed.push({ at, cluster, release: found.release, slot });
    else leftAlone.push({ at, reason: against });
  }
  return { placed, leftAlone };
}

function asIdentified(image: Image | undefined, silence: string): Identified {
  return image === undefined
    ? {
        kind: 'unknown',
        reason: `${silence}, and it is in no public parameter of a recent release`,
      }
    : { kind: 'known', release: image.release, image };
}

/** Pins by exact EC2 name in one region. A name is anybody's, so Amazon must have published that release under it. */
async function byName({ images }: Reader, pins: readonly Here[]): Promise<PlacedPins> {
  const placed: Placed[] = [];
  const leftAlone: LeftAlone[] = [];
  const asked = new Map<ReleaseId, ImageSlot[]>();
  const read = pins.flatMap(({ at, cluster }) => {
    const named = releaseOf(at.pin.value);
    if (named === undefined) {
      leftAlone.push({ at, reason: 'it is not the name of an image of a family known here' });
      return [];
    }
    const { release, kubernetes } = named;
    const slots = asked.get(release) ?? [];
    asked.set(release, slots);
    slots.push(slotIn({ ...cluster, kubernetes }, named));
    return [{ at, cluster, named }];
  });
  // All at once, so that their parameters share requests.
  const answers = await Promise.all(
    [...asked].map(([release, slots]) => images.ofRelease(release, distinctSlots(slots))),
  );
  const published = new Set(answers.flat().map(({ name }) => name));
  for (const { at, cluster, named } of read) {
    if (!published.has(at.pin.value)) {
      leftAlone.push({ at, reason: `nothing is published under that name in ${cluster.region}` });
      continue;
    }
    const slot = slotIn(cluster, named);
    const against = againstHint(at.pin.hint, slot);
    if (against === undefined) placed.push({ at, cluster, release: named.release, slot });
    else leftAlone.push({ at, reason: against });
  }
  return { placed, leftAlone };
}

/** A pin by a parameter that AWS publishes: nobody else can, so its name says for certain what it holds. */
function byParameter({ at, cluster }: Here): Placed | LeftAlone {
  const named = readParameterPath(at.pin.value);
  if (named === undefined) return { at, reason: 'it is not a parameter of a release known here' };
  const { release, image, region = cluster.region } = named;
  if (region !== cluster.region) {
    return {
      at,
      reason: `it is a parameter of ${region}, and the cluster is in ${cluster.region}`,
    };
  }
  const slot = slotIn(cluster, image);
  const against = againstHint(at.pin.hint, slot);
  return against === undefined ? { at, cluster, release, slot } : { at, reason: against };
}

/** The image that takes its place in this cluster: the minor is the control plane's, not the old image's. */
function slotIn(
  { region, kubernetes }: ClusterNow,
  image: Omit<ImageSlot, 'region' | 'kubernetes'>,
): ImageSlot {
  return slotOf({ ...image, region, kubernetes });
}

const spelled: Readonly<Record<string, string>> = { amd64: 'x86_64', aarch64: 'arm64' };

/** What a comment beside the pin says must be so: else one of the two is wrong, and people have to say which. */
function againstHint(hint: PinHint | undefined, slot: ImageSlot): string | undefined {
  const family = slot.family === 'custom' ? slot.line : slot.family;
  const pairs = [
    [hint?.family, family],
    [hint?.arch === undefined ? undefined : (spelled[hint.arch] ?? hint.arch), slot.architecture],
    [hint?.variant, slot.variant],
  ] as const;
  const wrong = pairs.find(([said, is]) => said !== undefined && said !== is);
  return wrong === undefined
    ? undefined
    : `its comment says ${wrong[0]}, but the image is ${wrong[1]}`;
}

/** Every image a pin may stand for in its cluster. */
export function slotsOf({ cluster, release, slot }: Omit<Placed, 'at'>): readonly ImageSlot[] {
  return slot === undefined ? slotsOfAlias(familyOf(release), cluster) : [slot];
}

/** The release that the value of an edited pin names; `undefined` for an id, which says nothing by itself. */
export function releaseOfValue(value: string, family?: string): ReleaseId | undefined {
  const named = imageNamed(value);
  if (named !== undefined) return named.release;
  const alias = parseAlias(value);
  if (alias.kind === 'release') return alias.release;
  return family === undefined ? undefined : releaseId(family as Family, value);
}

function onceEach(all: readonly LeftAlone[]): readonly LeftAlone[] {
  return [...new Map(all.map((one) => [one.at, one])).values()];
}
