import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { environmentNamed, waveNamed } from '../../src/rollout/rollout.ts';
import { hour, minute, second } from '../../src/shared/time.ts';
import {
  after,
  ann,
  approvedProduction,
  asked,
  backDigest,
  bo,
  digest,
  given,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  otherDigest,
  pullRequest,
  pullRequestClosed,
  repository,
  rollback,
  rolledOut,
  standing,
  stepsOf,
  voided,
} from './story.ts';

const approvedStaging = [opened, asked('staging'), granted('staging', ann), pullRequest('staging')];
const part = { repository, number: 1, headSha: 'head' };
const start = {
  type: 'StartMerge' as const,
  environment: 'staging',
  wave: 'wave-1',
  digest,
  parts: [part],
  approversNow: [ann],
  before: [],
  now: noon,
};

test('an approved pull request passes the point of no return', () => {
  const rollout = given(...approvedStaging)
    .when(start)
    .decides('MergeStarted');
  expect(waveNamed(rollout, 'staging', 'wave-1')?.phase.name).toBe('merging');
  expect(environmentNamed(rollout, 'staging')?.phase.name).toBe('rolling');
});

test.each([
  ['another digest', { digest: otherDigest }],
  ['an approver who no longer counts', { approversNow: [] }],
  ['people who never approved', { approversNow: [bo] }],
  ['a head that was not verified', { parts: [{ repository, number: 1, headSha: 'else' }] }],
  ['a pull request that is missing', { parts: [] }],
])('nothing is merged with %s', (_, change) => {
  given(...approvedStaging)
    .when({ ...start, ...change })
    .decides();
});

test.each([
  ['paused', { type: 'RolloutPaused' as const, by: bo, at: noon }],
  ['snoozed', { type: 'Snoozed' as const, by: bo, until: noon + 1, at: noon }],
  [
    'rejected',
    {
      type: 'EnvironmentRejected' as const,
      environment: 'staging',
      by: bo,
      reason: 'no',
      at: noon,
    },
  ],
  ['superseded', { type: 'RolloutSuperseded' as const, by: 'al2023@v20261125' as never, at: noon }],
])('nothing is merged while the rollout is %s', (_, event) => {
  given(...approvedStaging, event)
    .when(start)
    .decides();
});

test('of two that start the same merge at the same instant, one does', () => {
  given(...approvedStaging, mergeStarted('staging'))
    .when(start)
    .decides();
});

test.each([
  ['that is not the wave’s', [part, { ...part, number: 8 }]],
  ['of another repository', [{ ...part, repository: 'acme/more' as typeof repository }]],
  ['named twice', [part, part]],
])('no merge starts with a pull request %s', (_, parts) => {
  given(...approvedStaging)
    .when({ ...start, parts })
    .decides();
});

test('one person’s approval counts once, however often it is on record', () => {
  const doubled = [...approvedProduction.slice(0, -1), granted('production', ann)];
  const rollout = after(...doubled, pullRequest('production'));
  expect(environmentNamed(rollout, 'production')?.phase.name).toBe('awaiting-approval');
  given(...doubled, granted('production', bo), pullRequest('production'))
    .when({ ...start, environment: 'production', approversNow: [ann] })
    .decides();
});

test('nothing merges where approvals were taken back', () => {
  const withdrawn = {
    type: 'ApprovalWithdrawn' as const,
    environment: 'staging',
    by: ann,
    digest,
    at: noon,
  };
  given(...approvedStaging, withdrawn)
    .when(start)
    .decides();
});

test('a merge that is refused is tried less and less often; a way back every minute, for the first hundred times', () => {
  const refused = (wave: string) =>
    ({ type: 'MergeHeld', environment: 'staging', wave, because: 'refused', at: noon }) as const;
  const once = [...approvedStaging, mergeStarted('staging'), refused('wave-1')];
  const waits = (story: readonly RolloutEvent[], ms: number) => {
    given(...story)
      .when({ ...start, now: noon + ms - 1 })
      .decides();
    given(...story)
      .when({ ...start, now: noon + ms })
      .decides('MergeStarted');
  };
  waits(once, 20 * second);
  waits([...once, mergeStarted('staging'), refused('wave-1')], 40 * second);
  const many = Array.from({ length: 9 }, () => [mergeStarted('staging'), refused('wave-1')]).flat();
  waits([...once, ...many], 10 * minute);
  const days = Array.from({ length: 11 }, () => many).flat();
  waits([...once, ...days], hour);
  // Anything else that held it is seen to be gone by the look itself.
  const checks = { ...refused('wave-1'), because: 'checks' } as const;
  given(...once.slice(0, -1), checks)
    .when(start)
    .decides('MergeStarted');
  const back = [
    ...approvedProduction,
    rollback({ staging: ['stg'] }),
    pullRequest('staging', 'rollback-1', 9),
    ...Array.from({ length: 9 }, () => [
      mergeStarted('staging', 'rollback-1', 9, backDigest),
      refused('rollback-1'),
    ]).flat(),
  ];
  given(...back)
    .when({
      ...start,
      wave: 'rollback-1',
      digest: backDigest,
      parts: [{ repository, number: 9, headSha: 'head' }],
      now: noon + minute,
    })
    .decides('MergeStarted');
});

test('a new pull request starts without the waits of the one before', () => {
  const story = [
    ...approvedStaging,
    mergeStarted('staging'),
    { type: 'MergeHeld', environment: 'staging', wave: 'wave-1', because: 'refused', at: noon },
    voided('staging'),
    asked('staging', 2),
    granted('staging', ann),
    pullRequest('staging', 'wave-1', 2),
  ] as const;
  given(...story)
    .when({ ...start, parts: [{ repository, number: 2, headSha: 'head' }] })
    .decides('MergeStarted');
});

test('a held merge whose environment has merged before stays rolling', () => {
  const rollout = after(
    ...approvedProduction,
    ...rolledOut('production'),
    pullRequest('production', 'wave-2', 2),
    mergeStarted('production', 'wave-2', 2),
    {
      type: 'MergeHeld',
      environment: 'production',
      wave: 'wave-2',
      because: 'checks',
      at: noon,
    },
  );
  expect(standing(rollout, 'production')).toBe('rolling [complete pull-request]');
});

test('a pull request that takes the place of another has that one closed', () => {
  const rollout = after(...approvedStaging, pullRequest('staging', 'wave-1', 2));
  expect(waveNamed(rollout, 'staging', 'wave-1')?.parts.map(({ number }) => number)).toEqual([2]);
  expect(stepsOf(rollout)).toContain('close-pull-request staging wave-1 acme/gitops 1');
});

test('a pull request beside one that has merged has no part in the wave', () => {
  const rollout = after(...approvedStaging, merged('staging'), pullRequest('staging', 'wave-1', 2));
  expect(standing(rollout, 'staging')).toBe('rolling [merged]');
  expect(stepsOf(rollout)).toContain('close-pull-request staging wave-1 acme/gitops 2');
});

test('an older head is recorded once, and not after the merge', () => {
  const rebase = {
    type: 'RecordRebase' as const,
    environment: 'staging',
    wave: 'wave-1',
    repository,
    number: 1,
    headSha: 'newer',
    now: noon,
  };
  const rollout = given(...approvedStaging)
    .when(rebase)
    .decides('ChangeRebased');
  expect(waveNamed(rollout, 'staging', 'wave-1')?.parts.at(0)?.headSha).toBe('newer');
  given(...approvedStaging)
    .when({ ...rebase, headSha: 'head' })
    .decides();
  given(...approvedStaging, merged('staging'))
    .when(rebase)
    .decides();
  given(...approvedStaging, pullRequestClosed('staging'))
    .when(rebase)
    .decides();
});

test('a closing is recorded once, and not of what is merged', () => {
  const close = {
    type: 'RecordClosed' as const,
    environment: 'staging',
    wave: 'wave-1',
    repository,
    number: 1,
    closedBy: 'octocat',
    now: noon,
  };
  given(...approvedStaging)
    .when(close)
    .decides('PullRequestClosed');
  given(...approvedStaging, pullRequestClosed('staging'))
    .when(close)
    .decides();
  given(...approvedStaging, merged('staging'))
    .when(close)
    .decides();
});

test('what landed is looked at once', () => {
  const verify = {
    type: 'RecordVerified' as const,
    environment: 'staging',
    wave: 'wave-1',
    now: noon,
  };
  const rollout = given(...approvedStaging, merged('staging'))
    .when(verify)
    .decides('MergeVerified');
  expect(standing(rollout, 'staging')).toBe('rolling [syncing]');
  given(...approvedStaging)
    .when(verify)
    .decides();
});

test('an environment in propose mode is never merged by us', () => {
  const propose = asked('staging');
  if (propose.type !== 'ApprovalRequested') throw new Error('not an ask');
  const quiet = { ...propose, policy: { ...propose.policy, mode: 'propose' as const } };
  given(opened, quiet, granted('staging', ann), pullRequest('staging')).when(start).decides();
});

test('the second wave does not start before the first is complete', () => {
  const story = [
    opened,
    asked('staging'),
    ...rolledOut('staging'),
    asked('production'),
    granted('production', ann),
    granted('production', bo),
    pullRequest('production', 'wave-1', 2),
    pullRequest('production', 'wave-2', 3),
  ];
  const second = {
    ...start,
    environment: 'production',
    wave: 'wave-2',
    parts: [{ repository, number: 3, headSha: 'head' }],
    approversNow: [ann, bo],
  };
  given(...story)
    .when(second)
    .decides();
  given(...story, ...rolledOut('production', 'wave-1', 2))
    .when(second)
    .decides('MergeStarted');
});

test('a merge that was held lets people say no again', () => {
  const story = [...approvedStaging, mergeStarted('staging')];
  const held = {
    type: 'HoldMerge' as const,
    environment: 'staging',
    wave: 'wave-1',
    because: 'frozen' as const,
    now: noon,
  };
  const rollout = given(...story)
    .when(held)
    .decides('MergeHeld');
  expect(environmentNamed(rollout, 'staging')?.phase.name).toBe('approved');
  given(...approvedStaging)
    .when(held)
    .decides();
});

const recordMerge = {
  type: 'RecordMerge' as const,
  environment: 'staging',
  wave: 'wave-1',
  repository,
  number: 1,
  mergeSha: 'merge',
  mergedBy: 'octocat',
  now: noon,
};

test('a merge is recorded once', () => {
  const rollout = given(...approvedStaging, mergeStarted('staging'))
    .when(recordMerge)
    .decides('PullRequestMerged');
  expect(waveNamed(rollout, 'staging', 'wave-1')?.phase.name).toBe('merged');
  given(...approvedStaging, mergeStarted('staging'), merged('staging'))
    .when(recordMerge)
    .decides();
});

test('a merge by hand without the approvals is tracked, and promotion waits', () => {
  const withdrawn = {
    type: 'ApprovalWithdrawn' as const,
    environment: 'staging',
    by: ann,
    digest,
    at: noon,
  };
  const rollout = given(...approvedStaging, withdrawn)
    .when(recordMerge)
    .decides('PullRequestMerged');
  const staging = environmentNamed(rollout, 'staging');
  expect(staging?.unapprovedMerge?.by).toBe('octocat');
  expect(staging?.phase.name).toBe('rolling');
});

test('a merge of something else than was approved ends the environment', () => {
  const rollout = given(...approvedStaging, mergeStarted('staging'), merged('staging'))
    .when({
      type: 'RecordVerified',
      environment: 'staging',
      wave: 'wave-1',
      differs: 'more files',
      now: noon,
    })
    .decides('MergeDiffers');
  expect(environmentNamed(rollout, 'staging')?.phase.name).toBe('failed');
});

test('a pin moved by hand: the environment yields, and so does what follows it', () => {
  const rollout = given(...approvedStaging)
    .when({
      type: 'RecordOvertaken',
      environment: 'staging',
      wave: 'wave-1',
      byWhom: 'octocat',
      detail: 'x',
      now: noon,
    })
    .decides('PinOvertaken');
  expect(rollout.environments.map(({ phase }) => phase.name)).toEqual(['overtaken', 'overtaken']);
  given(...approvedStaging, mergeStarted('staging'), merged('staging'))
    .when({
      type: 'RecordOvertaken',
      environment: 'staging',
      wave: 'wave-1',
      byWhom: 'octocat',
      detail: 'x',
      now: noon,
    })
    .decides();
});

test('a wave with parts in two repositories merges only when both are there', () => {
  const two = asked('staging');
  if (two.type !== 'ApprovalRequested') throw new Error('not an ask');
  const other = 'acme/other' as typeof repository;
  const waves = [{ name: 'wave-1', clusters: ['stg'], repositories: [repository, other] }];
  const story = [opened, { ...two, waves }, granted('staging', ann), pullRequest('staging')];
  given(...story)
    .when(start)
    .decides();
  const second = { ...pullRequest('staging', 'wave-1', 7), repository: other } as typeof opened;
  const parts = [...start.parts, { repository: other, number: 7, headSha: 'head' }];
  const begun = given(...story, second)
    .when({ ...start, parts })
    .decides('MergeStarted');
  expect(waveNamed(begun, 'staging', 'wave-1')?.parts).toHaveLength(2);
  const one = after(...story, second, mergeStarted('staging'), merged('staging'));
  expect(waveNamed(one, 'staging', 'wave-1')?.phase.name).toBe('merging');
});

test('each part must have the head that was verified', () => {
  const two = asked('staging');
  if (two.type !== 'ApprovalRequested') throw new Error('not an ask');
  const other = 'acme/more' as typeof repository;
  const waves = [{ name: 'wave-1', clusters: ['stg'], repositories: [repository, other] }];
  const second = { ...pullRequest('staging'), repository: other } as RolloutEvent;
  given(opened, { ...two, waves }, granted('staging', ann), pullRequest('staging'), second)
    .when({ ...start, parts: [part, { ...part, repository: other, headSha: 'else' }] })
    .decides();
});
