import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minute } from '../../src/shared/time.ts';
import { httpGitHost } from '../fakes/http-git-host.ts';
import { anyMove, peacefulMove, playSchedule, queueMove } from './git-schedule.ts';

/**
 * `npm run test:schedules` plays 10,000, of which these few are the first; a failure prints the seed and path that bring it
 * back.
 */
const numRuns = Number(process.env['SCHEDULES'] ?? 200);
const timeout = 30_000 + numRuns * 250;
/** As many of them speak HTTP to the sandbox's GitHub, through the adapter. */
const httpRuns = Math.ceil(numRuns / 50);

test(
  'whatever is done to Git around approvals, only what was approved is merged, and not in a freeze or after a no',
  async () => {
    const told = { runs: 0, merged: 0, asked: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { minLength: 8, maxLength: 30 }), async (moves) => {
        const played = await playSchedule(moves);
        await played.settle();
        const events = await played.events();
        told.runs += 1;
        if (events.some(({ type }) => type === 'MergeStarted')) told.merged += 1;
        if (events.filter(({ type }) => type === 'ApprovalRequested').length > 1) told.asked += 1;
        // What others merge may hold anything, and is an alarm; what we merge never does.
        const byHand = events.some(
          (event) => event.type === 'PullRequestMerged' && event.by !== 'amiable[bot]',
        );
        if (!byHand) expect(events.filter(({ type }) => type === 'MergeDiffers')).toEqual([]);
      }),
      { numRuns: Math.ceil(numRuns * 0.8), seed: 20261121 },
    );
    // A schedule that never merges, or never asks again, proves little.
    expect(told.merged / told.runs, JSON.stringify(told)).toBeGreaterThan(0.25);
    expect(told.asked / told.runs, JSON.stringify(told)).toBeGreaterThan(0.1);
  },
  timeout,
);

test(
  'whatever others do beside the pins costs nobody an approval',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(peacefulMove, { minLength: 6, maxLength: 25 }), async (moves) => {
        const played = await playSchedule(moves);
        await played.settle();
        const events = await played.events();
        expect(events.filter(({ type }) => type === 'ApprovalsVoided')).toEqual([]);
        const asks = events.filter(
          (event) => event.type === 'ApprovalRequested' && event.environment === 'staging',
        );
        expect(asks).toHaveLength(1);
        expect(events.some(({ type }) => type === 'PullRequestMerged')).toBe(true);
      }),
      { numRuns: Math.ceil(numRuns * 0.2), seed: 20261121 },
    );
  },
  timeout,
);

test(
  'the same holds through HTTP',
  async () => {
    let started = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { minLength: 8, maxLength: 30 }), async (moves) => {
        let close = async () => {};
        try {
          const played = await playSchedule(moves, async (clock, files) => {
            const git = await httpGitHost(clock, files);
            close = git.close;
            return git;
          });
          await played.settle();
          const events = await played.events();
          if (events.some(({ type }) => type === 'MergeStarted')) started += 1;
        } finally {
          await close();
        }
      }),
      { numRuns: httpRuns, seed: 20261121 },
    );
    expect(started / httpRuns).toBeGreaterThan(0.2);
  },
  30_000 + httpRuns * 20_000,
);

test(
  'and through a merge queue that merges in batches',
  async () => {
    let byQueue = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(queueMove, { minLength: 12, maxLength: 30 }), async (moves) => {
        let close = async () => {};
        try {
          const played = await playSchedule(moves, async (clock, files) => {
            const git = await httpGitHost(clock, files);
            git.there.protect({ mergeQueue: { waitMs: 2 * minute } });
            close = git.close;
            return git;
          });
          await played.settle();
          const merged = played.git.pulls.filter(({ branch }) => branch.startsWith('amiable/'));
          if (merged.some((one) => one.mergedBy === 'github-merge-queue[bot]')) byQueue += 1;
        } finally {
          await close();
        }
      }),
      { numRuns: httpRuns, seed: 20261121 },
    );
    expect(byQueue / httpRuns).toBeGreaterThan(0.2);
  },
  30_000 + httpRuns * 20_000,
);
