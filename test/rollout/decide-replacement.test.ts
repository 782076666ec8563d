import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { waveNamed } from '../../src/rollout/rollout.ts';
import { hour, minute } from '../../src/shared/time.ts';
import {
  after,
  approvedProduction,
  backDigest,
  given,
  merged,
  mergeStarted,
  noon,
  pullRequest,
  rollback,
  rolledOut,
  standing,
} from './story.ts';

const inWave = { environment: 'production', wave: 'wave-2', at: noon };
/** Two clusters, merged and verified. */
const syncing = [
  ...approvedProduction,
  ...rolledOut('production'),
  ...rolledOut('production', 'wave-2', 2).slice(0, 4),
];
const synced = (cluster: string): RolloutEvent => ({ type: 'SyncObserved', ...inWave, cluster });
const replacing = [...syncing, synced('prod-b'), synced('prod-c')];
const of = { environment: 'production', wave: 'wave-2', now: noon };
const progress = {
  ...of,
  type: 'RecordReplacement' as const,
  replaced: 1,
  total: 4,
  blockers: ['pdb: web'],
  movedAt: noon,
};
const seen = (replaced: number, total = 4): RolloutEvent => ({
  type: 'ReplacementObserved',
  ...inWave,
  replaced,
  total,
});
const soaking: RolloutEvent = { type: 'SoakStarted', ...inWave, until: noon + hour, total: 4 };
const stalled: RolloutEvent = { type: 'ReplacementStalled', ...inWave, blockers: ['pdb: web'] };

test('a wave is synced when each of its clusters is, each told once', () => {
  const command = { ...of, type: 'RecordSynced' as const, cluster: 'prod-b' };
  const one = given(...syncing)
    .when(command)
    .decides('SyncObserved');
  expect(standing(one, 'production')).toBe('rolling [complete syncing]');
  given(...syncing, synced('prod-b'))
    .when(command)
    .decides();
  expect(standing(after(...replacing), 'production')).toBe('rolling [complete replacing]');
  given(...replacing)
    .when(command)
    .decides();
});

test.each([
  ['the first quarter', [], 1, true],
  ['less than a quarter', [seen(1, 8)], 1, false],
  ['the same quarter', [seen(2, 8)], 3, false],
  ['the next quarter', [seen(3, 8)], 4, true],
  ['the last node', [seen(7, 8)], 8, true],
  ['the same end', [seen(8, 8)], 8, false],
  ['a quarter less', [seen(8, 8)], 6, false],
  ['more than a quarter less', [seen(8, 8)], 5, true],
] as const)('progress is a milestone: %s', (_, before, replaced, told) => {
  given(...replacing, ...before)
    .when({ ...progress, replaced, total: 8 })
    .decides(...(told ? (['ReplacementObserved'] as const) : []));
});

test('a wave without nodes is no milestone', () => {
  given(...replacing)
    .when({ ...progress, replaced: 0, total: 0 })
    .decides();
});

const later = noon + 30 * minute;

test('no node for long enough is a stall, with what stands in the way', () => {
  given(...replacing, seen(1))
    .when({ ...progress, now: later - 1 })
    .decides();
  given(...replacing, seen(1))
    .when({ ...progress, movedAt: noon + 1, now: later })
    .decides();
  const rollout = given(...replacing, seen(1))
    .when({ ...progress, now: later })
    .decides('ReplacementStalled');
  expect(waveNamed(rollout, 'production', 'wave-2')?.stalled?.blockers).toEqual(['pdb: web']);
  given(...replacing, seen(1), stalled)
    .when({ ...progress, now: later })
    .decides();
});

test('what is known to hold nodes is no stall within its patience', () => {
  const held = { ...progress, heldUntil: later + minute };
  given(...replacing, seen(1))
    .when({ ...held, now: later + minute - 1 })
    .decides();
  given(...replacing, seen(1))
    .when({ ...held, now: later + minute })
    .decides('ReplacementStalled');
});

test('all replaced and not well is a stall too, and stays one until it is well', () => {
  const all = { ...progress, replaced: 4, blockers: ['Degraded'] };
  given(...replacing, seen(4))
    .when({ ...all, now: later })
    .decides('ReplacementStalled');
  given(...replacing, seen(4), stalled)
    .when({ ...all, now: later })
    .decides();
  given(...replacing, seen(4), stalled)
    .when({ ...all, now: later, steadySince: later })
    .decides('ReplacementResumed');
});

test('a stall ends when a node moves, and not when that was long ago as well', () => {
  given(...replacing, seen(1), stalled)
    .when({ ...progress, movedAt: later, now: later })
    .decides('ReplacementResumed');
  given(...replacing, seen(1), stalled)
    .when({ ...progress, movedAt: noon + minute, now: later + hour })
    .decides();
});

test('the soak begins when all has been well for a while', () => {
  const well = { ...progress, replaced: 4, steadySince: noon };
  given(...replacing, seen(4))
    .when({ ...well, now: noon + 2 * minute - 1 })
    .decides();
  const rollout = given(...replacing, seen(4))
    .when({ ...well, now: noon + 2 * minute })
    .decides('SoakStarted');
  expect(waveNamed(rollout, 'production', 'wave-2')?.phase).toMatchObject({
    until: noon + 2 * minute + hour,
  });
});

test('the way back has nothing to prove, and does not soak', () => {
  const back = { environment: 'production', wave: 'rollback-1', at: noon };
  const story: RolloutEvent[] = [
    ...replacing,
    rollback({ production: ['prod-a'] }),
    pullRequest('production', 'rollback-1', 9),
    mergeStarted('production', 'rollback-1', 9, backDigest),
    merged('production', 'rollback-1', 9),
    { type: 'MergeVerified', ...back },
    { type: 'SyncObserved', ...back, cluster: 'prod-a' },
  ];
  const now = noon + 2 * minute;
  const rollout = given(...story)
    .when({ ...progress, wave: 'rollback-1', replaced: 4, steadySince: noon, now })
    .decides('ReplacementObserved', 'SoakStarted');
  expect(waveNamed(rollout, 'production', 'rollback-1')?.phase).toMatchObject({ until: now });
});

const soak = { ...of, type: 'RecordSoak' as const, healthyMs: hour, total: 4, now: noon + hour };

test('a soak takes its healthy time, really seen', () => {
  given(...replacing, soaking)
    .when({ ...soak, healthyMs: hour - 1 })
    .decides();
  const rollout = given(...replacing, soaking)
    .when(soak)
    .decides('WaveCompleted');
  expect(standing(rollout, 'production')).toBe('complete [complete complete]');
  given(...replacing)
    .when(soak)
    .decides();
});

test('a wave that found no node proves nothing', () => {
  const proven = (total: number) => {
    const rollout = given(...replacing, soaking)
      .when({ ...soak, total })
      .decides('WaveCompleted');
    return waveNamed(rollout, 'production', 'wave-2')?.phase;
  };
  expect([proven(0), proven(1)]).toMatchObject([{ proven: false }, { proven: true }]);
});

test('a broken soak is a stall, and starts again when all is well', () => {
  const broken = given(...replacing, soaking)
    .when({ ...soak, broken: 'Degraded' })
    .decides('SoakBroken');
  expect(standing(broken, 'production')).toBe('rolling [complete replacing]');
  expect(waveNamed(broken, 'production', 'wave-2')?.stalled?.blockers).toEqual(['Degraded']);
  const event: RolloutEvent = { type: 'SoakBroken', ...inWave, because: 'Degraded' };
  const again = after(...replacing, soaking, event, soaking);
  expect(standing(again, 'production')).toBe('rolling [complete soaking]');
  expect(waveNamed(again, 'production', 'wave-2')?.stalled).toBeUndefined();
});

test('all replaced is told again when there are more', () => {
  given(...replacing, seen(4))
    .when({ ...progress, replaced: 5, total: 5 })
    .decides('ReplacementObserved');
});

test('a stall after a broken soak lasts until it is well or a node moves', () => {
  const broken: RolloutEvent = { type: 'SoakBroken', ...inWave, because: 'Degraded' };
  const all = { ...progress, replaced: 4, blockers: ['Degraded'] };
  given(...replacing, soaking, broken, seen(4))
    .when({ ...all, now: noon + minute })
    .decides();
});
