import fc from 'fast-check';
import { expect, test } from 'vitest';
import { peacefulMove, peacefulQueueMove } from './git-moves.ts';
import {
  aroundQueue,
  expectNoAlarm,
  has,
  hostile,
  numRuns,
  shares,
  told,
} from './play-schedules.ts';

const timeout = 60_000 + numRuns * 200;
const git = 'in memory';

// A schedule that never merges, never asks again and takes nothing out of a queue proves little.
test(
  'whatever is done to Git around approvals, only what was approved is merged, and not in a freeze or after a no',
  async () => {
    const share = await shares(
      { moves: hostile, git, queue: false, of: 0.49 },
      told,
      expectNoAlarm,
    );
    expect(share('merges')).toBeGreaterThan(0.5);
    expect(share('asksAgain')).toBeGreaterThan(0.15);
  },
  timeout,
);

test(
  'and so it is where a queue merges in batches: what is stopped is out of it at the next look',
  async () => {
    const of = { moves: aroundQueue, git, queue: true, of: 0.39 } as const;
    const share = await shares(of, told, expectNoAlarm);
    expect(share('byQueue')).toBeGreaterThan(0.25);
    expect(share('asksAgain')).toBeGreaterThan(0.15);
    expect(share('takesOut')).toBeGreaterThan(0.04);
  },
  timeout,
);

test.each([
  { moves: peacefulMove, queue: false, where: 'beside the pins' },
  { moves: peacefulQueueMove, queue: true, where: 'in the queue' },
])(
  'whatever others do $where costs nobody an approval',
  async ({ moves, queue }) => {
    const all = fc.array(moves, { minLength: 6, maxLength: 25 });
    const share = await shares(
      { moves: all, git, queue, of: 0.05 },
      { merged: has('PullRequestMerged') },
      ({ events }) => {
        expect(events.filter(({ type }) => type === 'ApprovalsVoided')).toEqual([]);
        const asks = events.filter(
          (event) => event.type === 'ApprovalRequested' && event.environment === 'staging',
        );
        expect(asks).toHaveLength(1);
      },
    );
    expect(share('merged')).toBe(1);
  },
  timeout,
);
