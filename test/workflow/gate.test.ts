import { beforeEach, expect, test } from 'vitest';
import { newRelease } from '../fakes/memory-world.ts';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  fleet = await fleetStory();
});

test('a release whose images are gone is not merged, though it was approved', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await fleet.approved();
  await fleet.settle(2);
  fleet.published.delete(newRelease);
  await fleet.settle(2);
  fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
  expect(standing(await fleet.settle())[0]).toBe('staging approved [pull-request]');
  expect(fleet.troubles()[0]).toContain('does not have x86_64 standard, arm64 standard');
  expect(fleet.troubles()[0]).toContain('Nothing is merged there meanwhile');
  fleet.published.add(newRelease);
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [syncing]');
  expect(fleet.troubles()).toEqual([]);
});

test('nor while AWS does not say whether they are there', async () => {
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  await fleet.approved();
  await fleet.settle(2);
  const { ofRelease } = fleet.world.images;
  Object.assign(fleet.world.images, { ofRelease: () => Promise.reject(new Error('throttled')) });
  await fleet.settle(2);
  fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
  expect(standing(await fleet.settle())[0]).toBe('staging approved [pull-request]');
  Object.assign(fleet.world.images, { ofRelease });
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [syncing]');
});
