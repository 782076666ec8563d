import type { Room } from '../tracking/room.ts';
import type { ClusterView } from '../tracking/types.ts';
import type { World } from './world.ts';

/** EC2's quota of vCPU would need another AWS service, which is not asked. */
const neverAsked = 'vCPU quota';

/** What AWS has left where new nodes of a cluster's classes would go, and what of it nobody could say. It never fails. */
export async function clusterRoom(
  { capacity, fleet, log }: Pick<World, 'capacity' | 'fleet' | 'log'>,
  cluster: string,
  { nodeClasses }: Pick<ClusterView, 'nodeClasses'>,
): Promise<{ readonly room: Room; readonly notChecked: readonly string[] }> {
  const region = fleet.clusters.find(({ name }) => name === cluster)?.region;
  const notChecked = [neverAsked];
  async function part<T>(
    what: string,
    ask: (() => Promise<T>) | undefined,
  ): Promise<T | undefined> {
    try {
      const answer = await ask?.();
      if (answer === undefined) notChecked.unshift(what);
      return answer;
    } catch (cause) {
      log.warn({ cluster, cause }, `${what} not read`);
      notChecked.unshift(what);
      return undefined;
    }
  }
  const asked = capacity !== undefined && region !== undefined ? { capacity, region } : undefined;
  const ids = nodeClasses.flatMap(({ subnets = [] }) => subnets);
  const reserved = nodeClasses.flatMap(({ reservations = [] }) => reservations);
  const [subnets, reservations] = await Promise.all([
    part(
      'free addresses',
      asked && ids.length > 0 ? () => asked.capacity.subnets(asked.region, ids) : undefined,
    ),
    // an EC2NodeClass that uses none is known to
    reserved.length === 0
      ? []
      : part(
          'capacity reservations',
          asked && (() => asked.capacity.reservations(asked.region, reserved)),
        ),
  ]);
  return {
    room: {
      ...(subnets === undefined ? {} : { subnets }),
      ...(reservations === undefined ? {} : { reservations }),
    },
    notChecked,
  };
}
