import type { Change } from '../rollout/change.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { churnOf, churnText } from '../tracking/churn.ts';
import type { NodeClaimView } from '../tracking/types.ts';
import type { ClusterSighting } from './sightings.ts';
import type { World } from './world.ts';

/**
 * What else than the rollout replaces nodes of a cluster, in words; empty: nothing. A control-plane upgrade is told once
 * for the cluster, however many nodes it moves a second time.
 */
export async function clusterChurn(
  {
    controlPlanes,
    fleet,
    clock,
    sightings,
  }: Pick<World, 'controlPlanes' | 'fleet' | 'clock' | 'sightings'>,
  { id }: Pick<Rollout, 'id'>,
  {
    change,
    cluster: name,
    claims,
    wanted,
  }: {
    readonly change: Change;
    readonly cluster: string;
    readonly claims: readonly NodeClaimView[];
    readonly wanted: ReadonlySet<string>;
  },
): Promise<Pick<ClusterSighting, 'churn' | 'upgrade'>> {
  const cluster = fleet.clusters.find((one) => one.name === name);
  const approved = change.images.filter((image) => image.cluster === name);
  // Unknown only leaves the cause untold: the counts do not depend on it.
  const minor = await (cluster === undefined
    ? undefined
    : controlPlanes.minorOf(cluster).catch(() => undefined));
  const earlier = approved.filter(({ kubernetes }) => minor !== undefined && kubernetes !== minor);
  const outdated = new Set(earlier.map(({ imageId }) => imageId));
  const churn = churnOf(claims, {
    wanted,
    outdated,
    events: sightings(id).surroundings.get(name)?.surroundings.events ?? [],
    now: clock.now(),
  });
  const [from] = earlier;
  const others = churnText(churn);
  return {
    ...(others === undefined ? {} : { churn: others }),
    ...(from === undefined
      ? {}
      : {
          upgrade: `Kubernetes ${from.kubernetes} → ${minor} causes a second replacement of nodes`,
        }),
  };
}
