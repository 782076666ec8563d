import { expect, test } from 'vitest';
import { createPager } from '../../src/workflow/pager.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo, policy } from '../rollout/story.ts';
import { fleetStory } from './fleet-story.ts';

/** Production alone, both its clusters in one wave, merged and on its way. */
async function onItsWay() {
  const approval = { users: [ann, bo], groups: [], count: 2 };
  const fleet = memoryWorld();
  const { clusters } = fleet.world.fleet;
  const story = await fleetStory({
    ...fleet,
    world: {
      ...fleet.world,
      fleet: {
        ...fleet.world.fleet,
        policies: [policy('production', { approval, waves: ['rest'] })],
        clusters: clusters.filter(({ environment }) => environment === 'production'),
      },
    },
  });
  await story.approved('production');
  await story.settle(2);
  return story;
}

test('a cluster that does not answer keeps nobody from seeing the others', async () => {
  const story = await onItsWay();
  const { world, unreachable, sync, settle, troubles, paged } = story;
  unreachable.add('prod-a');
  sync('prod-b');
  const pager = createPager(world, {});
  for (let turn = 0; turn < 15; turn += 1) await pager.attend(await settle(1));
  const [wave] = (await settle(1)).environments[0]?.waves ?? [];
  expect(wave?.phase).toMatchObject({ name: 'syncing', synced: ['prod-b'] });
  expect(troubles()).toEqual([expect.stringContaining('prod-a')]);
  // who is woken is told of the one that is not seen, and of no other
  expect(paged.map(({ page }) => page.cluster)).toEqual(['prod-a']);
  unreachable.clear();
  sync('prod-a');
  expect((await settle(2)).environments[0]?.waves[0]?.phase.name).not.toBe('syncing');
});
