import type { Room } from '../src/tracking/room.ts';
import type { VcpuCharge } from '../src/tracking/vcpu-kind.ts';
import { count, named } from './phrases.ts';
import { leftText } from './vcpu-quotas.ts';

/** What a peak takes and what is left for it, of one cluster. */
export type RoomLine = {
  readonly room?: Room;
  readonly forecast: {
    readonly nodes: number;
    readonly pods?: number;
    readonly surge: readonly {
      readonly nodes: number;
      readonly cpu?: number;
      readonly vcpu?: readonly VcpuCharge[];
    }[];
  };
};

/**
 * `at most 4 nodes and 32 vCPU more at once`; `undefined` where nothing is replaced.
 * @param waves one after another, the clusters of a wave side by side.
 */
export function peakText(waves: readonly (readonly RoomLine[])[]): string | undefined {
  const peaks = waves.map((lines) => lines.flatMap(({ forecast }) => forecast.surge));
  const nodesOf = (pools: (typeof peaks)[number]) => pools.reduce((sum, one) => sum + one.nodes, 0);
  const nodes = Math.max(0, ...peaks.map(nodesOf));
  if (nodes === 0) return undefined;
  const pools = peaks.find((one) => nodesOf(one) === nodes) ?? [];
  const cpu = pools.every((one) => one.cpu !== undefined)
    ? ` and ${pools.reduce((sum, one) => sum + (one.cpu ?? 0), 0)} vCPU`
    : '';
  return `at most ${count(nodes, 'node')}${cpu} more at once`;
}

/** Where the addresses or the reserved instances that are left may not do for the peak: a sentence each. */
export function scarceTexts({ room, forecast }: RoomLine): readonly string[] {
  const { nodes, pods = 0, surge } = forecast;
  const more = surge.reduce((sum, one) => sum + one.nodes, 0);
  if (more === 0) return [];
  // a node takes an address, and so does each of its pods; they may all come up in one zone
  const needed = more * (1 + Math.ceil(pods / Math.max(1, nodes)));
  const subnets = (room?.subnets ?? [])
    .filter(({ free }) => free < needed)
    .map(
      ({ id, zone, free }) =>
        `${named(id)} (${named(zone)}) has ${free} free ${free === 1 ? 'address' : 'addresses'} where the peak may take ${needed}`,
    );
  const reserved = (room?.reservations ?? [])
    .filter(({ free }) => free === 0)
    .map(
      ({ id, instanceType, total }) =>
        `reservation ${named(id)} has none of its ${total} ${named(instanceType)} free for a replacement beside the old node`,
    );
  return [...subnets, ...reserved];
}

/** All that is left, for who wants to know. */
export function roomText({ subnets, reservations, vcpu = [] }: Room): string | undefined {
  const parts = [
    ...(subnets ?? []).map(({ id, zone, free }) => `${named(id)} (${named(zone)}) ${free}`),
  ];
  const addresses = parts.length === 0 ? [] : [`free addresses: ${parts.slice(0, 6).join(', ')}`];
  const reserved = (reservations ?? []).map(
    ({ id, instanceType, free, total }) =>
      `${named(id)} ${free} of ${total} ${named(instanceType)}`,
  );
  const instances =
    reserved.length === 0 ? [] : [`free in reservations: ${reserved.slice(0, 6).join(', ')}`];
  const quotas = vcpu.length === 0 ? [] : [`vCPU quota: ${vcpu.map(leftText).join(', ')}`];
  const told = [...addresses, ...instances, ...quotas];
  return told.length === 0 ? undefined : told.join('; ');
}
