import { sha256 } from '../../shared/canonical.ts';
import { day, type Instant, minute } from '../../shared/time.ts';
import { type Place, type Publication, planOf } from './publication-plan.ts';
import { put, putValue, type StoredImage, type World } from './world.ts';

/** One image that a publication made. */
export type Published = Place & {
  readonly region: string;
  readonly imageId: string;
  readonly name: string;
};

/** Made up and the same in every run: `ami-` and 17 hexadecimal digits of a hash. Regions never share an id. */
export function madeUpImageId(region: string, name: string): string {
  return `ami-${sha256(`${region}/${name}`).slice(0, 17)}`;
}

/** Publishes everywhere it says. Combinations that the real publisher does not build (arm64 neuron, …) are left out. */
export function publish(world: World, publication: Publication): readonly Published[] {
  const made: Published[] = [];
  for (const region of publication.regions)
    for (const kubernetes of publication.minors)
      for (const architecture of publication.architectures)
        for (const variant of publication.variants) {
          const place = { region, kubernetes, architecture, variant };
          const image = publishOne(world, publication, place);
          if (image !== undefined) made.push(image);
        }
  return made;
}

function publishOne(
  world: World,
  publication: Publication,
  place: Place & { readonly region: string },
): Published | undefined {
  const plan = planOf(publication, place);
  if (plan === undefined) return undefined;
  const { region } = place;
  const imageId = madeUpImageId(region, plan.name);
  const createdAt = publication.at - day;
  const image: StoredImage = {
    imageId,
    name: plan.name,
    description: plan.description,
    architecture: place.architecture,
    ownerId: plan.ownerId,
    ownerAlias: 'amazon',
    isPublic: true,
    state: 'available',
    createdAt,
    deprecatedAt: createdAt + 730 * day,
    ...(plan.isWindows && { platform: 'windows' as const }),
    tags: {},
  };
  put(world.images, region, imageId, image);
  const leaves = plan.leaves(imageId);
  for (const folder of plan.versioned)
    for (const { leaf, value } of leaves)
      putValue(world, region, `${folder}${leaf}`, {
        at: publication.at - 4 * minute,
        value,
        isPublic: true,
      });
  if (publication.recommend !== false)
    for (const { leaf, value, lagMs } of leaves)
      putValue(world, region, `${plan.recommended}${leaf}`, {
        at: publication.at + lagMs,
        value,
        isPublic: true,
      });
  return { ...place, imageId, name: plan.name };
}

/** A release taken back: what it recommended somewhere now is what `to` has there. Its versioned parameters stay. */
export type RecallOrder = {
  readonly family: Publication['family'];
  readonly release: string;
  readonly to: string;
  /** Absent: wherever it is recommended. */
  readonly regions?: readonly string[];
  readonly at: Instant;
};

/** Where `to` was never published, `recommended` stays as it is. Returns the parameters that move back. */
export function recall(world: World, order: RecallOrder): readonly string[] {
  const moved: string[] = [];
  for (const [region, parameters] of Object.entries(world.parameters)) {
    if (order.regions !== undefined && !order.regions.includes(region)) continue;
    for (const place of placesOf(order.family)) {
      const [bad, good] = [order.release, order.to].map((release) =>
        planOf({ family: order.family, release }, place),
      );
      if (bad === undefined || good === undefined) continue;
      const goodId = madeUpImageId(region, good.name);
      const [from, into] = [bad.versioned[0], good.versioned[0]];
      for (const { leaf, lagMs } of good.leaves(goodId)) {
        const name = `${good.recommended}${leaf}`;
        const current = parameters[name]?.values.at(-1)?.value;
        const recalled = parameters[`${from}${leaf}`]?.values.at(-1)?.value;
        // read, not computed anew: the patch number in release_version was the publisher's to choose
        const value = parameters[`${into}${leaf}`]?.values.at(-1)?.value;
        const isRecommended = current !== undefined && current === recalled;
        if (!isRecommended || value === undefined) continue;
        putValue(world, region, name, { at: order.at + lagMs, value, isPublic: true });
        moved.push(`${region} ${name}`);
      }
    }
  }
  return moved;
}

function placesOf(family: Publication['family']): readonly Place[] {
  const variants =
    family === 'bottlerocket'
      ? ['standard', 'nvidia', 'fips', 'nvidia-fips']
      : ['standard', 'nvidia', 'neuron'];
  const places: Place[] = [];
  for (let minor = 20; minor <= 60; minor += 1)
    // one GPU folder of Amazon Linux 2 serves two variants
    for (const architecture of ['x86_64', 'arm64'] as const)
      for (const variant of variants)
        if (family !== 'al2' || variant !== 'neuron')
          places.push({ kubernetes: `1.${minor}`, architecture, variant });
  return places;
}
