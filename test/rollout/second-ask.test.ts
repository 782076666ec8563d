import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { environmentNamed, waveNamed } from '../../src/rollout/rollout.ts';
import { day, hour } from '../../src/shared/time.ts';
import {
  after,
  ann,
  approvedProduction,
  asked,
  askedFor,
  bo,
  cy,
  digest,
  given,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  otherDigest,
  pullRequest,
  repository,
  rolledOut,
  standing,
  stepsOf,
  voided,
} from './story.ts';

const firstWaveDone = [...approvedProduction, ...rolledOut('production')];
const askedAgain = [
  ...firstWaveDone,
  voided('production'),
  askedFor({ 'wave-2': ['prod-b', 'prod-c'] }),
];
const person = { environment: 'production', ask: 2, by: ann, may: 'yes' as const, now: noon };

test('a wave that has moved stays when the rest is asked about again', () => {
  const rollout = after(...askedAgain);
  expect(standing(rollout, 'production')).toBe('awaiting-approval [complete waiting]');
  expect(waveNamed(rollout, 'production', 'wave-1')?.clusters).toEqual(['prod-a']);
  expect(waveNamed(rollout, 'production', 'wave-2')?.abandoned).toEqual([]);
});

test('a later wave that was merged by hand keeps its name too', () => {
  const rollout = after(
    ...approvedProduction,
    pullRequest('production', 'wave-2', 3),
    merged('production', 'wave-2', 3, false),
    voided('production'),
    askedFor({ 'wave-2': ['prod-b'] }),
  );
  const names = environmentNamed(rollout, 'production')?.waves.map(({ name }) => name);
  expect(names).toEqual(['wave-2', 'wave-1']);
});

test('a planned wave never takes the name of one that moved', () => {
  const rollout = after(
    ...firstWaveDone,
    voided('production'),
    askedFor({ 'wave-1': ['prod-b'], 'wave-2': ['prod-c'] }),
  );
  const waves = environmentNamed(rollout, 'production')?.waves ?? [];
  expect(waves.map(({ phase }) => phase.name)).toEqual(['complete', 'waiting', 'waiting']);
  expect(waves.map(({ clusters }) => clusters)).toEqual([['prod-a'], ['prod-b'], ['prod-c']]);
  expect(new Set(waves.map(({ name }) => name)).size).toBe(3);
});

test('an environment with a second ask completes with its last wave', () => {
  const rollout = after(
    ...askedAgain,
    granted('production', ann, otherDigest),
    granted('production', bo, otherDigest),
    ...rolledOut('production', 'wave-2', 2),
  );
  expect(standing(rollout, 'production')).toBe('complete [complete complete]');
});

test('what the first ask opened is closed, even where its wave is planned away', () => {
  const rollout = after(
    opened,
    asked('staging'),
    ...approvedProduction.slice(2),
    pullRequest('production', 'wave-1', 5),
    voided('production'),
    askedFor({ 'wave-2': ['prod-a', 'prod-b'], 'wave-3': ['prod-c'] }),
  );
  expect(standing(rollout, 'production')).toBe('awaiting-approval [waiting waiting]');
  expect(stepsOf(rollout).filter((step) => step.startsWith('close'))).toEqual([
    'close-pull-request production wave-3 acme/gitops 5',
  ]);
});

test('a wave planned anew gets a plan of its own', () => {
  const rollout = after(
    ...approvedProduction,
    voided('production'),
    askedFor({ 'wave-1': ['prod-a', 'prod-b'], 'wave-2': ['prod-c'] }),
  );
  expect(waveNamed(rollout, 'production', 'wave-1')?.clusters).toEqual(['prod-a', 'prod-b']);
});

test('people can say no to the second ask, although a wave merged under the first', () => {
  const rollout = given(...askedAgain)
    .when({ ...person, type: 'Reject', reason: 'kernel hang, see 9123' })
    .decides('EnvironmentRejected');
  expect(standing(rollout, 'production')).toBe('rejected [complete rejected]');
});

test('an approval of the second ask can be taken back until a merge is decided on it', () => {
  const approved = [
    ...askedAgain,
    granted('production', ann, otherDigest),
    granted('production', bo, otherDigest),
  ];
  const withdraw = { ...person, type: 'Withdraw' as const };
  const rollout = given(...approved)
    .when(withdraw)
    .decides('ApprovalWithdrawn');
  expect(standing(rollout, 'production')).toBe('awaiting-approval [complete waiting]');
  given(
    ...approved,
    pullRequest('production', 'wave-2', 2),
    mergeStarted('production', 'wave-2', 2, otherDigest),
  )
    .when(withdraw)
    .refuses('merge-under-way');
});

const left = {
  type: 'VoidApprovals' as const,
  environment: 'production',
  because: 'no-longer-approver' as const,
  of: [ann],
  now: noon,
};

test('who left between two waves is replaced by somebody else', () => {
  const reopened = given(...firstWaveDone)
    .when(left)
    .decides('ApprovalsVoided');
  expect(standing(reopened, 'production')).toBe('awaiting-approval [complete waiting]');
  const gone: RolloutEvent = {
    type: 'ApprovalsVoided',
    environment: 'production',
    because: 'no-longer-approver',
    of: [ann],
    at: noon,
  };
  const rollout = given(...firstWaveDone, gone)
    .when({ ...person, type: 'Approve', ask: 1, by: cy })
    .decides('ApprovalGranted');
  expect(standing(rollout, 'production')).toBe('rolling [complete waiting]');
});

test('when it is asked again for somebody who left, no is an answer too', () => {
  const gone: RolloutEvent = {
    type: 'ApprovalsVoided',
    environment: 'production',
    because: 'no-longer-approver',
    of: [ann],
    at: noon,
  };
  given(...firstWaveDone, gone)
    .when({ ...person, type: 'Reject', ask: 1, reason: 'kernel hang, see 9123' })
    .decides('EnvironmentRejected');
});

test('a second void of who left already is no news', () => {
  given(...firstWaveDone)
    .when({ ...left, of: [cy] })
    .decides();
});

test('once the last wave has merged nobody is asked any more', () => {
  const merging = [...firstWaveDone, ...rolledOut('production', 'wave-2', 2).slice(0, 3)];
  const rollout = given(...merging)
    .when(left)
    .decides('ApprovalsVoided');
  expect(standing(rollout, 'production')).toBe('rolling [complete merged]');
  given(...merging)
    .when({ type: 'VoidApprovals', environment: 'production', because: 'change-moved', now: noon })
    .decides();
});

test('an ask that is opened again gets its time anew', () => {
  const late = noon + 6 * day;
  const withdrawn: RolloutEvent = {
    type: 'ApprovalWithdrawn',
    environment: 'staging',
    by: ann,
    digest,
    at: late,
  };
  const story = [opened, asked('staging'), granted('staging', ann), withdrawn];
  const approve = { ...person, type: 'Approve' as const, environment: 'staging', ask: 1, by: bo };
  const expire = { type: 'Expire' as const, environment: 'staging' };
  given(...story)
    .when({ ...approve, now: noon + 12 * day })
    .decides('ApprovalGranted');
  given(...story)
    .when({ ...expire, now: noon + 12 * day })
    .decides();
  given(...story)
    .when({ ...expire, now: late + 7 * day })
    .decides('ApprovalExpired');
});

test('a pull request that was opened for an ask that fell meanwhile is closed', () => {
  const record = {
    type: 'RecordPullRequest' as const,
    environment: 'production',
    wave: 'wave-2',
    repository,
    number: 9,
    url: 'https://github.com/acme/gitops/pull/9',
    branch: 'amiable/production-wave-2',
    headSha: 'head',
    before: [],
    now: noon,
  };
  const close = 'close-pull-request production wave-2 acme/gitops 9';
  const fell = given(...firstWaveDone, voided('production'))
    .when({ ...record, digest })
    .decides('PullRequestOpened');
  expect(standing(fell, 'production')).toBe('waiting [complete waiting]');
  expect(stepsOf(fell)).toContain(close);
  const unsaid = given(...firstWaveDone, voided('production'))
    .when(record)
    .decides('PullRequestOpened');
  expect(stepsOf(unsaid)).toContain(close);
  const newer = given(...askedAgain)
    .when({ ...record, digest })
    .decides('PullRequestOpened');
  expect(standing(newer, 'production')).toBe('awaiting-approval [complete waiting]');
  expect(stepsOf(newer)).toContain(close);
});

test('a pull request that was opened while somebody rejected is on record, and closed', () => {
  const rejected: RolloutEvent = {
    type: 'EnvironmentRejected',
    environment: 'staging',
    by: bo,
    reason: 'kernel hang',
    at: noon,
  };
  const rollout = given(opened, asked('staging'), granted('staging', ann), rejected)
    .when({
      type: 'RecordPullRequest',
      environment: 'staging',
      wave: 'wave-1',
      repository,
      number: 1,
      url: 'https://github.com/acme/gitops/pull/1',
      branch: 'b',
      headSha: 'head',
      before: [],
      digest,
      now: noon + hour,
    })
    .decides('PullRequestOpened');
  expect(standing(rollout, 'staging')).toBe('rejected [rejected]');
  expect(stepsOf(rollout)[0]).toBe('close-pull-request staging wave-1 acme/gitops 1');
});

test('the same pull request is recorded once, also when it was given up', () => {
  const { before: _, ...event } = pullRequest('staging') as never as Record<string, unknown>;
  const record = { ...event, type: 'RecordPullRequest', before: [], now: noon } as never;
  const open = [opened, asked('staging'), granted('staging', ann), pullRequest('staging')];
  given(...open)
    .when(record)
    .decides();
  given(...open, voided('staging'))
    .when(record)
    .decides();
});
