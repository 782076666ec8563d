import { expect, test } from 'vitest';
import { clusterRoom } from '../../src/workflow/cluster-room.ts';
import { memoryWorld } from '../fakes/memory-world.ts';

const { world } = memoryWorld();
const cluster = world.fleet.clusters[0]?.name ?? '';
const capacity = {
  subnets: async (_: string, ids: readonly string[]) =>
    ids.map((id) => ({ id, zone: 'eu-west-1a', free: 7 })),
  reservations: async () => {
    throw new Error('EC2 does not answer');
  },
};
const nodeClass = {
  name: 'default',
  generation: 1,
  terms: [],
  amis: [],
  conditions: [],
  subnets: ['subnet-0aa'],
};

test('subnets of the classes are asked about; the vCPU quota never is, which is said', async () => {
  const told = await clusterRoom({ ...world, capacity }, cluster, { nodeClasses: [nodeClass] });
  expect(told).toEqual({
    room: { subnets: [{ id: 'subnet-0aa', zone: 'eu-west-1a', free: 7 }], reservations: [] },
    notChecked: ['vCPU quota'],
  });
});

test('what does not answer is not checked, and nothing fails', async () => {
  const nodeClasses = [{ ...nodeClass, reservations: ['cr-0bb'] }];
  const told = await clusterRoom({ ...world, capacity }, cluster, { nodeClasses });
  expect(told.room).not.toHaveProperty('reservations');
  expect(told.notChecked).toEqual(['capacity reservations', 'vCPU quota']);
});

test('without anybody to ask, or a class that says where, addresses are not checked', async () => {
  const { capacity: _, ...nobody } = { ...world, capacity };
  const asked = await clusterRoom(nobody, cluster, { nodeClasses: [nodeClass] });
  expect(asked.notChecked).toEqual(['free addresses', 'vCPU quota']);
  const { subnets: __, ...placeless } = nodeClass;
  const told = await clusterRoom({ ...world, capacity }, cluster, { nodeClasses: [placeless] });
  expect(told.notChecked).toEqual(['free addresses', 'vCPU quota']);
});
