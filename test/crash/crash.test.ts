import { beforeAll, describe, expect, test } from 'vitest';
import { day } from '../../src/shared/time.ts';
import { effectNames } from '../../src/workflow/effect.ts';
import type { KillOrder } from './kill-orders.ts';
import { ordersOf } from './kill-orders.ts';
import { ofPage, paged } from './paged.ts';
import type { Deed } from './people.ts';
import {
  approves,
  approvesByMention,
  brakes,
  isRefused,
  keepsPods,
  readsDetails,
  rejectsWithPullRequest,
  resumesAfter,
  startsRejecting,
} from './people.ts';
import type { Played } from './play.ts';
import { play } from './play.ts';
import { pausesInQueue, rejectsOutOfQueue, requiresQueue } from './queued.ts';
import type { Story } from './story.ts';
import { ofSync, synced } from './synced.ts';

/** A release from its first card to the last node. */
const complete: readonly Deed[] = [
  // Two of them: once one has the modal before them they do not ask again, whether we know of it or not.
  readsDetails('U0GUEST'),
  readsDetails('U0CY'),
  isRefused('U0CY', 'staging'),
  approves('U0ANN', 'staging'),
  approvesByMention('U0BO', 'staging'),
  approves('U0DANA', 'production'),
  approvesByMention('U0ANN', 'production'),
];

/** A release that somebody rejects while its first pull request is open. */
const rejected: readonly Deed[] = [
  startsRejecting('U0DANA', 'staging'),
  approves('U0ANN', 'staging'),
  approves('U0BO', 'staging'),
  rejectsWithPullRequest('U0DANA', 'staging'),
];

/** A release that is braked in the middle, and goes on. */
const braked: readonly Deed[] = [
  keepsPods('staging-eu-1'),
  approves('U0ANN', 'staging'),
  approves('U0BO', 'staging'),
  brakes('U0ANN', 'staging'),
  resumesAfter('U0ANN', ' held. ', 'staging-eu-1'),
  approves('U0DANA', 'production'),
  approvesByMention('U0ANN', 'production'),
];

/** A release that is taken out of GitHub's merge queue, and rejected. */
const queued = (): readonly Deed[] => [
  requiresQueue(),
  startsRejecting('U0DANA', 'staging'),
  approves('U0ANN', 'staging'),
  approves('U0BO', 'staging'),
  pausesInQueue('U0ANN'),
  rejectsOutOfQueue('U0DANA', 'staging'),
];

const ofBrake = ordersOf(['hold-nodes', 'release-nodes']);
const elsewhere: readonly string[] = [
  ...['close-pull-request', 'dequeue', 'hold-nodes', 'release-nodes', 'page', 'sync-node-class'],
];
const ofCompletion = ordersOf(effectNames.filter((name) => !elsewhere.includes(name)));

/** What only the rejection does. Once a pull request is closed nobody closes it again, so it takes two runs. */
const ofRejection: readonly (readonly KillOrder[])[] = [
  ['before:close-pull-request', 'lost:close-pull-request'],
  ['after:close-pull-request'],
];

/** What is out of the queue is not taken out again. */
const ofQueue: readonly (readonly KillOrder[])[] = [
  ['before:dequeue', 'lost:dequeue'],
  ['after:dequeue'],
];

test('the orders reach every effect there is, at each of the three points', () => {
  expect(
    [
      ...ofCompletion,
      ...ofBrake,
      ...ofPage,
      ...ofRejection.flat(),
      ...ofQueue.flat(),
      ...ofSync.flat(),
    ].sort(),
  ).toEqual([...ordersOf(effectNames)].sort());
});

describe('a rollout that completes', () => {
  let calm: Story;

  beforeAll(async () => {
    calm = (await play(complete)).story;
  });

  test('ends as if the service never died, however often it died around an effect', async () => {
    const crashed = await play(complete, { orders: ofCompletion });
    expect(crashed.left).toEqual([]);
    expectSame(crashed, calm);
  });

  test('ends as if the service never died, at whatever time it died', async () => {
    expectSame(await play(complete, { atRandom: { seed: 20261121, times: 10 } }), calm);
  });
});

test('a brake holds and lets go of every node, however often the service died around it', async () => {
  const crashed = await play(braked, { orders: ofBrake });
  expect(crashed.left).toEqual([]);
  expect(crashed.marks).toEqual([]);
  expect(crashed.aftermath).toMatchObject({ silent: [], pending: [] });
});

test('a page is one alert, which is resolved once it is over, however often the service died around it', async () => {
  const crashed = await play(paged, { orders: ofPage });
  expect(crashed.left).toEqual([]);
  const { pages, story } = crashed;
  const key = `amiable/${story.rollouts[0]?.id}/blind/staging-eu-1`;
  expect([...new Set(pages.map((page) => page.key))]).toEqual([key]);
  // Lost and after: it was sent, and not remembered.
  expect(pages.slice(0, 3).map(({ status }) => status)).toEqual(['firing', 'firing', 'firing']);
  expect(pages.at(-1)).toMatchObject({ status: 'resolved', condition: 'blind' });
  expect(story.rollouts).toMatchObject([{ status: 'rejected' }]);
  expect(crashed.aftermath).toMatchObject({ silent: [], pending: [] });
});

test('Argo CD syncs the EC2NodeClass once for a press, however often the service died around that', async () => {
  for (const orders of ofSync) {
    const crashed = await play(synced(), { orders });
    expect(crashed.left).toEqual([]);
    expect(crashed.aftermath).toMatchObject({ silent: [], pending: [] });
    expect(crashed.partialSyncs).toBe(1);
  }
});

test('a pull request is out of the merge queue, however often the service died around that', async () => {
  const calm = await play(queued());
  for (const orders of ofQueue) {
    const crashed = await play(queued(), { orders });
    expect(crashed.left).toEqual([]);
    expectSame(crashed, calm.story);
  }
});

describe('a rollout that is rejected with a pull request open', () => {
  // The checks take so long that the pull request stays open until somebody decides.
  const story = { checksTakeMs: day };

  test('ends as if the service never died', async () => {
    const calm = await play(rejected, story);
    for (const orders of ofRejection) {
      const crashed = await play(rejected, { ...story, orders });
      expect(crashed.left).toEqual([]);
      expectSame(crashed, calm.story);
    }
  });
});

/** The same story; and one message a slot, with at most one twin for each post whose reply was lost. */
function expectSame({ story, aftermath, lostPosts }: Played, calm: Story): void {
  expect(story).toEqual(calm);
  expect(aftermath).toMatchObject({ silent: [], pending: [] });
  expect(aftermath.twins.length, aftermath.twins.join('\n')).toBeLessThanOrEqual(lostPosts);
}
