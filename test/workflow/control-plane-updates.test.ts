import { beforeEach, expect, test } from 'vitest';
import { liveProgress } from '../../blocks/live-progress.ts';
import { minute } from '../../src/shared/time.ts';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  fleet = await fleetStory();
});

test('nothing is merged into a cluster while EKS says UPDATING, and the card says so', async () => {
  fleet.updating.add('stg');
  await fleet.approved();
  expect(standing(await fleet.settle())[0]).toBe('staging approved [pull-request]');
  const [seen] = fleet.world.sightings(fleet.id).pullRequests.values();
  expect(seen?.waitsFor).toBe('waits until EKS no longer says UPDATING of stg');
  expect(fleet.git.calls).not.toContain('merge 1');
  fleet.updating.clear();
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [syncing]');
});

test('a control plane of another environment holds nothing', async () => {
  fleet.updating.add('prod-1');
  await fleet.approved();
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [syncing]');
});

test('an upgrade amid a rollout is told once for the cluster', async () => {
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(2);
  fleet.upgraded.set('stg', '1.99');
  fleet.clock.advance(minute);
  const rollout = await fleet.settle(1);
  const seen = [...fleet.world.sightings(fleet.id).clusters.values()];
  const [from] = seen.flatMap(({ upgrade = '' }) => upgrade.match(/1\.\d+ →/g) ?? []);
  expect(seen.find(({ cluster }) => cluster === 'stg')?.upgrade).toBe(
    `Kubernetes ${from} 1.99 causes a second replacement of nodes`,
  );
  const text = JSON.stringify(liveProgress(rollout, seen)?.blocks);
  expect(text.match(/second replacement/g)).toHaveLength(1);
});
