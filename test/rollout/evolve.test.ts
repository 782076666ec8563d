import { expect, test } from 'vitest';
import { decide } from '../../src/rollout/decide.ts';
import type { EventOf, RolloutEvent } from '../../src/rollout/events.ts';
import { rolloutOf } from '../../src/rollout/evolve.ts';
import { environmentNamed, waveNamed } from '../../src/rollout/rollout.ts';
import {
  after,
  ann,
  asked,
  bo,
  digest,
  given,
  granted,
  id,
  mergeStarted,
  noon,
  opened,
  pullRequest,
  repository,
  staging,
} from './story.ts';

test('a stream begins with the opening, and nothing is decided before', () => {
  expect(rolloutOf(id, [])).toBeUndefined();
  expect(() => rolloutOf(id, [granted('staging', ann)])).toThrow('begins with ApprovalGranted');
  expect(() => decide(undefined, { type: 'Close', now: noon })).toThrow('never opened');
  expect(() => decide(after(opened), { type: 'Close', now: noon })).not.toThrow();
});

test('a rollout is opened once, as it was asked for', () => {
  const { at, release, family, scope, attempt, environments } = opened as EventOf<'RolloutOpened'>;
  const open = { release, family, scope, attempt, environments, type: 'Open' as const, now: at };
  expect(decide(undefined, open).events).toEqual([opened]);
  const whole = { ...open, by: ann, skips: 2 };
  expect(decide(undefined, whole).events).toEqual([{ ...opened, by: ann, skips: 2 }]);
  expect(after(opened)).toMatchObject({ skips: 0 });
  expect('openedBy' in after(opened)).toBe(false);
  given(opened).when(open).decides();
});

test('an analysis is recorded once, with why it has no words', () => {
  const analysis = { risk: { level: 'low' as const } };
  const command = { type: 'RecordAnalysis' as const, analysis, now: noon };
  const told = given(opened).when(command).decides('AnalysisCompleted');
  expect(told.analysis).toEqual({ value: analysis });
  const silent = given(opened)
    .when({ ...command, unavailable: 'throttled' })
    .decides('AnalysisUnavailable');
  expect(silent.analysis).toEqual({ value: analysis, unavailable: 'throttled' });
  const bare: RolloutEvent = { type: 'AnalysisUnavailable', reason: 'off', at: noon };
  expect(after(opened, bare).analysis).toEqual({ unavailable: 'off' });
  given(opened, bare).when(command).decides();
});

const approve = {
  type: 'Approve' as const,
  environment: 'staging',
  ask: 1,
  by: ann,
  may: 'yes' as const,
  now: noon,
};
const asking = [opened, asked('staging')];
const approved = [...asking, granted('staging', ann), pullRequest('staging')];

test('what people write beside their decisions is kept, and nothing is made up where they do not', () => {
  const grants = (note?: string) =>
    environmentNamed(
      given(...asking)
        .when(note === undefined ? approve : { ...approve, note })
        .decides('ApprovalGranted'),
      'staging',
    )?.ask?.grants;
  expect(grants('read it all')).toEqual([{ by: ann, at: noon, note: 'read it all' }]);
  expect(grants()).toEqual([{ by: ann, at: noon }]);
  const person = { by: bo, may: 'yes' as const, now: noon };
  const snooze = { ...person, type: 'Snooze' as const, until: noon + 1 };
  const quiet = { by: bo, until: noon + 1, at: noon };
  expect(
    given(...asking)
      .when({ ...snooze, why: 'holidays' })
      .decides('Snoozed').snoozed,
  ).toEqual({
    ...quiet,
    why: 'holidays',
  });
  expect(
    given(...asking)
      .when(snooze)
      .decides('Snoozed').snoozed,
  ).toEqual(quiet);
  const pause = { ...person, type: 'Pause' as const };
  const stopped = { by: bo, at: noon };
  expect(
    given(...asking)
      .when({ ...pause, reason: 'incident' })
      .decides('RolloutPaused').paused,
  ).toEqual({ ...stopped, reason: 'incident' });
  expect(
    given(...asking)
      .when(pause)
      .decides('RolloutPaused').paused,
  ).toEqual(stopped);
});

test('why approvals fell or a merge was held is kept, in as many words as there are', () => {
  const fall = {
    type: 'VoidApprovals' as const,
    environment: 'staging',
    because: 'change-moved' as const,
    now: noon,
  };
  const voidedBy = (detail?: string) =>
    environmentNamed(
      given(...approved)
        .when(detail === undefined ? fall : { ...fall, detail })
        .decides('ApprovalsVoided'),
      'staging',
    )?.voided;
  expect(voidedBy('moved to v1')).toEqual({
    because: 'change-moved',
    at: noon,
    detail: 'moved to v1',
  });
  expect(voidedBy()).toEqual({ because: 'change-moved', at: noon });
  const hold = {
    type: 'HoldMerge' as const,
    environment: 'staging',
    wave: 'wave-1',
    because: 'checks' as const,
    now: noon,
  };
  const heldBy = (detail?: string) =>
    waveNamed(
      given(...approved, mergeStarted('staging'))
        .when(detail === undefined ? hold : { ...hold, detail })
        .decides('MergeHeld'),
      'staging',
      'wave-1',
    )?.held;
  expect(heldBy('#1 waits')).toEqual({ because: 'checks', at: noon, detail: '#1 waits' });
  expect(heldBy()).toEqual({ because: 'checks', at: noon });
});

test('what ran before a wave is what was last looked at before its merge', () => {
  const before = (release: string) => [{ cluster: 'stg', release, proven: true, images: [] }];
  const started = { ...mergeStarted('staging'), before: before('newer') } as RolloutEvent;
  const wave = (...story: RolloutEvent[]) => waveNamed(after(...story), 'staging', 'wave-1');
  expect(wave(...approved, started)?.before).toEqual(before('newer'));
  expect(wave(...approved, mergeStarted('staging'))?.before).toHaveLength(1);
  const again = { ...pullRequest('staging', 'wave-1', 2), before: before('later') } as RolloutEvent;
  expect(wave(...approved, again)?.before).not.toEqual(before('later'));
});

test('commands about what is not there change nothing', () => {
  const part = { wave: 'wave-1', repository, number: 8, now: noon };
  const merge = { ...part, type: 'RecordMerge' as const, mergeSha: 'merge', mergedBy: 'x' };
  const inWave = { wave: 'wave-1', now: noon };
  for (const environment of ['staging', 'nowhere']) {
    given(...approved)
      .when({ ...merge, environment })
      .decides();
    given(...approved)
      .when({ ...part, type: 'RecordClosed', closedBy: 'x', environment })
      .decides();
    given(...approved)
      .when({ ...part, type: 'RecordRebase', headSha: 'x', environment })
      .decides();
  }
  const nowhere = 'nowhere';
  const start = { ...inWave, digest, parts: [], approversNow: [ann], before: [] };
  given(...approved)
    .when({ ...start, type: 'StartMerge', environment: nowhere })
    .decides();
  given(...approved)
    .when({ ...start, type: 'StartMerge', environment: 'staging', wave: 'wave-9' })
    .decides();
  given(...approved)
    .when({
      ...part,
      type: 'RecordPullRequest',
      environment: nowhere,
      url: '',
      branch: '',
      headSha: '',
      before: [],
    })
    .decides();
  given(...approved)
    .when({
      ...inWave,
      type: 'RecordReplacement',
      environment: nowhere,
      replaced: 1,
      total: 1,
      blockers: [],
      movedAt: noon,
    })
    .decides();
  const person = { by: ann, may: 'yes' as const, now: noon, environment: nowhere, ask: 1 };
  given(...approved)
    .when({ ...person, type: 'Approve' })
    .refuses('closed');
  given(...approved)
    .when({ ...person, type: 'Withdraw' })
    .refuses('closed');
  given(...approved)
    .when({ ...person, type: 'Reject', reason: 'x' })
    .refuses('closed');
  given(...approved)
    .when({ ...person, type: 'AcceptUnapprovedMerge' })
    .refuses('closed');
});

test('the rules an ask stands under are those it was asked with', () => {
  const two = { ...staging, approval: { ...staging.approval, count: 2 } };
  const rollout = after(opened, { ...asked('staging'), policy: two } as RolloutEvent);
  expect(environmentNamed(rollout, 'staging')?.policy.approval.count).toBe(2);
});
