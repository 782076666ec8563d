import { expect, test } from 'vitest';
import { peacefulQueueMove } from './git-moves.ts';
import {
  aroundQueue,
  expectNoneAskedTwice,
  expectTrueAlarms,
  scheduleTimeoutMs,
  shares,
  told,
} from './play-schedules.ts';

const git = 'in memory';

// Beside the schedules without a queue, so that both play at once where there are two cores.
test(
  'where a queue merges in batches too, what is stopped is out of it at the next look',
  async () => {
    const of = { moves: aroundQueue, git, queue: true, of: 0.33 } as const;
    const share = await shares(of, told, expectTrueAlarms);
    expect(share('byQueue')).toBeGreaterThan(0.25);
    expect(share('asksAgain')).toBeGreaterThan(0.15);
    expect(share('takesOut')).toBeGreaterThan(0.04);
  },
  scheduleTimeoutMs,
);

test(
  'whatever others do in the queue costs nobody an approval',
  () => expectNoneAskedTwice(peacefulQueueMove, true),
  scheduleTimeoutMs,
);
