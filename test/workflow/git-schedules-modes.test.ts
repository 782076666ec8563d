import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import {
  expectTrueAlarms,
  has,
  hostile,
  merging,
  pressing,
  scheduleTimeoutMs,
  shares,
} from './play-schedules.ts';

const how = { git: 'in memory', queue: false, of: 0.05 } as const;

const verified = {
  byAmiable: has('MergeStarted'),
  byPeople: has('MergeVerified'),
  differs: has('MergeDiffers'),
};

test(
  'where pull requests are open while people are asked, only what was approved is merged, or green',
  async () => {
    const rule = { open: 'on-detection' } as const;
    const share = await shares({ ...how, moves: hostile, rule }, verified, expectTrueAlarms);
    expect(share('byAmiable')).toBeGreaterThan(0.15);
  },
  scheduleTimeoutMs,
);

test(
  'where Merge has to be pressed, nothing is merged before somebody did for what is merged',
  async () => {
    const rule = { merge: 'by-button' } as const;
    const pressedFirst = (events: readonly RolloutEvent[]) => {
      for (const [at, event] of events.entries()) {
        if (event.type !== 'MergeStarted') continue;
        const before = events.slice(0, at);
        const pressed = before.findLast(({ type }) => type === 'MergeRequested');
        expect(pressed).toMatchObject({ digest: event.digest });
      }
    };
    const share = await shares({ ...how, moves: pressing, rule }, verified, (one) => {
      expectTrueAlarms(one);
      pressedFirst(one.events);
    });
    expect(share('byAmiable')).toBeGreaterThan(0.1);
  },
  scheduleTimeoutMs,
);

test(
  'where people merge on GitHub, Amiable never does, is green for what was proposed alone, and tells what differs',
  async () => {
    const rule = { merge: 'in-github' } as const;
    const share = await shares({ ...how, moves: merging, rule }, verified, expectTrueAlarms);
    expect(share('byAmiable')).toBe(0);
    expect(share('byPeople')).toBeGreaterThan(0.2);
    expect(share('differs')).toBeGreaterThan(0.01);
  },
  scheduleTimeoutMs,
);
