import { expect, test } from 'vitest';
import { peacefulMove } from './git-moves.ts';
import {
  expectNoneAskedTwice,
  expectTrueAlarms,
  hostile,
  scheduleTimeoutMs,
  shares,
  told,
} from './play-schedules.ts';

const git = 'in memory';

// A schedule that never merges, never asks again and takes nothing out of a queue proves little.
test(
  'whatever is done to Git around approvals, only what was approved is merged, and not in a freeze or after a no',
  async () => {
    const share = await shares(
      { moves: hostile, git, queue: false, of: 0.4 },
      told,
      expectTrueAlarms,
    );
    expect(share('merges')).toBeGreaterThan(0.5);
    expect(share('asksAgain')).toBeGreaterThan(0.15);
  },
  scheduleTimeoutMs,
);

test(
  'whatever others do beside the pins costs nobody an approval',
  () => expectNoneAskedTwice(peacefulMove, false),
  scheduleTimeoutMs,
);
