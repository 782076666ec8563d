import { beforeEach, expect, test } from 'vitest';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann } from '../rollout/story.ts';
import { standing } from './drive.ts';
import { storyOf } from './fleet-story.ts';

const moved = 'stg: EC2NodeClass default says al2023@v20261021 now, not what was merged';

let fleet: Awaited<ReturnType<typeof storyOf>>;
let resolves = true;

beforeEach(async () => {
  resolves = true;
  const memory = memoryWorld();
  const { observe } = memory.world.clusters;
  const world: World = {
    ...memory.world,
    clusters: {
      ...memory.world.clusters,
      async observe(name) {
        const view = await observe(name);
        return resolves ? view : { ...view, nodeClasses: view.nodeClasses.map(unresolved) };
      },
    },
  };
  fleet = await storyOf({ ...memory, world });
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(2);
});

/** As Karpenter says it of an alias that AWS does not publish: the conditions of the images stay behind. */
function unresolved<T extends { readonly name: string; readonly amis: readonly string[] }>(one: T) {
  const said = { reason: 'said', message: '' };
  return {
    ...one,
    conditions: [
      { type: 'SubnetsReady', status: 'True' as const, observedGeneration: 2, ...said },
      { type: 'AMIsReady', status: 'True' as const, observedGeneration: 1, ...said },
      { type: 'Ready', status: 'Unknown' as const, observedGeneration: 2, ...said },
    ],
  };
}

const seen = () => fleet.world.sightings(fleet.id).clusters.get('stg');

test('a class that somebody moved elsewhere while nodes are replaced is told at the next look', async () => {
  expect(fleet.troubles()).toEqual([]);
  expect(seen()?.endsAt).toBeDefined();
  fleet.live.set('stg', 'al2023@v20261021');
  await fleet.settle(1);
  expect(fleet.troubles()).toEqual([moved]);
  expect(seen()?.note).toBe(moved.replace('stg: ', ''));
  expect(seen()?.endsAt).toBeUndefined();
  fleet.sync('stg');
  await fleet.settle(1);
  expect(fleet.troubles()).toEqual([]);
});

test('nodes that went elsewhere are no longer counted as replaced', async () => {
  const counted = async () => {
    const { environments } = await fleet.settle(1);
    return environments[0]?.waves[0]?.phase;
  };
  fleet.replace('stg', 2);
  expect(await counted()).toMatchObject({ replaced: 2 });
  fleet.live.set('stg', 'al2023@v20261021');
  fleet.replace('stg');
  expect(await counted()).toMatchObject({ replaced: 0 });
});

test('a soak breaks where the class says something else, though every node still runs the release', async () => {
  fleet.replace('stg');
  expect(standing(await fleet.settle(3))[0]).toBe('staging rolling [soaking]');
  fleet.live.set('stg', 'al2023@v20261021');
  const rollout = await fleet.settle(1);
  expect(rollout.environments[0]?.waves[0]?.stalled?.blockers).toEqual([moved]);
});

test('a class that resolves to nothing is no healthy soak, and pages, with all nodes replaced', async () => {
  fleet.replace('stg');
  await fleet.settle(3);
  resolves = false;
  const rollout = await fleet.settle(1);
  const told = 'EC2NodeClass default resolves to no image, so no new node can launch';
  expect(seen()?.noLaunch).toContain(told);
  expect(seen()?.blockers?.join()).toContain(told);
  expect(rollout.environments[0]?.waves[0]?.stalled?.blockers.join()).toContain(told);
});

test('what stood in the way forward is not told of the way back', async () => {
  fleet.live.set('stg', 'al2023@v20261021');
  await fleet.settle(1);
  expect(fleet.troubles()).toEqual([moved]);
  await fleet.ask({ kind: 'roll-back', by: ann, reason: 'the canary does not sing' });
  await fleet.settle(1);
  expect(fleet.troubles()).toEqual([]);
});
