import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { environmentNamed, waveNamed } from '../../src/rollout/rollout.ts';
import { RepositoryName } from '../../src/shared/ids.ts';
import { day } from '../../src/shared/time.ts';
import {
  after,
  ann,
  approvedProduction,
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
  pullRequestClosed,
  repository,
  rolledOut,
  standing,
  stepsOf,
  voided,
} from './story.ts';

const record = {
  type: 'RecordMerge' as const,
  environment: 'production',
  wave: 'wave-1',
  repository,
  number: 2,
  mergeSha: 'merge',
  mergedBy: 'octocat',
  now: noon,
};
const accept = {
  type: 'AcceptUnapprovedMerge' as const,
  environment: 'production',
  by: ann,
  may: 'yes' as const,
  now: noon,
};
const halfApproved = approvedProduction.slice(0, -1);
const firstByHand = [
  ...halfApproved,
  pullRequest('production', 'wave-1', 2),
  merged('production', 'wave-1', 2, false),
];

/** Whether the merge is recorded as approved. */
function approved(story: readonly RolloutEvent[], command: typeof record): unknown {
  const rollout = given(...story)
    .when(command)
    .decides('PullRequestMerged');
  return environmentNamed(rollout, command.environment)?.unapprovedMerge === undefined;
}

test('after Continue the rest of the environment is asked about, and can be approved', () => {
  const story = [...firstByHand, ...rolledOut('production').slice(3)];
  expect(standing(after(...story), 'production')).toBe('rolling [complete waiting]');
  const accepted = given(...story)
    .when(accept)
    .decides('UnapprovedMergeAccepted');
  expect(standing(accepted, 'production')).toBe('awaiting-approval [complete waiting]');
  const event: RolloutEvent = {
    type: 'UnapprovedMergeAccepted',
    environment: 'production',
    by: ann,
    at: noon,
  };
  const rollout = after(...story, event, granted('production', bo));
  expect(standing(rollout, 'production')).toBe('rolling [complete waiting]');
  expect(stepsOf(rollout)).toContain('open-pull-request production wave-2');
});

test('nobody without rights lets a merge by hand pass, and nobody twice', () => {
  given(...firstByHand)
    .when({ ...accept, may: 'no' })
    .refuses('not-an-approver', 'ApprovalRefused');
  given(...approvedProduction)
    .when(accept)
    .refuses('already-decided');
});

test('the next wave does not follow a merge by hand that nobody answered for', () => {
  const story = [
    ...firstByHand,
    ...rolledOut('production').slice(3),
    granted('production', bo),
    pullRequest('production', 'wave-2', 3),
  ];
  given(...story)
    .when({
      type: 'StartMerge',
      environment: 'production',
      wave: 'wave-2',
      digest,
      parts: [{ repository, number: 3, headSha: 'head' }],
      approversNow: [ann, bo],
      before: [],
      now: noon,
    })
    .decides();
  expect(stepsOf(after(...story))).not.toContain('open-pull-request production wave-2');
});

test('a merge by hand with all approvals counts as approved, and without as not', () => {
  const open = pullRequest('production', 'wave-1', 2);
  expect(approved([...approvedProduction, open], record)).toBe(true);
  expect(approved([...halfApproved, open], record)).toBe(false);
});

test('what was rejected is not approved by merging it, and is followed all the same', () => {
  const rejected: RolloutEvent = {
    type: 'EnvironmentRejected',
    environment: 'production',
    by: bo,
    reason: 'kernel hang',
    at: noon,
  };
  const story = [...approvedProduction, pullRequest('production', 'wave-1', 2), rejected];
  expect(approved(story, record)).toBe(false);
  const rollout = given(...story)
    .when(record)
    .decides('PullRequestMerged');
  expect(standing(rollout, 'production')).toBe('rejected [merged rejected]');
  expect(stepsOf(rollout)).toContain('verify-merge production wave-1');
});

test('also when the rollout is closed, what was merged is followed', () => {
  const superseded: RolloutEvent = {
    type: 'RolloutSuperseded',
    by: 'al2023@v20261125' as never,
    at: noon,
  };
  const story = [opened, asked('staging'), granted('staging', ann), pullRequest('staging')];
  const late = merged('staging', 'wave-1', 1, false);
  const rollout = after(...story, superseded, late);
  expect(stepsOf(rollout)).toEqual(['verify-merge staging wave-1']);
  expect(approved([...story, superseded], { ...record, environment: 'staging', number: 1 })).toBe(
    false,
  );
});

test('a pull request that was given up is not approved by newer approvals, and is followed', () => {
  const story = [
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging', 'wave-1', 1),
    voided('staging'),
    asked('staging', 2),
    granted('staging', ann),
    pullRequest('staging', 'wave-1', 2),
  ];
  const command = { ...record, environment: 'staging', number: 1 };
  expect(approved(story, command)).toBe(false);
  const rollout = given(...story)
    .when(command)
    .decides('PullRequestMerged');
  const wave = waveNamed(rollout, 'staging', 'wave-1');
  expect(standing(rollout, 'staging')).toBe('rolling [merged]');
  expect(wave?.parts.map(({ number }) => number)).toEqual([1]);
  expect(wave?.abandoned.map(({ number }) => number)).toEqual([2]);
  expect(wave?.before.map(({ cluster, proven }) => [cluster, proven])).toEqual([['stg', true]]);
  expect(stepsOf(rollout)).toContain('close-pull-request staging wave-1 acme/gitops 2');
});

test('one that was given up and merged carries the digest it was opened for', () => {
  const older = { ...pullRequest('staging'), digest } as RolloutEvent;
  const story = [opened, asked('staging'), older, voided('staging')];
  const rollout = after(...story, merged('staging', 'wave-1', 1, false));
  expect(waveNamed(rollout, 'staging', 'wave-1')?.digest).toBe(digest);
});

test('a merge that was decided counts as approved, whoever made it and however it ended', () => {
  const story = [
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    mergeStarted('staging'),
  ];
  expect(approved(story, { ...record, environment: 'staging', number: 1 })).toBe(true);
  const held: RolloutEvent = {
    type: 'MergeHeld',
    environment: 'staging',
    wave: 'wave-1',
    because: 'checks',
    at: noon,
  };
  const gone: RolloutEvent = {
    type: 'ApprovalWithdrawn',
    environment: 'staging',
    by: ann,
    digest,
    at: noon,
  };
  const late = [...story, held, gone];
  expect(approved(late, { ...record, environment: 'staging', number: 1 })).toBe(false);
});

const other = RepositoryName.parse('acme/more');
const twoRepositories = (environment: 'staging' | 'production', ask = 1): RolloutEvent => ({
  ...(asked(environment, ask) as Extract<RolloutEvent, { type: 'ApprovalRequested' }>),
  waves: [{ name: 'wave-1', clusters: ['prod-a'], repositories: [repository, other] }],
});
const second = { ...pullRequest('production', 'wave-1', 1), repository: other } as RolloutEvent;
const halfByHand = [
  ...approvedProduction.slice(0, -3),
  twoRepositories('production'),
  granted('production', ann),
  pullRequest('production', 'wave-1', 1),
  second,
  merged('production', 'wave-1', 1, false),
];

test('where half a wave was merged by hand, the other half still needs its approvals and gets them', () => {
  expect(standing(after(...halfByHand), 'production')).toBe('awaiting-approval [pull-request]');
  const accepted: RolloutEvent = {
    type: 'UnapprovedMergeAccepted',
    environment: 'production',
    by: ann,
    at: noon,
  };
  given(...halfByHand, accepted, granted('production', bo))
    .when({
      type: 'StartMerge',
      environment: 'production',
      wave: 'wave-1',
      digest,
      parts: [{ repository: other, number: 1, headSha: 'head' }],
      approversNow: [ann, bo],
      before: [],
      now: noon,
    })
    .decides('MergeStarted');
});

test('half a merge is not asked about anew: there is no way but on, or back', () => {
  given(...halfByHand)
    .when({ type: 'VoidApprovals', environment: 'production', because: 'change-moved', now: noon })
    .decides();
  given(...halfByHand)
    .when({
      type: 'Reject',
      environment: 'production',
      ask: 1,
      by: bo,
      may: 'yes',
      reason: 'kernel hang',
      now: noon,
    })
    .refuses('merge-under-way');
});

test('half a merge whose ask runs out ends, and leaves nothing open', () => {
  const expired: RolloutEvent = {
    type: 'ApprovalExpired',
    environment: 'production',
    ask: 1,
    at: noon + 7 * day,
  };
  const rollout = after(...halfByHand, expired);
  expect(standing(rollout, 'production')).toBe('expired [expired]');
  expect(stepsOf(rollout)).toContain('close-pull-request production wave-1 acme/more 1');
});

test('an approver who left can be replaced where half a wave is merged', () => {
  const started = [
    ...halfByHand.slice(0, -1),
    granted('production', bo),
    merged('production', 'wave-1', 1),
  ];
  const gone = given(...started)
    .when({
      type: 'VoidApprovals',
      environment: 'production',
      because: 'no-longer-approver',
      of: [ann],
      now: noon,
    })
    .decides('ApprovalsVoided');
  expect(standing(gone, 'production')).toBe('awaiting-approval [pull-request]');
});

test('half a merge that was decided is not backed out of', () => {
  const story = [
    ...halfByHand.slice(0, -1),
    granted('production', bo),
    mergeStarted('production'),
    merged('production', 'wave-1', 1),
  ];
  given(...story)
    .when({
      type: 'HoldMerge',
      environment: 'production',
      wave: 'wave-1',
      because: 'refused',
      now: noon,
    })
    .decides();
  const closed = { ...pullRequestClosed('production'), repository: other } as RolloutEvent;
  expect(standing(after(...story, closed), 'production')).toBe('closed [closed]');
});

const accepted = (environment: string): RolloutEvent => ({
  type: 'UnapprovedMergeAccepted',
  environment,
  by: ann,
  at: noon,
});

test('after Continue nothing is asked where nothing is left, or the approvals stand', () => {
  const restored = [
    opened,
    asked('staging'),
    pullRequest('staging'),
    voided('staging'),
    merged('staging', 'wave-1', 1, false),
  ];
  expect(standing(after(...restored, accepted('staging')), 'staging')).toBe('rolling [merged]');
  const standingStill = [
    ...approvedProduction.slice(0, -3),
    asked('production'),
    pullRequest('production', 'wave-1', 1),
    voided('production'),
    asked('production', 2),
    granted('production', ann),
    granted('production', bo),
    merged('production', 'wave-1', 1, false),
  ];
  expect(standing(after(...standingStill, accepted('production')), 'production')).toBe(
    'rolling [merged waiting]',
  );
});

test('after Continue the rest is asked about anew where no ask stands', () => {
  const rollout = after(
    ...halfApproved,
    pullRequest('production', 'wave-1', 2),
    voided('production'),
    merged('production', 'wave-1', 2, false),
    accepted('production'),
  );
  expect(standing(rollout, 'production')).toBe('waiting [merged waiting]');
  expect(stepsOf(rollout)).toContain('ask production');
});

test('Continue does not open again what has ended', () => {
  const rollout = after(
    opened,
    asked('staging'),
    pullRequest('staging'),
    voided('staging'),
    { type: 'EnvironmentOvertaken', environment: 'staging', detail: 'x', at: noon },
    merged('staging', 'wave-1', 1, false),
    accepted('staging'),
  );
  expect(standing(rollout, 'staging')).toBe('overtaken [merged]');
});

test('what was given up and merged after the wave was done is told, and changes nothing else', () => {
  const rollout = after(
    opened,
    asked('staging'),
    pullRequest('staging', 'wave-1', 7),
    voided('staging'),
    asked('staging', 2),
    granted('staging', ann),
    ...rolledOut('staging'),
    merged('staging', 'wave-1', 7, false),
  );
  const wave = waveNamed(rollout, 'staging', 'wave-1');
  expect(standing(rollout, 'staging')).toBe('complete [complete]');
  expect(wave?.parts.map(({ number }) => number)).toEqual([1]);
  expect(environmentNamed(rollout, 'staging')?.unapprovedMerge?.by).toBe('amiable[bot]');
});

test('half of what was given up is not the wave', () => {
  const rollout = after(
    ...halfByHand.slice(0, -1),
    voided('production'),
    halfByHand.at(-1) as RolloutEvent,
  );
  expect(standing(rollout, 'production')).toBe('waiting [waiting]');
  expect(waveNamed(rollout, 'production', 'wave-1')?.parts).toEqual([]);
  expect(environmentNamed(rollout, 'production')?.unapprovedMerge).toBeDefined();
});

test('a new pull request does not take the place of the half that is merged', () => {
  const rollout = after(...halfByHand, pullRequest('production', 'wave-1', 5));
  const numbers = waveNamed(rollout, 'production', 'wave-1')?.parts.map(({ number }) => number);
  expect(numbers).toEqual([1, 1]);
  expect(stepsOf(rollout)).toContain('close-pull-request production wave-1 acme/gitops 5');
});

test('half a wave that an older ask opened is not approved by a newer one', () => {
  const newer = {
    ...(twoRepositories('production', 2) as Extract<RolloutEvent, { type: 'ApprovalRequested' }>),
    digest: otherDigest,
  };
  const again = [newer, granted('production', ann), granted('production', bo)];
  const story = [...halfByHand, accepted('production'), ...again];
  expect(standing(after(...story), 'production')).toBe('approved [pull-request waiting]');
  expect(approved(story, { ...record, repository: other, number: 1 })).toBe(false);
});

test('half a merge in an earlier wave keeps the later ones from being asked about anew', () => {
  const waves = [
    { name: 'wave-1', clusters: ['prod-a'], repositories: [repository, other] },
    { name: 'wave-2', clusters: ['prod-b'], repositories: [repository] },
  ];
  const story = halfByHand.map((event) =>
    event.type === 'ApprovalRequested' && event.environment === 'production'
      ? { ...event, waves }
      : event,
  );
  const fall = { type: 'VoidApprovals' as const, because: 'change-moved' as const, now: noon };
  given(...story)
    .when({ ...fall, environment: 'production' })
    .decides();
  given(...approvedProduction, pullRequest('production'), mergeStarted('production'))
    .when({ ...fall, environment: 'production' })
    .decides();
});
