import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { nextStep } from '../../src/rollout/next-step.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { day, minute } from '../../src/shared/time.ts';
import {
  after,
  ann,
  approvedProduction,
  asked,
  bo,
  cy,
  given,
  granted,
  mergeStarted,
  noon,
  opened,
  pullRequest,
  release,
  rollback,
  rolledOut,
  standing,
  stepsOf,
} from './story.ts';

const analysed: RolloutEvent = { type: 'AnalysisUnavailable', reason: 'off', at: noon };
const asking = [opened, analysed, asked('staging')];
const by = { by: bo, may: 'yes' as const, now: noon };
const snooze = { ...by, type: 'Snooze' as const, until: noon + day };
const snoozed: RolloutEvent = {
  type: 'Snoozed',
  by: bo,
  until: noon + 9 * day,
  at: noon + 6 * day,
};
const woken: RolloutEvent = { type: 'SnoozeEnded', at: noon + 9 * day };
const paused: RolloutEvent = { type: 'RolloutPaused', by: bo, at: noon };
const closed: RolloutEvent = { type: 'RolloutClosed', outcome: 'closed', at: noon };

test.each([
  ['Snooze', snooze],
  ['Wake', { ...by, type: 'Wake' as const }],
])('%s is not for everybody', (_, command) => {
  given(...asking, snoozed)
    .when({ ...command, may: 'no' })
    .refuses('not-an-approver');
});

test.each([
  ['Pause', { ...by, type: 'Pause' as const }],
  ['Resume', { ...by, type: 'Resume' as const }],
])('%s is not for everybody', (_, command) => {
  given(...asking, paused)
    .when({ ...command, may: 'no' })
    .refuses('not-allowed-to-stop');
  given(...asking, paused)
    .when({ ...command, may: 'unknown' })
    .refuses('cannot-check');
});

test('a snooze lasts at most ninety days', () => {
  given(...asking)
    .when({ ...snooze, until: noon + 90 * day + 1 })
    .refuses('snoozed-too-long');
  given(...asking)
    .when({ ...snooze, until: noon + 90 * day })
    .decides('Snoozed');
});

test('the same pause or snooze twice is one', () => {
  given(...asking)
    .when({ ...by, type: 'Pause', reason: 'incident 12' })
    .decides('RolloutPaused');
  given(...asking, paused)
    .when({ ...by, type: 'Pause' })
    .decides();
  const first: RolloutEvent = { type: 'Snoozed', by: bo, until: noon + day, at: noon };
  given(...asking, first)
    .when(snooze)
    .decides();
  given(...asking, first)
    .when({ ...snooze, until: noon + 2 * day })
    .decides('Snoozed');
  given(...asking, first)
    .when({ ...snooze, by: cy })
    .decides('Snoozed');
});

test('what has merged, or is being merged, is not snoozed', () => {
  const approved = [...asking, granted('staging', ann), pullRequest('staging')];
  given(...approved)
    .when(snooze)
    .decides('Snoozed');
  given(...approved, mergeStarted('staging'))
    .when(snooze)
    .refuses('merge-under-way');
  given(...asking, granted('staging', ann), ...rolledOut('staging'))
    .when(snooze)
    .refuses('merge-under-way');
});

test('what is over is neither snoozed, woken, paused nor resumed', () => {
  const over = [...asking, paused, closed];
  given(...over)
    .when(snooze)
    .refuses('closed');
  given(...over, snoozed)
    .when({ ...by, type: 'Wake' })
    .refuses('closed');
  given(...over)
    .when({ ...by, type: 'Pause' })
    .refuses('nothing-to-stop');
  given(...over)
    .when({ ...by, type: 'Resume' })
    .refuses('closed');
});

test('what is not stopped is not set going', () => {
  given(...asking)
    .when({ ...by, type: 'Wake' })
    .refuses('already-decided');
  given(...asking)
    .when({ ...by, type: 'Wake', may: 'no' })
    .refuses('not-an-approver');
  given(...asking)
    .when({ ...by, type: 'Resume' })
    .refuses('not-paused');
  const going = given(...asking, paused)
    .when({ ...by, type: 'Resume' })
    .decides('RolloutResumed');
  expect(going.paused).toBeUndefined();
  const awake = given(...asking, snoozed)
    .when({ ...by, type: 'Wake' })
    .decides('SnoozeEnded');
  expect(awake.snoozed).toBeUndefined();
});

test('a snooze ends on its date, not before', () => {
  given(...asking, snoozed)
    .when({ type: 'EndSnooze', now: noon + 9 * day - 1 })
    .decides();
  given(...asking, snoozed)
    .when({ type: 'EndSnooze', now: noon + 9 * day })
    .decides('SnoozeEnded');
  given(...asking)
    .when({ type: 'EndSnooze', now: noon })
    .decides();
});

const approve = {
  ...by,
  type: 'Approve' as const,
  environment: 'staging',
  ask: 1,
  now: noon + 8 * day,
};
const expire = { type: 'Expire' as const, environment: 'staging' };

test('an ask does not run out in quiet, and has the time it had when it is loud again', () => {
  given(...asking, snoozed)
    .when({ ...expire, now: noon + 8 * day })
    .decides();
  given(...asking, snoozed)
    .when(approve)
    .decides('ApprovalGranted');
  const rollout = after(...asking, snoozed, woken);
  expect(stepsOf(rollout, noon + 9 * day + minute)).not.toContain('expire staging');
  given(...asking, snoozed, woken)
    .when({ ...expire, now: noon + 10 * day - 1 })
    .decides();
  given(...asking, snoozed, woken)
    .when({ ...expire, now: noon + 10 * day })
    .decides('ApprovalExpired');
});

test('a snooze that is made longer counts from its beginning', () => {
  const longer: RolloutEvent = { ...snoozed, until: noon + 11 * day, at: noon + 8 * day };
  given(...asking, snoozed, longer, { ...woken, at: noon + 11 * day })
    .when({ ...expire, now: noon + 12 * day - 1 })
    .decides();
});

test('an ask runs out once nobody answered it, whatever else is asked', () => {
  given(...asking)
    .when({ ...expire, now: noon + 7 * day - 1 })
    .decides();
  const rollout = given(...asking)
    .when({ ...expire, now: noon + 7 * day })
    .decides('ApprovalExpired');
  expect(standing(rollout, 'production')).toBe('expired [expired expired]');
  given(...asking, granted('staging', ann))
    .when({ ...expire, now: noon + 7 * day })
    .decides();
});

test('open pull requests are watched in quiet too, though not so often', () => {
  const story = [...asking, granted('staging', ann), pullRequest('staging')];
  const quiet: RolloutEvent = { type: 'Snoozed', by: bo, until: noon + day, at: noon };
  const watch = 'advance-pull-request staging wave-1';
  expect(stepsOf(after(...story, quiet))).toEqual([watch]);
  expect(nextStep(after(...story, quiet), noon, new Set([watch]))).toEqual({
    do: 'look-again',
    at: noon + 5 * minute,
  });
});

test('a paused rollout watches what is open, and neither opens nor asks', () => {
  const approved = [...asking, granted('staging', ann)];
  expect(stepsOf(after(...approved, paused))).toEqual(['recheck-ask staging']);
  expect(stepsOf(after(...approved, pullRequest('staging'), paused))).toEqual([
    'advance-pull-request staging wave-1',
    'recheck-ask staging',
  ]);
  expect(stepsOf(after(opened, analysed, paused))).toEqual([]);
});

test('a merge that was decided before the pause is finished, or backed out of', () => {
  const merging = [...asking, granted('staging', ann), pullRequest('staging')];
  expect(stepsOf(after(...merging, mergeStarted('staging'), paused))).toEqual([
    'finish-merge staging wave-1',
  ]);
});

test('a newer release takes over before the first merge, and once', () => {
  const supersede = { type: 'Supersede' as const, newer: release, now: noon };
  const rollout = given(...asking)
    .when(supersede)
    .decides('RolloutSuperseded');
  expect(rollout.outcome?.name).toBe('superseded');
  given(...asking, closed)
    .when(supersede)
    .decides();
  given(...asking, granted('staging', ann), pullRequest('staging'), mergeStarted('staging'))
    .when(supersede)
    .decides();
  given(...approvedProduction)
    .when(supersede)
    .decides();
});

const later = ReleaseId.parse('al2023@v20261125');
const switchOver = {
  type: 'Switch' as const,
  by: ann,
  may: 'yes' as const,
  newer: later,
  now: noon,
};
const halfWay = [...approvedProduction, ...rolledOut('production')];

test('a switch ends what is not merged, and follows what is', () => {
  const rollout = given(...halfWay, pullRequest('production', 'wave-2', 2))
    .when(switchOver)
    .decides('RolloutSwitched');
  expect(rollout.switched).toMatchObject({ by: ann, to: later });
  expect(standing(rollout, 'staging')).toBe('complete [complete]');
  expect(standing(rollout, 'production')).toBe('superseded [complete superseded]');
  expect(stepsOf(rollout)).toEqual(['close-pull-request production wave-2 acme/gitops 2', 'close']);
  const over = given(...halfWay, { type: 'RolloutSwitched', by: ann, to: later, at: noon })
    .when({ type: 'Close', now: noon })
    .decides('RolloutSuperseded');
  expect(over.outcome).toMatchObject({ name: 'superseded', by: later });
  const rolling = given(...approvedProduction, ...rolledOut('production').slice(0, -2))
    .when(switchOver)
    .decides('RolloutSwitched');
  expect(stepsOf(rolling)).toEqual(['watch-replacement production wave-1', 'analyse']);
});

test.each([
  ['by somebody without the right', { may: 'no' as const }, 'not-allowed-to-stop'],
  ['while Slack cannot say', { may: 'unknown' as const }, 'cannot-check'],
  ['to nothing', { newer: undefined as never }, 'nothing-to-switch-to'],
] as const)('a switch %s is refused', (_, changes, code) => {
  given(...halfWay)
    .when({ ...switchOver, ...changes })
    .refuses(code);
});

test('a switch waits for a merge that was sent, and comes too late after a way back', () => {
  const merging = [
    ...halfWay,
    pullRequest('production', 'wave-2', 2),
    mergeStarted('production', 'wave-2', 2),
  ];
  given(...merging)
    .when(switchOver)
    .refuses('merge-under-way');
  given(...halfWay, rollback({ production: ['prod-a'] }))
    .when(switchOver)
    .refuses('already-decided');
  given(...asking, closed)
    .when(switchOver)
    .refuses('closed');
});
