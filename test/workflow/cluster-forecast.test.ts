import { expect, test } from 'vitest';
import { hour } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { lookOnce } from './drive.ts';

test('a card that asks tells what would move, read once in six hours', async () => {
  const fleet = memoryWorld();
  let asked = 0;
  const clusters = {
    ...fleet.world.clusters,
    async surroundings() {
      asked += 1;
      return { surroundings: { pods: [], allPods: true as const }, notChecked: ['events: no'] };
    },
  };
  const world = { ...fleet.world, clusters };
  const { rollout } = await detect(world);
  if (rollout === undefined) throw new Error('nothing was opened');
  await lookOnce(world, rollout);
  expect(world.sightings(rollout).forecasts.get('stg')).toMatchObject({
    forecast: { nodes: 3, pods: 0, singleReplica: [] },
    notChecked: ['events', 'free addresses', 'vCPU quota'],
  });
  fleet.clock.advance(hour);
  await lookOnce(world, rollout);
  expect(asked).toBe(1);
  fleet.clock.advance(6 * hour);
  await lookOnce(world, rollout);
  expect(asked).toBe(2);
});

test('a cluster that does not answer leaves the card without a forecast, and nothing else', async () => {
  const fleet = memoryWorld();
  const clusters = {
    ...fleet.world.clusters,
    async glance(): Promise<never> {
      throw new Error('no answer');
    },
  };
  const world = { ...fleet.world, clusters };
  const { rollout } = await detect(world);
  if (rollout === undefined) throw new Error('nothing was opened');
  const { environments } = await lookOnce(world, rollout);
  expect(environments[0]?.phase.name).toBe('awaiting-approval');
  expect(world.sightings(rollout).forecasts.get('stg')).not.toHaveProperty('forecast');
});
