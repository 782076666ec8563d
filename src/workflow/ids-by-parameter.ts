import { compareReleases, familyOf } from '../images/releases.ts';
import { whyNeverBuilt } from '../images/slot.ts';
import type { Architecture, Family, Image, ImageSlot, Variant } from '../images/types.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { World } from './world.ts';

/** Families whose releases stay published under their version. Source: reference of public SSM parameters. */
const families = ['al2023', 'bottlerocket'] as const satisfies readonly Family[];
const architectures: readonly Architecture[] = ['x86_64', 'arm64'];
const variants: readonly Variant[] = ['standard', 'nvidia', 'neuron', 'fips', 'nvidia-fips'];

/** Announced releases looked through for each family: a release costs up to two requests a minor. */
const mostReleases = 5;

/**
 * What AMI ids are by the public parameters, for when EC2 does not say: what is recommended, what the newest announced
 * releases have and what `named` releases have. Only AWS writes these parameters, so a hit is certain; an id of an older
 * release, or of another Kubernetes minor, is absent.
 */
export async function idsByParameter(
  { images, releases }: Pick<World, 'images' | 'releases'>,
  {
    ids,
    region,
    minors,
    named,
  }: {
    readonly ids: ReadonlySet<string>;
    readonly region: string;
    readonly minors: readonly string[];
    readonly named: readonly ReleaseId[];
  },
): Promise<ReadonlyMap<string, Image>> {
  if (ids.size === 0) return new Map();
  const found = await Promise.all(
    families.map(async (family) => {
      const slots = minors.flatMap((kubernetes) => slotsIn(family, region, kubernetes));
      const announced = (await releases.newest(family))
        .map(({ release }) => release)
        .sort((a, b) => compareReleases(b, a))
        .slice(0, mostReleases);
      const wanted = new Set([...named.filter((one) => familyOf(one) === family), ...announced]);
      return Promise.all([
        images.recommended(slots),
        ...[...wanted].map((release) => images.ofRelease(release, slots)),
      ]);
    }),
  );
  const hits = found.flat(2).filter(({ imageId }) => ids.has(imageId));
  return new Map(hits.map((image) => [image.imageId, image]));
}

function slotsIn(family: Family, region: string, kubernetes: string): readonly ImageSlot[] {
  return architectures
    .flatMap((architecture) =>
      variants.map((variant) => ({ family, region, kubernetes, architecture, variant })),
    )
    .filter((slot) => whyNeverBuilt(slot) === undefined);
}
