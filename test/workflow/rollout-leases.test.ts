import { beforeEach, expect, test } from 'vitest';
import { hour } from '../../src/shared/time.ts';
import type { Presence } from '../../src/workflow/presence.ts';
import { createRolloutLeases } from '../../src/workflow/rollout-leases.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { id } from '../rollout/story.ts';

let fleet: ReturnType<typeof memoryWorld>;
const gone = new Set<string>();
const presence: Presence = {
  async show() {},
  async isGone(other) {
    return gone.has(other);
  },
  async leave() {},
};

const replica = (owner: string) => {
  const leases = createRolloutLeases(fleet.world, owner, presence);
  return async () => {
    const head = await fleet.world.store.heads.read(id);
    if (head === undefined) throw new Error('there is no head');
    return leases.hold(head, fleet.clock.now());
  };
};

beforeEach(async () => {
  fleet = memoryWorld();
  gone.clear();
  await fleet.world.store.heads.wake(id, fleet.clock.now());
});

test('the replica that comes first keeps the rollout, look after look', async () => {
  const [one, other] = [replica('one'), replica('other')];
  expect([await one(), await other(), await one(), await other()]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  // Kept beyond its six hours, because it was asked for again before they were over.
  fleet.clock.advance(5 * hour);
  expect(await one()).toBe(true);
  fleet.clock.advance(5 * hour);
  expect(await other()).toBe(false);
});

test('the rollout of a replica that is gone is taken over at once, and by one of two', async () => {
  expect(await replica('one')()).toBe(true);
  gone.add('one');
  const [second, third] = [replica('second'), replica('third')];
  expect(await second()).toBe(true);
  expect(await third()).toBe(false);
});
