import { ApiError } from './api-error.ts';
import { element } from './encode-answer.ts';
import type { World } from './world.ts';

const mostValues = 200;

/**
 * Subnets of a region by the filter `subnet-id`; one that finds nothing is no error.
 * @throws ApiError for other filters, which are not played, and for more values than EC2 takes.
 */
export function describeSubnets(
  world: World,
  region: string,
  filters: readonly { readonly name: string; readonly values: readonly string[] }[],
): string {
  if (filters.flatMap(({ values }) => values).length > mostValues)
    throw new ApiError(
      'FilterLimitExceeded',
      'The maximum number of filter values specified on a single call is 200',
    );
  const asked = filters.find(({ name }) => name === 'subnet-id')?.values;
  if (asked === undefined || filters.length > 1)
    throw new ApiError('InvalidParameterValue', 'The filter is not supported by the stand-in');
  const items = Object.entries(world.subnets[region] ?? {})
    .filter(([id]) => asked.includes(id))
    .map(([id, { zone, free }]) =>
      [
        element('subnetId', id),
        element('availabilityZone', zone),
        element('availableIpAddressCount', free),
        element('state', 'available'),
      ].join(''),
    );
  return `<subnetSet>${items.map((item) => `<item>${item}</item>`).join('')}</subnetSet>`;
}

/** @throws ApiError when an id is malformed or unknown: EC2 then answers none of them. */
export function describeReservations(world: World, region: string, ids: readonly string[]): string {
  const known = world.reservations[region] ?? {};
  for (const id of ids) {
    if (!/^cr-[0-9a-f]+$/.test(id))
      throw new ApiError(
        'InvalidCapacityReservationId.Malformed',
        `Invalid id: "${id}" (expecting "cr-...")`,
      );
    if (known[id] === undefined)
      throw new ApiError(
        'InvalidCapacityReservationId.NotFound',
        `The capacity reservation ID '${id}' does not exist`,
      );
  }
  const items = Object.entries(known)
    .filter(([id]) => ids.length === 0 || ids.includes(id))
    .map(([id, { instanceType, zone, free, total }]) =>
      [
        element('capacityReservationId', id),
        element('instanceType', instanceType),
        element('availabilityZone', zone),
        element('totalInstanceCount', total),
        element('availableInstanceCount', free),
        element('state', 'active'),
      ].join(''),
    );
  const set = items.map((item) => `<item>${item}</item>`).join('');
  return `<capacityReservationSet>${set}</capacityReservationSet>`;
}
