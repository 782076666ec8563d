import { releaseOf } from '../images/image-name.ts';
import type { Change, ChangeImage } from '../rollout/change.ts';
import type { RunningBefore } from '../rollout/events.ts';
import { ReleaseId } from '../shared/ids.ts';
import { nodeClassesOf } from './node-classes.ts';
import { slotsOfAlias } from './plan-change.ts';
import type { World } from './world.ts';

/**
 * What a cluster's pins name now, and whether Ready nodes prove that it works there: the state a rollback returns to.
 * A cluster that cannot be seen proves nothing.
 */
export async function runningBefore(
  { fleet, images, clusters, log }: World,
  change: Change,
  name: string,
): Promise<RunningBefore> {
  const cluster = fleet.clusters.find((candidate) => candidate.name === name);
  const pins = change.pins.filter((pin) => pin.clusters.includes(name));
  if (cluster === undefined) return { cluster: name, release: '', proven: false, images: [] };
  const releases = new Set<string>();
  const { region, kubernetes } = cluster;
  const before: ChangeImage[] = [];
  for (const { kind, from } of pins) {
    if (kind === 'id') {
      const [image] = await images.describe(region, [from]);
      if (image === undefined) continue;
      const named = releaseOf(image.name);
      const { architecture } = image;
      const variant = named?.variant ?? 'standard';
      releases.add(named?.release ?? from);
      before.push({ cluster: name, region, kubernetes, architecture, variant, imageId: from });
      continue;
    }
    const parsed = ReleaseId.safeParse(from);
    if (!parsed.success) continue;
    releases.add(parsed.data);
    for (const image of await images.ofRelease(parsed.data, slotsOfAlias(cluster))) {
      const { architecture, variant, imageId } = image;
      before.push({ cluster: name, region, kubernetes, architecture, variant, imageId });
    }
  }
  const release = [...releases].sort().join(', ');
  try {
    const ids = new Set(before.map(({ imageId }) => imageId));
    const classes = nodeClassesOf(change, name);
    const { nodeClaims } = await clusters.observe(name);
    const ready = nodeClaims.filter((claim) => classes.has(claim.nodeClass) && claim.ready);
    const proven =
      ready.length > 0 && ready.every(({ imageId }) => imageId !== undefined && ids.has(imageId));
    return { cluster: name, release, proven, images: unique(before) };
  } catch (cause) {
    log.warn({ cluster: name, cause }, 'cluster not seen before its wave');
    return { cluster: name, release, proven: false, images: unique(before) };
  }
}

function unique(images: readonly ChangeImage[]): ChangeImage[] {
  return [...new Map(images.map((image) => [image.imageId, image])).values()];
}
