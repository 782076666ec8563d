import { slotsOfAlias } from '../images/alias-slots.ts';
import { identifyImage } from '../images/identify-image.ts';
import { imageNamed } from '../images/parameter-path.ts';
import { familyOf } from '../images/releases.ts';
import type { Change, ChangeImage } from '../rollout/change.ts';
import type { RunningBefore } from '../rollout/merge-events.ts';
import { clusterNow } from './control-planes.ts';
import { nodeClassesOf } from './node-classes.ts';
import { releaseOfValue } from './placed-pins.ts';
import { isStale } from './wave-progress.ts';
import type { World } from './world.ts';

/**
 * What a cluster's pins name now, and whether Ready nodes prove that it works there: the state a rollback returns to.
 * A cluster that cannot be seen proves nothing.
 */
export async function runningBefore(
  { clock, fleet, images, controlPlanes, clusters, log }: World,
  change: Change,
  name: string,
): Promise<RunningBefore> {
  const cluster = fleet.clusters.find((candidate) => candidate.name === name);
  const pins = change.pins.filter((pin) => pin.clusters.includes(name));
  if (cluster === undefined) return { cluster: name, release: '', proven: false, images: [] };
  /** Ids by the release they are of. */
  const releases = new Map<string, string[]>();
  const note = (release: string, imageId: string) =>
    releases.set(release, [...(releases.get(release) ?? []), imageId]);
  let whole = true;
  const here = await clusterNow(controlPlanes, cluster);
  const { region, kubernetes } = here;
  const before: ChangeImage[] = [];
  for (const { kind, from, family } of pins) {
    if (kind === 'id') {
      const [image] = await images.describe(region, [from]);
      // An image that is gone cannot be returned to.
      if (image === undefined) {
        whole = false;
        continue;
      }
      const found = identifyImage(image, fleet.customLines);
      const { architecture } = image;
      const variant = found.kind === 'known' ? found.image.variant : 'standard';
      note(found.kind === 'known' ? found.release : from, from);
      before.push({ cluster: name, region, kubernetes, architecture, variant, imageId: from });
      continue;
    }
    const release = releaseOfValue(from, family);
    if (release === undefined) continue;
    releases.set(release, releases.get(release) ?? []);
    const named = imageNamed(from);
    const slots =
      named === undefined ? slotsOfAlias(familyOf(release), here) : [{ ...named.image, region }];
    for (const image of await images.ofRelease(release, slots)) {
      const { architecture, variant, imageId } = image;
      note(release, imageId);
      before.push({ cluster: name, region, kubernetes, architecture, variant, imageId });
    }
  }
  const release = [...releases.keys()].sort().join(', ');
  try {
    const ids = new Set(before.map(({ imageId }) => imageId));
    const { nodeClaims, nodeClasses, observedAt } = await clusters.observe(name);
    const classes = nodeClassesOf(change, name, nodeClasses);
    const ready = nodeClaims.filter((claim) => classes.has(claim.nodeClass) && claim.ready);
    const runs = new Set(ready.map(({ imageId }) => imageId));
    // Each release that is returned to has to be run by somebody: a node class without nodes proves nothing of its own.
    const proven =
      whole &&
      !isStale(observedAt, clock.now()) &&
      [...runs].every((imageId) => imageId !== undefined && ids.has(imageId)) &&
      [...releases.values()].every((of) => of.some((imageId) => runs.has(imageId))) &&
      releases.size > 0;
    return { cluster: name, release, proven, images: unique(before) };
  } catch (cause) {
    log.warn({ cluster: name, cause }, 'cluster not seen before its wave');
    return { cluster: name, release, proven: false, images: unique(before) };
  }
}

function unique(images: readonly ChangeImage[]): ChangeImage[] {
  return [...new Map(images.map((image) => [image.imageId, image])).values()];
}
