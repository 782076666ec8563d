import { expect, test } from 'vitest';
import { isoOf } from '../../src/shared/time.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { fleetStory } from './fleet-story.ts';

/** Two of three nodes moved; the last one does not, and somebody holds it or nobody knows why. */
async function stuckFor(minutes: number, isHeld: boolean) {
  const before = memoryWorld();
  const names = ['', 'stg-0', 'stg-1', 'stg-2'];
  const heldNodes = new Map(isHeld ? names.map((name) => [name, ''] as const) : []);
  const surroundings = async () => ({ surroundings: { heldNodes }, notChecked: [] });
  before.world = { ...before.world, clusters: { ...before.world.clusters, surroundings } };
  const fleet = await fleetStory(before);
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(2);
  fleet.replace('stg', 2);
  return (await fleet.settle(minutes)).environments[0]?.waves[0];
}

test('what the card says of a cluster that is not seen has the age of what was seen', async () => {
  const fleet = await fleetStory(memoryWorld());
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(2);
  fleet.replace('stg', 2);
  await fleet.settle(2);
  const seen = isoOf(fleet.clock.now());
  fleet.unreachable.add('stg');
  await fleet.settle(5);
  const told = [...fleet.world.sightings(fleet.id).troubles.values()].map(({ what }) => what);
  expect(told).toEqual([`stg: the cluster does not answer; the numbers are of ${seen}`]);
});

test('a node that somebody holds is no stall, and one that nothing known holds is', async () => {
  const held = await stuckFor(120, true);
  expect(held).toMatchObject({ phase: { name: 'replacing' } });
  expect(held).not.toHaveProperty('stalled');
  expect(await stuckFor(120, false)).toHaveProperty('stalled');
});
