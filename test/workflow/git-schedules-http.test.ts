import { expect, test } from 'vitest';
import {
  aroundQueue,
  expectTrueAlarms,
  hostile,
  scheduleTimeoutMs,
  shares,
  told,
} from './play-schedules.ts';

const git = 'through HTTP';

test(
  'through the adapter too, only what was approved is merged, whatever is done to Git',
  async () => {
    const share = await shares(
      { moves: hostile, git, queue: false, of: 0.01 },
      told,
      expectTrueAlarms,
    );
    expect(share('merges')).toBeGreaterThan(0.4);
  },
  scheduleTimeoutMs,
);

test(
  'and through a merge queue that merges in batches',
  async () => {
    const of = { moves: aroundQueue, git, queue: true, of: 0.01 } as const;
    const share = await shares(of, told, expectTrueAlarms);
    expect(share('byQueue')).toBeGreaterThan(0.2);
  },
  scheduleTimeoutMs,
);
