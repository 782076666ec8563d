import { beforeEach, expect, test } from 'vitest';
import { digestMessage } from '../../blocks/digest.ts';
import { milestoneOf } from '../../blocks/milestone.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { digestFacts } from '../../src/workflow/digest.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann } from '../rollout/story.ts';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;

/** Two of three nodes moved; the last one does not. */
async function waiting(atLeast: number, more: { asks?: true } = {}): Promise<void> {
  const before = memoryWorld();
  const policies = before.world.fleet.policies.map((policy) => ({
    ...policy,
    finish: { atLeast, patienceMs: hour, ...more },
  }));
  before.world = { ...before.world, fleet: { ...before.world.fleet, policies } };
  fleet = await fleetStory(before);
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(2);
  fleet.replace('stg', 2);
}

beforeEach(() => waiting(0.6));

const now = async (minutes: number) => (await fleet.settle(minutes)).environments[0]?.waves[0];
const tails = async () => (await digestFacts(fleet.world)).tails;

test('within its patience a wave waits for the last node, and then goes on without it', async () => {
  expect((await now(50))?.phase.name).toBe('replacing');
  const events = async () =>
    (await fleet.store.rollouts.load(fleet.id)).flatMap((commit) => commit.events);
  const rollout = await fleet.settle(20);
  const started = (await events()).find((event) => event.type === 'SoakStarted');
  expect(started).toMatchObject({
    total: 2,
    tail: [expect.stringMatching(/^stg: stg-2 \(NodePool general\): ./)],
  });
  const text = started === undefined ? '' : milestoneOf(started, rollout, new Map())?.text;
  expect(text).toContain('Goes on without nodes that cannot move yet: stg: stg-2');
  await fleet.settle(80);
  expect((await events()).find((event) => event.type === 'WaveCompleted')).toMatchObject({
    proven: true,
    replaced: 2,
    tail: [expect.stringContaining('stg-2')],
  });
  expect(standing(await fleet.settle(1))[0]).toBe('staging complete [complete]');
});

test('the digest tells of the tail until it has moved', async () => {
  expect(await tails()).toEqual([]);
  await fleet.settle(150);
  expect(await tails()).toMatchObject([{ cluster: 'stg', environment: 'staging', nodes: 1 }]);
  const text = JSON.stringify(digestMessage(await digestFacts(fleet.world)).blocks);
  expect(text).toMatch(/Follows later.*\*stg\*: 1 node not yet on/);
  fleet.unreachable.add('stg');
  expect(await tails()).toMatchObject([{ cluster: 'stg', why: [] }]);
  fleet.unreachable.clear();
  fleet.replace('stg');
  expect(await tails()).toEqual([]);
  expect(await tails()).toEqual([]);
});

test('where the policy asks, a wave with a tail waits for somebody to resume the rollout', async () => {
  await waiting(0.6, { asks: true });
  const rollout = await fleet.settle(150);
  expect(rollout.paused?.by).toBeUndefined();
  expect(rollout.paused?.reason).toContain('cannot move yet');
  expect(rollout.environments[0]?.waves[0]?.phase).toMatchObject({ name: 'soaking', asks: true });
  const events = (await fleet.store.rollouts.load(fleet.id)).flatMap((commit) => commit.events);
  const asked = events.find((event) => event.type === 'SoakStarted');
  const told = asked === undefined ? undefined : milestoneOf(asked, rollout, new Map());
  expect(told).toMatchObject({ loud: true, text: expect.stringContaining('Shall it go on') });
  await fleet.ask({ kind: 'resume', by: ann });
  const after = await fleet.settle(5);
  expect(after.paused).toBeUndefined();
  expect(standing(after)[0]).toBe('staging complete [complete]');
});

test('nobody has to answer once the tail has moved', async () => {
  await waiting(0.6, { asks: true });
  await fleet.settle(150);
  fleet.replace('stg');
  expect(standing(await fleet.settle(5))[0]).toBe('staging complete [complete]');
});

test('another image that is on its way ends the tail', async () => {
  await fleet.settle(150);
  fleet.live.set('stg', 'al2023@v20260901');
  expect(await tails()).toEqual([]);
});

test('too few nodes are no tail, however long it takes', async () => {
  await waiting(0.9);
  expect((await now(180))?.phase.name).toBe('replacing');
});

test('a new node that stops being Ready breaks the soak of a wave with a tail', async () => {
  let wave = await now(60);
  for (let i = 0; i < 20 && wave?.phase.name !== 'soaking'; i += 1) wave = await now(1);
  expect(wave?.phase.name).toBe('soaking');
  const nodes = fleet.running.get('stg') ?? [];
  fleet.running.set(
    'stg',
    nodes.map((node, i) => (i === 0 ? { ...node, ready: false } : node)),
  );
  fleet.clock.advance(minute);
  expect((await now(2))?.phase.name).toBe('replacing');
});
