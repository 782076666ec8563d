import { minorOf } from '../images/slot.ts';
import type { Clock, Instant } from '../shared/time.ts';
import { hour, minute } from '../shared/time.ts';
import type { FleetCluster } from './fleet.ts';
import type { ControlPlanes } from './ports/control-planes.ts';

/** Karpenter itself asks this often. */
const freshFor = 5 * minute;
/** A control plane is upgraded by people, seldom: while EKS does not answer, what it said stands this long. */
const standsFor = hour;
/** Before a merge it has to be true now. */
const updatingFreshFor = minute;
/** Where EKS did not say, it is asked again no sooner: it may not be ours to ask. */
const silentFor = 10 * minute;

/** Asks EKS about clusters whose minor the configuration leaves out, and remembers what it said. */
export function createControlPlanes(
  askEks: (
    region: string,
    name: string,
  ) => Promise<{ readonly kubernetes: string; readonly status: string }>,
  clock: Pick<Clock, 'now'>,
): ControlPlanes {
  const said = new Map<string, { readonly kubernetes: string; readonly at: Instant }>();
  const statuses = new Map<
    string,
    { readonly updating: boolean | undefined; readonly at: Instant }
  >();
  return {
    async minorOf({ name, region, eks = name, kubernetes }) {
      if (kubernetes !== undefined) return kubernetes;
      const before = said.get(name);
      const now = clock.now();
      if (before !== undefined && now < before.at + freshFor) return before.kubernetes;
      try {
        const answer = await askEks(region, eks);
        if (minorOf(answer.kubernetes) === undefined)
          throw new Error(`EKS names no Kubernetes minor for ${eks}`);
        said.set(name, { kubernetes: answer.kubernetes, at: now });
        statuses.set(name, { updating: answer.status === 'UPDATING', at: now });
        return answer.kubernetes;
      } catch (cause) {
        if (before !== undefined && now < before.at + standsFor) return before.kubernetes;
        throw cause;
      }
    },

    async isUpdating({ name, region, eks = name }) {
      const before = statuses.get(name);
      const now = clock.now();
      const freshForMs = before?.updating === undefined ? silentFor : updatingFreshFor;
      if (before !== undefined && now < before.at + freshForMs) return before.updating;
      const updating = await askEks(region, eks).then(
        ({ status }) => status === 'UPDATING',
        () => undefined,
      );
      statuses.set(name, { updating, at: now });
      return updating;
    },
  };
}

/** A cluster with the minor its control plane runs now. */
export type ClusterNow = FleetCluster & { readonly kubernetes: string };

/** @throws AwsError as `minorOf` does. */
export async function clusterNow(
  controlPlanes: ControlPlanes,
  cluster: FleetCluster,
): Promise<ClusterNow> {
  return { ...cluster, kubernetes: await controlPlanes.minorOf(cluster) };
}
