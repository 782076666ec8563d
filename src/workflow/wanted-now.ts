import { slotsOfAlias } from '../images/alias-slots.ts';
import { familyOf } from '../images/releases.ts';
import type { Change } from '../rollout/change.ts';
import { wantedImages } from '../rollout/change.ts';
import { ReleaseId } from '../shared/ids.ts';
import { clusterNow } from './control-planes.ts';
import type { World } from './world.ts';

/**
 * AMI ids a cluster's nodes are to run: those of the approved change, and those that the same release has got since (an
 * alias resolves to a variant that was published later too). AWS not answering leaves the approved ones.
 */
export async function wantedNow(
  { images, fleet, controlPlanes, log }: Pick<World, 'images' | 'fleet' | 'controlPlanes' | 'log'>,
  change: Change,
  name: string,
): Promise<ReadonlySet<string>> {
  const approved = wantedImages(change, name);
  const cluster = fleet.clusters.find((candidate) => candidate.name === name);
  const release = ReleaseId.safeParse(change.release);
  const byAlias = change.pins.some(
    ({ kind, clusters }) => kind === 'alias' && clusters.includes(name),
  );
  if (cluster === undefined || !release.success || !byAlias) return approved;
  try {
    const slots = slotsOfAlias(familyOf(release.data), await clusterNow(controlPlanes, cluster));
    const now = await images.ofRelease(release.data, slots);
    return new Set([...approved, ...now.map(({ imageId }) => imageId)]);
  } catch (cause) {
    log.warn({ cluster: name, cause }, 'images of the release not read again');
    return approved;
  }
}
