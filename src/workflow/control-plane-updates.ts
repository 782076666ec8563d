import { partKey } from '../rollout/part-key.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import type { World } from './world.ts';

/**
 * Why a wave is not merged while a control plane is being changed, noted for the card; `undefined`: none is, as far as EKS
 * says. An upgrade replaces every node by itself, and new nodes may fail to join meanwhile.
 */
export async function controlPlaneWaits(
  { controlPlanes, fleet, sightings }: Pick<World, 'controlPlanes' | 'fleet' | 'sightings'>,
  { id }: Rollout,
  { clusters, parts }: Pick<Wave, 'clusters' | 'parts'>,
): Promise<string | undefined> {
  const updating: string[] = [];
  for (const cluster of fleet.clusters)
    if (clusters.includes(cluster.name) && (await controlPlanes.isUpdating(cluster)) === true)
      updating.push(cluster.name);
  if (updating.length === 0) return undefined;
  const why = `waits until EKS no longer says UPDATING of ${updating.join(', ')}`;
  const noted = sightings(id).pullRequests;
  for (const part of parts) {
    const seen = noted.get(partKey(part));
    if (seen !== undefined) noted.set(partKey(part), { ...seen, waitsFor: why });
  }
  return why;
}
