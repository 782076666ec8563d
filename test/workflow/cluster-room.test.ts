import { expect, test } from 'vitest';
import { clusterRoom } from '../../src/workflow/cluster-room.ts';
import type { Capacity } from '../../src/workflow/ports/capacity.ts';
import { memoryWorld } from '../fakes/memory-world.ts';

const { world } = memoryWorld();
const cluster = world.fleet.clusters[0]?.name ?? '';
const standard = 'Standard/OnDemand' as const;
const quota = { kind: standard, region: 'eu-west-1', running: 96, quota: 640 };
const capacity: Capacity = {
  subnets: async (_, ids) => ids.map((id) => ({ id, zone: 'eu-west-1a', free: 7 })),
  reservations: async () => {
    throw new Error('EC2 does not answer');
  },
  vcpu: async () => [quota],
};
const nodeClass = {
  name: 'default',
  generation: 1,
  terms: [],
  amis: [],
  conditions: [],
  subnets: ['subnet-0aa'],
};
const nodeClasses = [nodeClass];
const subnets = [{ id: 'subnet-0aa', zone: 'eu-west-1a', free: 7 }];

test('subnets of the classes are asked about, and the quota of the kinds that new nodes may be of', async () => {
  const asked: unknown[] = [];
  const vcpu: Capacity['vcpu'] = async (...given) => {
    asked.push(given);
    return [quota];
  };
  const it = { ...world, capacity: { ...capacity, vcpu } };
  expect(await clusterRoom(it, cluster, { nodeClasses, vcpu: [standard, 'reserved'] })).toEqual({
    room: { subnets, reservations: [], vcpu: [quota] },
    notChecked: [],
  });
  expect(asked).toEqual([[world.fleet.clusters[0]?.region, [standard]]]);
});

test('what does not answer is not checked, and nothing fails', async () => {
  const classes = [{ ...nodeClass, reservations: ['cr-0bb'] }];
  const vcpu = async () => {
    throw new Error('CloudWatch does not answer');
  };
  const told = await clusterRoom({ ...world, capacity: { ...capacity, vcpu } }, cluster, {
    nodeClasses: classes,
    vcpu: [standard],
  });
  expect(told.room).toEqual({ subnets });
  expect(told.notChecked).toEqual(['capacity reservations', 'vCPU quota']);
});

test('without anybody to ask, or a class that says where, nothing is checked', async () => {
  const { capacity: _, ...nobody } = { ...world, capacity };
  const of = { nodeClasses, vcpu: [standard] };
  const asked = await clusterRoom(nobody, cluster, of);
  expect(asked.notChecked).toEqual(['free addresses', 'vCPU quota']);
  const { subnets: __, ...placeless } = nodeClass;
  const told = await clusterRoom({ ...world, capacity }, cluster, {
    nodeClasses: [placeless],
    vcpu: [standard],
  });
  expect(told).toEqual({
    room: { reservations: [], vcpu: [] },
    notChecked: ['free addresses', 'vCPU quota'],
  });
});

test('nodes whose kind nobody knows leave the quota unchecked, and what is known is told', async () => {
  const told = await clusterRoom({ ...world, capacity }, cluster, {
    nodeClasses,
    vcpu: [standard, 'unknown'],
  });
  expect(told.room.vcpu).toEqual([quota]);
  expect(told.notChecked).toEqual(['vCPU quota']);
});

test('of a cluster in another account, neither addresses nor the quota count as checked', async () => {
  const elsewhere = { ...capacity, subnets: async () => [] };
  const told = await clusterRoom({ ...world, capacity: elsewhere }, cluster, {
    nodeClasses,
    vcpu: [standard],
  });
  expect(told.room.vcpu).toEqual([]);
  expect(told.notChecked).toEqual(['free addresses', 'vCPU quota']);
});

test('where no node will come, no quota is asked about', async () => {
  const vcpu = async () => {
    throw new Error('asked');
  };
  const it = { ...world, capacity: { ...capacity, vcpu } };
  expect((await clusterRoom(it, cluster, { nodeClasses, vcpu: [] })).notChecked).toEqual([]);
});
