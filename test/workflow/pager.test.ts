import { beforeEach, expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { minute } from '../../src/shared/time.ts';
import { pageConditions } from '../../src/workflow/page-conditions.ts';
import { createPager } from '../../src/workflow/pager.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { after, ann, asked, granted, id, noon, opened, rolledOut } from '../rollout/story.ts';

const moving: readonly RolloutEvent[] = [
  opened,
  asked('staging'),
  granted('staging', ann),
  ...rolledOut('staging').slice(0, 5),
];
const halted: RolloutEvent = {
  type: 'RolloutHalted',
  environment: 'staging',
  wave: 'wave-1',
  checks: ['launches'],
  evidence: ['stg: replacements go away'],
  at: noon,
};
const sighting = {
  cluster: 'stg',
  wave: 'staging/wave-1',
  replaced: 1,
  total: 3,
  draining: 0,
  launching: 0,
};

let fleet: ReturnType<typeof memoryWorld>;
beforeEach(() => {
  fleet = memoryWorld();
});

const states = () => fleet.paged.map(({ state, page }) => `${state} ${page.condition}`);

test('a cluster that moves and is not seen for ten minutes pages, and resolves when it is seen', async () => {
  const pager = createPager(fleet.world, {});
  const rollout = after(...moving);
  const { clusters } = fleet.world.sightings(id);
  clusters.set('stg', { ...sighting, at: fleet.clock.now() });
  await pager.attend(rollout);
  fleet.clock.advance(10 * minute - 1);
  await pager.attend(rollout);
  expect(states()).toEqual([]);
  fleet.clock.advance(1);
  await pager.attend(rollout);
  await pager.attend(rollout);
  expect(states()).toEqual(['fire blind']);
  clusters.set('stg', { ...sighting, at: fleet.clock.now() });
  await pager.attend(rollout);
  expect(states()).toEqual(['fire blind', 'resolve blind']);
});

test('one that was never seen counts from the first look', async () => {
  const pager = createPager(fleet.world, {});
  await pager.attend(after(...moving));
  fleet.clock.advance(10 * minute);
  await pager.attend(after(...moving));
  expect(states()).toEqual(['fire blind']);
});

test('what was seen of a cluster before its nodes moved does not count as lost from sight', async () => {
  const pager = createPager(fleet.world, {});
  fleet.world.sightings(id).clusters.set('stg', { ...sighting, at: fleet.clock.now() });
  fleet.clock.advance(180 * minute);
  await pager.attend(after(...moving));
  fleet.clock.advance(10 * minute - 1);
  await pager.attend(after(...moving));
  expect(states()).toEqual([]);
  fleet.clock.advance(1);
  await pager.attend(after(...moving));
  expect(states()).toEqual(['fire blind']);
});

test.each(['no-new-node', 'blind'])(
  '%s that fired before a restart stands until its cluster is seen again',
  async (condition) => {
    const { clusters } = fleet.world.sightings(id);
    const pager = createPager(fleet.world, {});
    await pager.attend(after(...moving));
    const trouble = condition === 'blind' ? {} : { noLaunch: 'no image' };
    clusters.set('stg', { ...sighting, ...trouble, at: fleet.clock.now() });
    if (condition === 'blind') fleet.clock.advance(10 * minute);
    await pager.attend(after(...moving));
    clusters.clear();
    const next = createPager(fleet.world, {});
    await next.attend(after(...moving));
    expect(states()).toEqual([`fire ${condition}`]);
    clusters.set('stg', { ...sighting, at: fleet.clock.now() });
    await next.attend(after(...moving));
    expect(states()).toEqual([`fire ${condition}`, `resolve ${condition}`]);
  },
);

test('a halt pages until somebody resumes', async () => {
  const pager = createPager(fleet.world, {});
  fleet.world.sightings(id).clusters.set('stg', { ...sighting, at: fleet.clock.now() });
  await pager.attend(after(...moving, halted));
  await pager.attend(after(...moving, halted, { type: 'RolloutResumed', by: ann, at: noon }));
  expect(states()).toEqual(['fire health-breached', 'resolve health-breached']);
});

test('who resumed a halted rollout, and pauses it later, wakes nobody', () => {
  const since: readonly RolloutEvent[] = [
    halted,
    { type: 'RolloutResumed', by: ann, at: noon + 1 },
    { type: 'RolloutPaused', by: ann, reason: 'lunch', at: noon + 2 },
  ];
  const clusters = new Map([['stg', { ...sighting, at: noon }]]);
  const told = (...events: readonly RolloutEvent[]) =>
    pageConditions(after(...moving, ...events), { clusters, firstLookedAt: new Map(), now: noon });
  expect(told(...since)).toEqual([]);
  const again = [...since, { ...halted, checks: ['workloads'], at: noon + 3 }];
  expect(told(...again)).toMatchObject([{ condition: 'health-breached' }]);
});

test('a class that resolves to nothing and a merge of something else page too', () => {
  const seen = { clusters: new Map(), firstLookedAt: new Map(), now: noon };
  const clusters = new Map([['stg', { ...sighting, at: noon, noLaunch: 'no image' }]]);
  expect(pageConditions(after(...moving), { ...seen, clusters })).toMatchObject([
    { condition: 'no-new-node', key: `amiable/${id}/no-new-node/stg` },
  ]);
  const differs: RolloutEvent = {
    type: 'MergeDiffers',
    environment: 'staging',
    wave: 'wave-1',
    detail: 'another file',
    at: noon,
  };
  expect(pageConditions(after(...moving.slice(0, 6), differs), seen)).toMatchObject([
    { condition: 'merged-differs' },
  ]);
  expect(pageConditions(after(...moving), { ...seen, clusters: new Map() })).toEqual([]);
});

const resumed: RolloutEvent = { type: 'RolloutResumed', by: ann, at: noon };
const differs: RolloutEvent = {
  type: 'MergeDiffers',
  environment: 'staging',
  wave: 'wave-1',
  detail: 'another file',
  at: noon,
};
const rolledBack = (events: readonly RolloutEvent[]) =>
  after(...events, {
    type: 'RollbackRequested',
    by: ann,
    reason: 'it is not what we approved',
    recoveries: [],
    leftOut: [],
    at: noon,
  });

test.each([
  {
    condition: 'no-new-node',
    of: 'stg',
    wrong: { seen: { noLaunch: 'no image' }, rollout: after(...moving) },
    over: { seen: {}, rollout: after(...moving) },
  },
  {
    condition: 'health-breached',
    of: 'staging',
    wrong: { seen: {}, rollout: after(...moving, halted) },
    over: { seen: {}, rollout: after(...moving, halted, resumed) },
  },
  {
    condition: 'merged-differs',
    of: 'staging',
    wrong: { seen: {}, rollout: after(...moving.slice(0, 6), differs) },
    over: { seen: {}, rollout: rolledBack([...moving.slice(0, 6), differs]) },
  },
  {
    condition: 'blind',
    of: 'stg',
    wrong: { seen: { at: noon - 10 * minute }, rollout: after(...moving) },
    over: { seen: {}, rollout: after(...moving) },
  },
])(
  '$condition fires once with its key, and resolves by itself',
  async ({ condition, of, wrong, over }) => {
    const pager = createPager(fleet.world, {});
    const { clusters } = fleet.world.sightings(id);
    await pager.attend(over.rollout);
    fleet.clock.advance(10 * minute);
    const now = fleet.clock.now();
    clusters.set('stg', { ...sighting, at: now });
    for (const { seen, rollout } of [wrong, wrong, over, over]) {
      const at = 'at' in seen ? now - 10 * minute : now;
      clusters.set('stg', { ...sighting, ...seen, at });
      await pager.attend(rollout);
    }
    const key = `amiable/${id}/${condition}/${of}`;
    expect(fleet.paged.map(({ state, page }) => [state, page.key])).toEqual([
      ['fire', key],
      ['resolve', key],
    ]);
  },
);

test('there is no fifth condition', () => {
  // a stall, a pause by hand, a broken soak and a rollout that waits for people wake nobody
  const quiet: readonly RolloutEvent[] = [
    {
      type: 'ReplacementStalled',
      environment: 'staging',
      wave: 'wave-1',
      blockers: ['a budget'],
      at: noon,
    },
    { type: 'RolloutPaused', by: ann, reason: 'lunch', at: noon },
  ];
  const clusters = new Map([['stg', { ...sighting, at: noon }]]);
  const told = (...events: readonly RolloutEvent[]) =>
    pageConditions(after(...events), { clusters, firstLookedAt: new Map(), now: noon });
  expect(told(...moving, ...quiet)).toEqual([]);
  expect(told(opened, asked('staging'))).toEqual([]);
});

test('what fired before a restart is resolved after it, with the same key', async () => {
  const rollout = after(...moving, halted);
  fleet.world.sightings(id).clusters.set('stg', { ...sighting, at: fleet.clock.now() });
  await createPager(fleet.world, {}).attend(rollout);
  const next = createPager(fleet.world, {});
  await next.attend(after(...moving, halted, { type: 'RolloutResumed', by: ann, at: noon }));
  expect(states()).toEqual(['fire health-breached', 'resolve health-breached']);
  expect(fleet.paged[0]?.page.key).toBe(fleet.paged[1]?.page.key);
});

test('a pager that does not answer holds nothing up, and is tried again', async () => {
  const pager = createPager(fleet.world, {});
  fleet.world.sightings(id).clusters.set('stg', { ...sighting, at: fleet.clock.now() });
  fleet.setPagerAnswers(false);
  await pager.attend(after(...moving, halted));
  fleet.setPagerAnswers(true);
  await pager.attend(after(...moving, halted));
  expect(states()).toEqual(['fire health-breached']);
});

test('an alert that ends by itself is repeated in time', async () => {
  const pager = createPager(fleet.world, { repeatMs: 15 * minute });
  const { clusters } = fleet.world.sightings(id);
  for (let i = 0; i < 3; i += 1) {
    clusters.set('stg', { ...sighting, at: fleet.clock.now() });
    await pager.attend(after(...moving, halted));
    fleet.clock.advance(5 * minute);
  }
  expect(states()).toEqual(Array.from({ length: 3 }, () => 'fire health-breached'));
});
