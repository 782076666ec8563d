import type { Capacity } from '../../workflow/ports/capacity.ts';
import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';
import { createVcpuQuotas } from './vcpu-quotas.ts';

/** EC2 takes 200 values of all filters together. */
const mostValues = 200;

/** Asks EC2, and CloudWatch for its quotas, what is left for more nodes. @throws AwsError */
export function createCapacity(connection: AwsConnection): Capacity {
  const ec2Of = once(async (region) => {
    // 28 MB: loaded for a first forecast, and not before
    const sdk = await import('@aws-sdk/client-ec2');
    const client = new sdk.EC2Client(clientOptions(connection, region));
    return { sdk, client };
  });
  return {
    async subnets(region, ids) {
      const { sdk, client } = await ec2Of(region);
      // by filter, since one unknown id among `SubnetIds` fails the whole call
      const Filters = [{ Name: 'subnet-id', Values: [...new Set(ids)].slice(0, mostValues) }];
      const { Subnets = [] } = await readAws(connection, 'EC2', 'DescribeSubnets', (abortSignal) =>
        client.send(new sdk.DescribeSubnetsCommand({ Filters }), { abortSignal }),
      );
      return Subnets.flatMap(({ SubnetId: id, AvailabilityZone: zone, AvailableIpAddressCount }) =>
        id === undefined || AvailableIpAddressCount === undefined
          ? []
          : [{ id, zone: zone ?? '', free: AvailableIpAddressCount }],
      );
    },

    async reservations(region, ids) {
      const { sdk, client } = await ec2Of(region);
      const CapacityReservationIds = [...new Set(ids)];
      const { CapacityReservations = [] } = await readAws(
        connection,
        'EC2',
        'DescribeCapacityReservations',
        (abortSignal) =>
          client.send(new sdk.DescribeCapacityReservationsCommand({ CapacityReservationIds }), {
            abortSignal,
          }),
      );
      return CapacityReservations.flatMap((one) => {
        const { CapacityReservationId: id, InstanceType, AvailabilityZone } = one;
        const { AvailableInstanceCount: free, TotalInstanceCount: total } = one;
        if (id === undefined || free === undefined || total === undefined) return [];
        return [
          { id, instanceType: InstanceType ?? '', zone: AvailabilityZone ?? '', free, total },
        ];
      });
    },

    vcpu: createVcpuQuotas(connection),
  };
}
