import type { Room } from '../tracking/room.ts';
import type { NodeClassView } from '../tracking/types.ts';
import type { VcpuCharge, VcpuKind } from '../tracking/vcpu-kind.ts';
import type { World } from './world.ts';

const parts = ['free addresses', 'capacity reservations', 'vCPU quota'] as const;
type Part = (typeof parts)[number];

/**
 * What AWS has left where new nodes of a cluster's classes would go, and what of it nobody could say. It never fails.
 * @param of.vcpu what the new nodes may count against; empty: there will be none.
 */
export async function clusterRoom(
  { capacity, fleet, log }: Pick<World, 'capacity' | 'fleet' | 'log'>,
  cluster: string,
  of: { readonly nodeClasses: readonly NodeClassView[]; readonly vcpu: readonly VcpuCharge[] },
): Promise<{ readonly room: Room; readonly notChecked: readonly string[] }> {
  const region = fleet.clusters.find(({ name }) => name === cluster)?.region;
  const lacking = new Set<Part>();
  /** What is told of the things asked about, if only of some. */
  async function part<Told>(
    what: Part,
    ids: readonly string[],
    ask: (from: NonNullable<World['capacity']>, region: string) => Promise<readonly Told[]>,
  ): Promise<readonly Told[] | undefined> {
    if (ids.length === 0) return [];
    try {
      if (capacity === undefined || region === undefined) throw new Error('there is nobody to ask');
      const told = await ask(capacity, region);
      if (told.length < ids.length) lacking.add(what);
      return told;
    } catch (cause) {
      log.warn({ cluster, cause }, `${what} not read`);
      lacking.add(what);
      return undefined;
    }
  }
  const ids = distinct(of.nodeClasses.flatMap(({ subnets = [] }) => subnets));
  if (ids.length === 0) lacking.add('free addresses');
  const reserved = distinct(of.nodeClasses.flatMap((one) => one.reservations ?? []));
  const [subnets, reservations] = await Promise.all([
    part('free addresses', ids, (from, where) => from.subnets(where, ids)),
    part('capacity reservations', reserved, (from, where) => from.reservations(where, reserved)),
  ]);
  const kinds = distinct(of.vcpu).filter(
    (charge): charge is VcpuKind => charge !== 'reserved' && charge !== 'unknown',
  );
  if (of.vcpu.includes('unknown')) lacking.add('vCPU quota');
  const vcpu = await part('vCPU quota', kinds, async (from, where) => {
    // quotas are an account's: subnets that ours does not see are another's
    if (subnets === undefined || subnets.length === 0) return [];
    return await from.vcpu(where, kinds);
  });
  return {
    room: {
      ...(subnets === undefined || ids.length === 0 ? {} : { subnets }),
      ...(reservations === undefined ? {} : { reservations }),
      ...(vcpu === undefined ? {} : { vcpu }),
    },
    notChecked: parts.filter((what) => lacking.has(what)),
  };
}

function distinct<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)];
}
