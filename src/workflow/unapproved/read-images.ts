import { identifyImage } from '../../images/identify-image.ts';
import type { ClusterView } from '../../tracking/types.ts';
import type { RunningImage } from '../../tracking/unapproved-images.ts';
import type { ClusterNow } from '../control-planes.ts';
import type { Placed } from '../placed-pins.ts';
import { slotsOf } from '../placed-pins.ts';
import type { World } from '../world.ts';

/**
 * What the images of a cluster's NodeClaims are. First the ids its pins stand for with the control plane's minor of now,
 * then those that EC2 describes; what neither knows stays an id.
 */
export async function imagesRunning(
  { images, fleet }: Pick<World, 'images' | 'fleet'>,
  { name, region, kubernetes }: ClusterNow,
  view: ClusterView,
  placed: readonly Placed[],
): Promise<ReadonlyMap<string, Omit<RunningImage, 'nodes'>>> {
  const known = new Map<string, Omit<RunningImage, 'nodes'>>();
  for (const one of placed) {
    const { cluster, release, at } = one;
    if (cluster.name !== name) continue;
    if (at.pin.kind === 'id') known.set(at.pin.value, { what: release });
    else if (at.pin.kind === 'alias') {
      for (const { imageId } of await images.ofRelease(release, slotsOf(one)))
        known.set(imageId, { what: release, kubernetes });
    }
  }
  const ids = new Set(view.nodeClaims.flatMap(({ imageId }) => imageId ?? []));
  const unknown = [...ids].filter((id) => !known.has(id));
  const described = unknown.length === 0 ? [] : await images.describe(region, unknown);
  for (const image of described) {
    const found = identifyImage(image, fleet.customLines);
    if (found.kind !== 'known') continue;
    const minor = found.image.kubernetes;
    known.set(image.imageId, {
      what: found.release,
      ...(minor !== undefined && { kubernetes: minor }),
    });
  }
  return known;
}
