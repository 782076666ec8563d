import type { FreeReservation, FreeSubnet, VcpuQuota } from '../../tracking/room.ts';
import type { VcpuKind } from '../../tracking/vcpu-kind.ts';

/**
 * What AWS has left for more nodes, in one region. Ids that are not there are absent.
 * @throws AwsError when AWS cannot be reached, throttles or refuses us; a later look may help.
 */
export type Capacity = {
  subnets(region: string, ids: readonly string[]): Promise<readonly FreeSubnet[]>;
  reservations(region: string, ids: readonly string[]): Promise<readonly FreeReservation[]>;
  /** Kinds that nothing is known of are absent. */
  vcpu(region: string, kinds: readonly VcpuKind[]): Promise<readonly VcpuQuota[]>;
};
