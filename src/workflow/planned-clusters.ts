import { nodeClassNamed } from '../rollout/share.ts';
import type { PlannedCluster } from '../rollout/waves.ts';
import { clustersMovedBy, type Fleet } from './fleet.ts';
import type { WatchedPin } from './watched-pins.ts';
import { pinLabel } from './watched-pins.ts';

/** The clusters that an environment's waves are made of, with what their files say of each. */
export function plannedClusters(
  fleet: Fleet,
  environment: string,
  pins: readonly WatchedPin[],
): readonly PlannedCluster[] {
  return clustersMovedBy(fleet, environment, pins).map(({ name, region }) => {
    const read = pins.filter((at) => at.clusters.includes(name));
    // What is moved with another environment is not this one's to put into waves.
    const mine = read.filter((at) => at.environment === environment);
    return {
      name,
      region,
      files: read.map(({ repository, path }) => `${repository}:${path}`),
      nodeClasses: mine.flatMap(({ pin }) => nodeClassNamed(pinLabel(pin)) ?? []),
    };
  });
}
