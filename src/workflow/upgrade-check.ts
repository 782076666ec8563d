import { aliasOf } from '../images/alias.ts';
import { slotsOfAlias } from '../images/alias-slots.ts';
import { identifyImage } from '../images/identify-image.ts';
import type { Denial } from '../images/offer.ts';
import { imageNamed } from '../images/parameter-path.ts';
import { isMarkedRecalled } from '../images/recall.ts';
import { compareReleases, familyOf } from '../images/releases.ts';
import { minorOf } from '../images/slot.ts';
import type { Family, Image } from '../images/types.ts';
import type { ReleaseId, RepositoryName } from '../shared/ids.ts';
import type { ClusterNow } from './control-planes.ts';
import { clusterNow } from './control-planes.ts';
import { newValue } from './new-value.ts';
import type { Placed } from './placed-pins.ts';
import { placedPins } from './placed-pins.ts';
import type { WatchedPin } from './watched-pins.ts';
import type { World } from './world.ts';

/** A kubelet may be this many minors older than its control plane. Source: Kubernetes' version skew policy, since 1.28. */
const mostSkew = 3;

/** What a pin would come to with another minor of the control plane. */
export type PinAfterUpgrade = {
  readonly repository: RepositoryName;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly value: string;
  /**
   * `resolves`: to images of that minor. `partly`: some of what it resolves to now has none there. `unresolved`: nothing
   * would launch. `floats`: to whatever is newest that day. `stays`: names an image of another minor, which still
   * launches. `too-old`: the same, with a kubelet too old for that control plane.
   */
  readonly verdict:
    | 'resolves'
    | 'partly'
    | 'unresolved'
    | 'floats'
    | 'stays'
    | 'too-old'
    | 'not-checked';
  /** A clause without a full stop. Quotes what Git says. */
  readonly says: string;
  /** What the pin is to say, and whether before the upgrade or after it. */
  readonly propose?: { readonly value: string; readonly when: 'before' | 'after' };
};

export type UpgradeCheck = {
  readonly cluster: string;
  /** The minor of its control plane now. */
  readonly from: string;
  readonly to: string;
  readonly pins: readonly PinAfterUpgrade[];
  /** Watched files that could not be read: what they hold was not checked. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
};

export type Upgrading = Pick<
  World,
  'fleet' | 'pins' | 'images' | 'controlPlanes' | 'releases' | 'log'
>;

/**
 * Whether every pin that a cluster reads resolves at another Kubernetes minor. Reads Git and AWS, and changes nothing.
 * @param unfit what is never proposed, besides releases whose notes are marked as taken back.
 * @returns why it cannot be said, as a sentence.
 * @throws AwsError, GitHostError when these do not answer.
 */
export async function upgradeCheck(
  world: Upgrading,
  name: string,
  to: string,
  unfit: readonly Pick<Denial, 'release'>[] = world.fleet.denied,
): Promise<UpgradeCheck | string> {
  const cluster = world.fleet.clusters.find((one) => one.name === name);
  if (cluster === undefined) return `There is no cluster ${name} in the configuration.`;
  const target = minorOf(to);
  if (target === undefined) return `${to} is no Kubernetes minor such as 1.36.`;
  const here = await clusterNow(world.controlPlanes, cluster);
  const now = minorOf(here.kubernetes);
  if (now !== undefined && target <= now)
    return `${name} runs ${here.kubernetes} now: a control plane only goes up.`;
  const { pins, problems } = await world.pins.read();
  const mine = pins
    .filter(({ clusters }) => clusters.includes(name))
    .map((at) => ({ ...at, clusters: [name] }));
  const { placed, leftAlone } = await placedPins(world, { pins: mine });
  const after: PinAfterUpgrade[] = [];
  for (const at of mine) {
    const one = placed.find((each) => each.at === at);
    const alone = leftAlone.find((each) => each.at === at)?.reason ?? at.pin.reason;
    const said =
      at.pin.floating === true
        ? await floating(world, at, here, { to, unfit })
        : one === undefined
          ? notChecked(alone ?? `pins by ${at.pin.kind} are reported only`)
          : one.slot === undefined
            ? await ofAlias(world, one, { to, unfit })
            : await ofImage(world, one, to);
    const { repository, path, pin } = at;
    after.push({ repository, path, line: pin.line, value: pin.value, ...said });
  }
  return { cluster: name, from: here.kubernetes, to, pins: after, problems };
}

/** The other minor, and what is not to be proposed for it. */
type Target = { readonly to: string; readonly unfit: readonly Pick<Denial, 'release'>[] };

type Said = Pick<PinAfterUpgrade, 'verdict' | 'says' | 'propose'>;

function notChecked(says: string): Said {
  return { verdict: 'not-checked', says };
}

/** `@latest` is no release: what runs after the upgrade is what is newest then. */
async function floating(
  world: Upgrading,
  { pin }: WatchedPin,
  here: ClusterNow,
  target: Target,
): Promise<Said> {
  const { to } = target;
  const family = pin.value.split('@')[0] as Family;
  const slots = slotsOfAlias(family, { ...here, kubernetes: to });
  const newest = await world.images.recommended(slots);
  const [image] = newest;
  if (image === undefined)
    return slots.length === 0
      ? notChecked('what it follows is not known here')
      : { verdict: 'unresolved', says: `AWS recommends nothing for ${to}: nothing would launch` };
  const says = `it follows every publication: today it would be ${image.release}, in the same step as the new minor`;
  const now = await world.images.recommended(slotsOfAlias(family, here));
  const value = await pinnedFirst(world, { family, here, now }, target);
  return {
    verdict: 'floats',
    says,
    ...(value === undefined ? {} : { propose: { value, when: 'before' } }),
  };
}

/** An alias resolves anew for the new minor, and there its release may not exist. */
async function ofAlias(
  world: Upgrading,
  { at, cluster, release }: Placed,
  target: Target,
): Promise<Said> {
  const { to } = target;
  const family = familyOf(release);
  const [now, then] = await Promise.all([
    world.images.ofRelease(release, slotsOfAlias(family, cluster)),
    world.images.ofRelease(release, slotsOfAlias(family, { ...cluster, kubernetes: to })),
  ]);
  const missing = missingKinds(now, then);
  if (then.length > 0 && missing.length === 0)
    return {
      verdict: 'resolves',
      says: `to ${then.length} images of ${to}: every node is replaced`,
    };
  const better = await pinnedFirst(world, { family, here: cluster, now }, target);
  const written = better === undefined ? undefined : newValue(at.pin, better, undefined)?.to;
  const propose =
    written === undefined ? {} : { propose: { value: written, when: 'before' } as const };
  if (then.length === 0) {
    const says = `${release} has no image for ${to}: nothing would launch${written === undefined ? ', and no release that is fit was found with images for both minors' : ''}`;
    return { verdict: 'unresolved', says, ...propose };
  }
  return {
    verdict: 'partly',
    says: `${release} has no ${missing.join(', ')} for ${to}`,
    ...propose,
  };
}

/** Kinds of node, `x86_64 nvidia`, that have an image now and none then. */
function missingKinds(now: readonly Image[], then: readonly Image[]): readonly string[] {
  const kind = ({ architecture, variant }: Image) => `${architecture} ${variant}`;
  const there = new Set(then.map(kind));
  return [...new Set(now.map(kind))].filter((one) => !there.has(one));
}

/** A fit release with all images that resolve now for both minors, so that it can be moved to before the control plane is. */
async function pinnedFirst(
  { images, releases }: Upgrading,
  of: { readonly family: Family; readonly here: ClusterNow; readonly now: readonly Image[] },
  { to, unfit }: Target,
): Promise<ReleaseId | undefined> {
  const { family, here, now } = of;
  const there = slotsOfAlias(family, { ...here, kubernetes: to });
  const [recommended, announced] = await Promise.all([
    images.recommended(there),
    releases.newest(family),
  ]);
  const marked = announced.filter(({ title }) => isMarkedRecalled(title));
  const isUnfit = (release: ReleaseId) =>
    [...unfit, ...marked].some((one) => compareReleases(one.release, release) === 0);
  for (const release of new Set(recommended.map((image) => image.release))) {
    if (isUnfit(release) || aliasOf(release) === undefined) continue;
    const [before, after] = await Promise.all([
      images.ofRelease(release, slotsOfAlias(family, here)),
      images.ofRelease(release, there),
    ]);
    const isWhole = [before, after].every((found) => missingKinds(now, found).length === 0);
    if (isWhole && before.length > 0 && after.length > 0) return release;
  }
  return undefined;
}

/** An id, a name or a parameter names one image for good, whatever the control plane runs. */
async function ofImage(
  { images, fleet }: Upgrading,
  { at, cluster, release, slot }: Placed,
  to: string,
): Promise<Said> {
  if (slot === undefined) return notChecked('its image is not known');
  const built =
    at.pin.kind === 'id'
      ? await builtFor({ images, fleet }, cluster.region, at.pin.value)
      : imageNamed(at.pin.value)?.image.kubernetes;
  if (built === undefined)
    return slot.family === 'custom'
      ? { verdict: 'resolves', says: 'its image serves any minor, as the configuration says' }
      : notChecked('which minor its image was built for is not known');
  const [image] = await images.ofRelease(release, [{ ...slot, kubernetes: to }]);
  const value = image === undefined ? undefined : newValue(at.pin, release, image)?.to;
  const skew = (minorOf(to) ?? 0) - (minorOf(built) ?? 0);
  if (skew === 0) return { verdict: 'resolves', says: `it is an image of ${to} already` };
  const counterpart =
    value === undefined
      ? `${release} has no such image for ${to}`
      : `${release} has one for ${to}, to be moved to after the upgrade: a kubelet must not be newer than its control plane`;
  const propose = value === undefined ? {} : { propose: { value, when: 'after' } as const };
  return skew > mostSkew
    ? {
        verdict: 'too-old',
        says: `it stays an image of ${built}, whose kubelet is more than ${mostSkew} minors older than ${to}; ${counterpart}`,
        ...propose,
      }
    : { verdict: 'stays', says: `it stays an image of ${built}; ${counterpart}`, ...propose };
}

async function builtFor(
  { images, fleet }: Pick<Upgrading, 'images' | 'fleet'>,
  region: string,
  imageId: string,
): Promise<string | undefined> {
  const [image] = await images.describe(region, [imageId]);
  if (image === undefined) return undefined;
  const found = identifyImage(image, fleet.customLines);
  return found.kind === 'known' ? found.image.kubernetes : undefined;
}
