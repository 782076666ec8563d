import { expect, test } from 'vitest';
import { environmentNamed, waveNamed } from '../../src/rollout/rollout.ts';
import {
  after,
  ann,
  asked,
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
  repository,
  rolledOut,
} from './story.ts';

const approvedStaging = [opened, asked('staging'), granted('staging', ann), pullRequest('staging')];
const start = {
  type: 'StartMerge' as const,
  environment: 'staging',
  wave: 'wave-1',
  digest,
  parts: [{ repository, number: 1, headSha: 'head' }],
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
