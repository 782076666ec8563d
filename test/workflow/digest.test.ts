import { expect, test } from 'vitest';
import { digestMessage } from '../../blocks/digest.ts';
import { day, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { digestFacts, postDigest } from '../../src/workflow/digest.ts';
import { memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';

function digests() {
  let dies = false;
  const fleet = memoryWorld({
    observe(point, name) {
      if (dies && point === 'before' && name === 'post-message') throw new Error('killed');
    },
  });
  const dueAt = fleet.clock.now();
  return {
    ...fleet,
    post: (owner: string) =>
      postDigest(fleet.world, {
        anchor: async () => undefined,
        dueAt,
        owner,
        channel: 'C0NODES',
        render: digestMessage,
      }),
    dies(now: boolean) {
      dies = now;
    },
  };
}

test('two replicas post one digest, however often they look', async () => {
  const { post, messages, clock } = digests();
  expect((await Promise.all([post('a'), post('b')])).filter(Boolean)).toHaveLength(1);
  for (const owner of ['a', 'b', 'a']) {
    clock.advance(5 * minute);
    expect(await post(owner)).toBe(false);
  }
  expect(messages).toHaveLength(1);
});

test('a digest whose replica died before it was posted is posted by another', async () => {
  const { post, dies, messages, clock } = digests();
  dies(true);
  await expect(post('a')).rejects.toThrow('killed');
  dies(false);
  expect(await post('b')).toBe(false);
  clock.advance(5 * minute);
  expect(await post('b')).toBe(true);
  expect(messages).toHaveLength(1);
});

test('a digest that is an hour late is not posted any more', async () => {
  const { post, messages, clock } = digests();
  clock.advance(61 * minute);
  expect(await post('a')).toBe(false);
  expect(messages).toEqual([]);
});

test('a release that is published and not offered is what clusters are behind', async () => {
  const { world } = memoryWorld({ fleet: { minimumAgeMs: 7 * day } });
  const before = await digestFacts(world);
  expect(before).toMatchObject({ newest: oldRelease, rollouts: [] });
  await detect(world);
  const { newest, clusters, rollouts } = await digestFacts(world);
  expect({ newest, rollouts }).toEqual({ newest: newRelease, rollouts: [] });
  expect(clusters.map(({ current }) => current)).toEqual([false, false, false]);
});

test('nobody is behind a release that is denied', async () => {
  const denied = [{ release: newRelease, reason: 'hangs under load' }];
  const { world } = memoryWorld({ fleet: { denied } });
  await detect(world);
  expect(await digestFacts(world)).toMatchObject({ newest: oldRelease });
});

test('nodes that are not handled are counted, and clusters that did not answer', async () => {
  const { post, messages, world } = digests();
  const [first] = world.fleet.clusters;
  world.clusters.notHandled = async (name) => {
    if (name === first?.name) throw new Error('no answer');
    return { managedNodeGroup: 9, autoMode: 3, fargate: 0, other: 0 };
  };
  await post('a');
  expect(JSON.stringify(messages[0]?.blocks)).toMatch(
    /And \d+ managed-node-group, \d+ Auto Mode nodes not handled \(not counted in 1 cluster\)\./,
  );
});
