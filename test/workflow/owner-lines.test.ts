import { expect, test } from 'vitest';
import { renderThread } from '../../blocks/thread.ts';
import { minute } from '../../src/shared/time.ts';
import { SlackRefusedError } from '../../src/workflow/ports/slack-errors.ts';
import { createSightings } from '../../src/workflow/sightings.ts';
import { createThreads } from '../../src/workflow/thread.ts';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { lookOnce } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

const owners = [{ namespaces: [], nodePools: ['general'], channel: 'C0PLATFORM' }];

/** Two of three nodes of staging moved; somebody keeps the last one. */
async function heldFleet(options: Parameters<typeof memoryWorld>[0] = { fleet: { owners } }) {
  const before = memoryWorld(options);
  const heldNodes = new Map([['stg-2', '']]);
  before.world = {
    ...before.world,
    clusters: {
      ...before.world.clusters,
      surroundings: async () => ({ surroundings: { heldNodes }, notChecked: [] }),
    },
    cardUrl: async () => 'https://acme.slack.com/archives/C0NODES/p1',
  };
  const fleet = await fleetStory(before);
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(2);
  fleet.replace('stg', 2);
  const replica = (world: World) => {
    const threads = createThreads(world, renderThread);
    return async (minutes: number) => {
      for (let i = 0; i < minutes; i += 1) {
        fleet.clock.advance(minute);
        await lookOnce(world, fleet.id);
        await threads.sync(fleet.id).catch(() => undefined);
      }
    };
  };
  const told = () => fleet.messages.filter(({ channel }) => channel !== 'C0NODES');
  return { ...fleet, heldNodes, replica, told };
}

test('an owner is told once of what holds nodes for ten minutes, and that it does no longer', async () => {
  const { world, replica, told, heldNodes } = await heldFleet();
  const run = replica(world);
  // it was seen when the change was synced, a minute before
  await run(7);
  expect(told()).toEqual([]);
  await run(60);
  expect(told()).toMatchObject([{ channel: 'C0PLATFORM', edits: 0 }]);
  expect(told()[0]).not.toHaveProperty('threadTs');
  expect(told()[0]?.text).toBe(
    'stg, node image al2023@v20261118: nodes wait to be replaced. stg-2 has karpenter.sh/do-not-disrupt.',
  );
  expect(JSON.stringify(told()[0]?.blocks)).toContain(
    '<https://acme.slack.com/archives/C0NODES/p1|Open the card>',
  );
  heldNodes.clear();
  await run(2);
  expect(told()).toMatchObject([
    {
      edits: 1,
      text: 'stg, node image al2023@v20261118: NodePool general holds no node any more.',
    },
  ]);
});

test('the line mentions nobody, and so does all else within the patience', async () => {
  const { world, replica, messages } = await heldFleet();
  const before = messages.length;
  await replica(world)(120);
  const said = messages.slice(before);
  expect(said.some(({ channel }) => channel === 'C0PLATFORM')).toBe(true);
  expect(said.filter(({ broadcast }) => broadcast === true)).toEqual([]);
  expect(JSON.stringify(said)).not.toMatch(/<@|<!(?!date)/);
});

test('two replicas tell an owner once, and whoever is left corrects it', async () => {
  const { world, replica, told, heldNodes } = await heldFleet();
  const here = replica(world);
  const there = replica({ ...world, sightings: createSightings() });
  for (let i = 0; i < 20; i += 1) await Promise.all([here(1), there(1)]);
  expect(told()).toHaveLength(1);
  const later = replica({ ...world, sightings: createSightings() });
  await later(1);
  heldNodes.clear();
  await later(2);
  expect(told()).toMatchObject([{ text: expect.stringContaining('holds no node any more') }]);
});

test('a process that dies before its post is followed by one that tells the owner', async () => {
  let dies = true;
  const { world, replica, told } = await heldFleet({
    fleet: { owners },
    observe(point, name, key) {
      if (dies && point === 'before' && name === 'post-message' && key.includes('owner')) {
        dies = false;
        throw new Error('killed');
      }
    },
  });
  const run = replica(world);
  for (let minutes = 0; dies && minutes < 20; minutes += 1) await run(1);
  expect([dies, told()]).toEqual([false, []]);
  await replica({ ...world, sightings: createSightings() })(15);
  expect(told()).toHaveLength(1);
});

test('a channel that keeps us out is tried once, and the card stays true', async () => {
  let tries = 0;
  const { world, replica, told, messages, heldNodes } = await heldFleet({
    fleet: { owners },
    observe(point, name, key) {
      if (point !== 'before' || name !== 'post-message' || !key.includes('owner')) return;
      tries += 1;
      throw new SlackRefusedError('chat.postMessage', 'not_in_channel', { cause: undefined });
    },
  });
  const run = replica(world);
  await run(30);
  expect([tries, told()]).toEqual([1, []]);
  heldNodes.clear();
  await run(2);
  const live = messages.find(({ text }) => text.startsWith('staging: 2 of 3'));
  expect(JSON.stringify(live?.blocks)).not.toContain('do-not-disrupt');
});

test('where nobody is named, nothing is posted anywhere else', async () => {
  const { world, replica, told } = await heldFleet({});
  await replica(world)(30);
  expect(told()).toEqual([]);
});
