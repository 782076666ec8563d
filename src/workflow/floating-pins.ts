import { familyOf } from '../images/releases.ts';
import type { ReleaseId } from '../shared/ids.ts';
import { clusterNow } from './control-planes.ts';
import type { Placed } from './placed-pins.ts';
import type { Watched } from './watched-pins.ts';
import type { World } from './world.ts';

/**
 * Pins of a cluster that follow every publication of the release's family, in each cluster that reads them: as if they
 * named the release already, which is what pinning makes of them.
 * @throws AwsError where the Kubernetes minor of a reader is not known.
 */
export async function floatingPins(
  { fleet, controlPlanes }: Pick<World, 'fleet' | 'controlPlanes'>,
  { pins }: Pick<Watched, 'pins'>,
  cluster: string,
  release: ReleaseId,
): Promise<readonly Placed[]> {
  const mine = pins.filter(
    ({ clusters, pin }) =>
      pin.floating === true &&
      clusters.includes(cluster) &&
      pin.value === `${familyOf(release)}@latest`,
  );
  const placed: Placed[] = [];
  for (const at of mine) {
    for (const name of at.clusters) {
      const reader = fleet.clusters.find((one) => one.name === name);
      if (reader === undefined) continue;
      placed.push({ at, cluster: await clusterNow(controlPlanes, reader), release });
    }
  }
  return placed;
}
