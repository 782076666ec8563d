import fc from 'fast-check';
import { expect } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { PullRequestRule } from '../../src/rollout/pull-request-rule.ts';
import { minute } from '../../src/shared/time.ts';
import { httpGitHost } from '../fakes/http-git-host.ts';
import { memoryGitHost } from '../fakes/memory-git-host.ts';
import { anyMove, type Move, mergingMove, pressingMove, queueMove } from './git-moves.ts';
import { type MakeGit, playSchedule } from './git-schedule.ts';

/**
 * `npm run test:schedules` plays 10,000, of which these few are the first; a failure prints the seed and path that bring it
 * back. One in fifty speaks HTTP to the sandbox's GitHub, through the adapter; the others are at the port, in memory.
 */
const numRuns = Number(process.env['SCHEDULES'] ?? 200);
/** For a test that plays a share of them, in ms. */
export const scheduleTimeoutMs = 60_000 + numRuns * 200;
const mergeQueue = { waitMs: 4 * minute };

type How = {
  readonly git: 'in memory' | 'through HTTP';
  /** Whether the branch has a merge queue. */
  readonly queue: boolean;
  readonly rule?: PullRequestRule;
};
type Played = {
  readonly events: readonly RolloutEvent[];
  readonly mergedBy: readonly (string | undefined)[];
  /** Of what people merged: whether it was what was approved. */
  readonly byHand: readonly boolean[];
};

async function played(moves: readonly Move[], { git, queue, rule }: How): Promise<Played> {
  let close = async () => {};
  const makeGit: MakeGit = async (clock, files) => {
    if (git === 'in memory') return memoryGitHost(clock, files, queue ? { mergeQueue } : {});
    const http = await httpGitHost(clock, files);
    close = http.close;
    if (queue) http.there.protect({ mergeQueue });
    return http;
  };
  try {
    const schedule = await playSchedule(moves, makeGit, rule);
    await schedule.settle();
    const ours = schedule.git.pulls.filter(({ branch }) => branch.startsWith('amiable/'));
    return {
      events: await schedule.events(),
      mergedBy: ours.map(({ mergedBy }) => mergedBy),
      byHand: await schedule.byHand(),
    };
  } finally {
    await close();
  }
}

/** Plays schedules of such moves, and counts how many of them are as each name says. */
export async function shares<Name extends string>(
  {
    moves,
    of,
    ...how
  }: How & {
    readonly moves: fc.Arbitrary<Move[]>;
    /** How many of all schedules, between 0 and 1. */
    readonly of: number;
  },
  isSo: Readonly<Record<Name, (played: Played) => boolean>>,
  judge: (played: Played) => void = () => {},
): Promise<(name: Name) => number> {
  let runs = 0;
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(moves, async (schedule) => {
      const one = await played(schedule, how);
      judge(one);
      runs += 1;
      for (const name in isSo) if (isSo[name](one)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }),
    { numRuns: Math.max(8, Math.ceil(numRuns * of)), seed: 20261121 },
  );
  return (name) => (counts.get(name) ?? 0) / runs;
}

export const has = (type: RolloutEvent['type']) => (one: Played) =>
  one.events.some((e) => e.type === type);
const bot = 'github-merge-queue[bot]';
export const told = {
  merges: has('MergeStarted'),
  byQueue: ({ mergedBy }: Played) => mergedBy.includes(bot),
  asksAgain: ({ events }: Played) =>
    events.filter(({ type }) => type === 'ApprovalRequested').length > 1,
  takesOut: ({ events }: Played) =>
    events.some(({ type }) => type === 'PullRequestEnqueued') &&
    events.some((event) => event.type === 'MergeHeld' && event.because !== 'dequeued'),
};

/** What people merge may hold anything, and is an alarm where it does; what Amiable merges never does. */
export function expectTrueAlarms(one: Played): void {
  const { byHand } = one;
  if (!byHand.includes(false)) expect(has('MergeDiffers')(one)).toBe(false);
  if (byHand.includes(false) && !byHand.includes(true))
    expect(has('MergeVerified')(one)).toBe(false);
}

export const hostile = fc.array(anyMove, { minLength: 8, maxLength: 30 });
export const pressing = fc.array(pressingMove, { minLength: 8, maxLength: 30 });
export const merging = fc.array(mergingMove, { minLength: 8, maxLength: 30 });
export const aroundQueue = fc.array(queueMove, { minLength: 12, maxLength: 30 });

/** Plays what others may do without touching what was approved: it is merged, and nobody is asked a second time. */
export async function expectNoneAskedTwice(move: fc.Arbitrary<Move>, queue: boolean) {
  const moves = fc.array(move, { minLength: 6, maxLength: 25 });
  const share = await shares(
    { moves, git: 'in memory', queue, of: 0.05 },
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
}
