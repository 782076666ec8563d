import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { nextStep } from '../../src/rollout/next-step.ts';
import type { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import { laterOnes } from '../../src/rollout/promotion.ts';
import { minute } from '../../src/shared/time.ts';
import {
  after,
  ann,
  approvedProduction,
  asked,
  askedFor,
  bo,
  digest,
  given,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  otherDigest,
  plan,
  policy,
  pullRequest,
  pullRequestClosed,
  release,
  repository,
  rolledOut,
  standing,
  stepsOf,
  voided,
} from './story.ts';

/** A rollout over environments of one cluster each. */
function fleet(...policies: readonly EnvironmentPolicy[]): RolloutEvent {
  return { ...opened, environments: policies.map((of) => plan(of, [[of.name]])) } as RolloutEvent;
}
const observed = (environment: string): RolloutEvent => ({
  type: 'EnvironmentObserved',
  environment,
  pins: 1,
  at: noon,
});
const analysed: RolloutEvent = { type: 'AnalysisUnavailable', reason: 'off', at: noon };

test('an environment after one that is only observed can never start, and ends', () => {
  const rollout = after(
    fleet(policy('staging', { mode: 'observe' }), policy('production', { after: ['staging'] })),
    observed('staging'),
  );
  expect(standing(rollout, 'production')).toBe('closed [closed]');
});

test('an observed environment follows an observed one', () => {
  const observe = { mode: 'observe' } as const;
  const rollout = after(
    fleet(policy('staging', observe), policy('production', { ...observe, after: ['staging'] })),
    analysed,
    observed('staging'),
  );
  expect(stepsOf(rollout)).toContain('ask production');
  given(
    fleet(policy('staging', observe), policy('production', { ...observe, after: ['staging'] })),
    observed('staging'),
    observed('production'),
  )
    .when({ type: 'Close', now: noon })
    .decides('RolloutClosed');
});

test('what is asked before its turn is not asked', () => {
  const ask = { ...asked('production'), type: 'Ask' as const, now: noon } as never;
  given(opened, asked('staging')).when(ask).decides();
  given(...approvedProduction.slice(0, -3))
    .when(ask)
    .decides('ApprovalRequested');
});

const notAsked: readonly (readonly [string, RolloutEvent])[] = [
  ['paused', { type: 'RolloutPaused', by: bo, at: noon }],
  ['snoozed', { type: 'Snoozed', by: bo, until: noon + minute, at: noon }],
  ['superseded', { type: 'RolloutSuperseded', by: release, at: noon }],
];

test.each(notAsked)('a look that is older than the stop asks nobody: %s', (_, event) => {
  const ask = { ...asked('staging'), type: 'Ask' as const, now: noon } as never;
  given(opened, event).when(ask).decides();
});

test('a closed pull request ends its environment, and what may only follow it', () => {
  const rollout = after(
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    pullRequestClosed('staging'),
  );
  expect(standing(rollout, 'staging')).toBe('closed [closed]');
  expect(standing(rollout, 'production')).toBe('closed [closed closed]');
});

test('a number that is closed in another repository ends nothing', () => {
  const elsewhere = { ...pullRequestClosed('staging'), repository: 'acme/more' } as RolloutEvent;
  const rollout = after(
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    elsewhere,
  );
  expect(standing(rollout, 'staging')).toBe('approved [pull-request]');
});

test('when what landed differs, everything that is not merged ends, and the rollout closes', () => {
  const eu = policy('staging-eu');
  const story: RolloutEvent[] = [
    {
      ...opened,
      environments: [...(opened as never as { environments: [] }).environments, plan(eu, [['eu']])],
    } as never,
    analysed,
    asked('staging'),
    granted('staging', ann),
    ...rolledOut('staging').slice(0, 3),
    { type: 'MergeDiffers', environment: 'staging', wave: 'wave-1', detail: 'more', at: noon },
  ];
  const rollout = after(...story);
  expect(standing(rollout, 'staging')).toBe('failed [failed]');
  expect(standing(rollout, 'production')).toBe('failed [failed failed]');
  expect(standing(rollout, 'staging-eu')).toBe('closed [closed]');
  expect(stepsOf(rollout)).toEqual(['close']);
  const closed = given(...story)
    .when({ type: 'Close', now: noon })
    .decides('RolloutClosed');
  expect(closed.outcome?.name).toBe('failed');
});

test('a later wave that was not merged ends with a merge that differs', () => {
  const rollout = after(...approvedProduction, ...rolledOut('production').slice(0, 3), {
    type: 'MergeDiffers',
    environment: 'production',
    wave: 'wave-1',
    detail: 'more',
    at: noon,
  });
  expect(standing(rollout, 'production')).toBe('failed [failed failed]');
});

const start = {
  type: 'StartMerge' as const,
  environment: 'production',
  wave: 'wave-1',
  digest: otherDigest,
  parts: [{ repository, number: 2, headSha: 'head' }],
  approversNow: [ann, bo],
  before: [],
  now: noon,
};

test('newer rules may put an environment behind one that is not done: it waits, or ends with it', () => {
  const canary = policy('canary');
  const open = {
    ...opened,
    environments: [
      ...(opened as never as { environments: [] }).environments,
      plan(canary, [['can']]),
    ],
  } as never;
  const story = [
    open,
    ...approvedProduction.slice(1),
    voided('production'),
    askedFor({ 'wave-1': ['prod-a'] }, 2, { after: ['staging', 'canary'] }),
    granted('production', ann, otherDigest),
    granted('production', bo, otherDigest),
    pullRequest('production', 'wave-1', 2),
  ];
  given(...story)
    .when(start)
    .decides();
  expect(stepsOf(after(...story))).not.toContain('open-pull-request production wave-1');
  const overtaken: RolloutEvent = {
    type: 'EnvironmentOvertaken',
    environment: 'canary',
    detail: 'x',
    at: noon,
  };
  expect(standing(after(...story, overtaken), 'production')).toBe('overtaken [overtaken]');
  const already = [open, ...approvedProduction.slice(1), voided('production'), overtaken];
  const asking = askedFor({ 'wave-1': ['prod-a'] }, 2, { after: ['staging', 'canary'] });
  expect(standing(after(...already, asking), 'production')).toBe('overtaken [overtaken]');
});

const byHand: RolloutEvent = merged('staging', 'wave-1', 7, false);

test('an environment waits while somebody has to answer for a merge before it', () => {
  const story = [
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging', 'wave-1', 7),
    voided('staging'),
    asked('staging', 2),
    granted('staging', ann),
    ...rolledOut('staging'),
    asked('production'),
    granted('production', ann),
    granted('production', bo),
    pullRequest('production', 'wave-1', 2),
    byHand,
  ];
  given(...story)
    .when({ ...start, digest })
    .decides();
  const accepted: RolloutEvent = {
    type: 'UnapprovedMergeAccepted',
    environment: 'staging',
    by: ann,
    at: noon,
  };
  given(...story, accepted)
    .when({ ...start, digest })
    .decides('MergeStarted');
});

test('where all wait for somebody, it is looked again without doing anything', () => {
  const story = [
    opened,
    analysed,
    asked('staging'),
    pullRequest('staging'),
    merged('staging', 'wave-1', 1, false),
    ...rolledOut('staging').slice(3),
  ];
  expect(nextStep(after(...story), noon)).toEqual({ do: 'look-again', at: noon + 5 * minute });
});

test('those after an environment are found at whatever distance', () => {
  const rollout = after(
    fleet(policy('a'), policy('b', { after: ['a'] }), policy('c', { after: ['b'] }), policy('d')),
  );
  expect([...laterOnes(rollout, 'a')]).toEqual(['b', 'c']);
});

test('a merge under way ends with its environment; when it was made after all, it is followed', () => {
  const open = {
    ...opened,
    environments: [plan(policy('staging'), [['stg']]), plan(policy('eu'), [['eu']])],
  } as RolloutEvent;
  const inEu = (event: RolloutEvent) => ({ ...event, environment: 'eu' }) as RolloutEvent;
  const story = [
    open,
    asked('staging'),
    granted('staging', ann),
    ...rolledOut('staging').slice(0, 3),
    inEu({ ...asked('staging'), policy: policy('eu') } as RolloutEvent),
    inEu(granted('staging', ann)),
    inEu(pullRequest('staging', 'wave-1', 2)),
    inEu(mergeStarted('staging', 'wave-1', 2)),
    {
      type: 'MergeDiffers',
      environment: 'staging',
      wave: 'wave-1',
      detail: 'more',
      at: noon,
    } as const,
  ];
  const rollout = after(...story);
  expect(standing(rollout, 'eu')).toBe('closed [closed]');
  expect(stepsOf(rollout)).toContain('close-pull-request eu wave-1 acme/gitops 2');
  const made = given(...story)
    .when({
      type: 'RecordMerge',
      environment: 'eu',
      wave: 'wave-1',
      repository,
      number: 2,
      mergeSha: 'merge',
      mergedBy: 'amiable[bot]',
      now: noon,
    })
    .decides('PullRequestMerged');
  expect(standing(made, 'eu')).toBe('closed [merged]');
  expect(made.environments[1]?.unapprovedMerge).toBeUndefined();
});

test('what is only observed does not follow what was rejected', () => {
  const rollout = after(
    fleet(policy('staging'), policy('production', { mode: 'observe', after: ['staging'] })),
    { type: 'EnvironmentRejected', environment: 'staging', by: bo, reason: 'no', at: noon },
  );
  expect(standing(rollout, 'production')).toBe('rejected [rejected]');
});

test('a closed pull request of one wave ends the environment', () => {
  const rollout = after(
    ...approvedProduction,
    pullRequest('production'),
    pullRequestClosed('production'),
  );
  expect(standing(rollout, 'production')).toBe('closed [closed closed]');
});

test('what was rejected stays rejected when its pull request is closed', () => {
  const rejected: RolloutEvent = {
    type: 'EnvironmentRejected',
    environment: 'staging',
    by: bo,
    reason: 'no',
    at: noon,
  };
  const story = [opened, asked('staging'), pullRequest('staging'), rejected];
  expect(standing(after(...story, pullRequestClosed('staging')), 'staging')).toBe(
    'rejected [rejected]',
  );
  const late = [...story, ...rolledOut('staging').slice(2)];
  expect(standing(after(...late), 'staging')).toBe('rejected [complete]');
});

test('an environment whose pins all name the release yields, unless it was asked already', () => {
  const nothing = {
    type: 'NothingToMove' as const,
    environment: 'staging',
    detail: 'every pin names it',
    now: noon,
  };
  const rollout = given(opened).when(nothing).decides('EnvironmentOvertaken');
  expect(standing(rollout, 'staging')).toBe('overtaken [overtaken]');
  expect(rollout.environments[0]?.overtaken?.detail).toBe('every pin names it');
  given(opened, asked('staging')).when(nothing).decides();
  const observing = {
    type: 'RecordObserved' as const,
    environment: 'staging',
    pins: 1,
    now: noon,
  };
  given(opened).when(observing).decides('EnvironmentObserved');
  given(opened, asked('staging')).when(observing).decides();
});

test('a pin that was moved by hand is noticed before there is a pull request too', () => {
  given(opened, asked('staging'), granted('staging', ann))
    .when({
      type: 'RecordOvertaken',
      environment: 'staging',
      wave: 'wave-1',
      byWhom: 'octocat',
      detail: 'x',
      now: noon,
    })
    .decides('PinOvertaken');
});
