import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { nextStep } from '../../src/rollout/next-step.ts';
import { stepKey } from '../../src/rollout/step.ts';
import { day, minute, second } from '../../src/shared/time.ts';
import {
  after,
  ann,
  asked,
  bo,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  pullRequest,
  release,
  rolledOut,
  staging,
  stepsOf,
} from './story.ts';

const analysed = { type: 'AnalysisUnavailable' as const, reason: 'off', at: noon };
const start = [opened, analysed];

test.each([
  ['opened', [opened], 'analyse'],
  ['opened and analysed', start, 'ask staging'],
  ['asked', [...start, asked('staging')], 'recheck-ask staging'],
  ['approved', [...start, asked('staging'), granted('staging', ann)], 'recheck-ask staging'],
  [
    'merging',
    [
      ...start,
      asked('staging'),
      granted('staging', ann),
      pullRequest('staging'),
      mergeStarted('staging'),
    ],
    'finish-merge staging wave-1',
  ],
  [
    'merged',
    [
      ...start,
      asked('staging'),
      granted('staging', ann),
      pullRequest('staging'),
      mergeStarted('staging'),
      merged('staging'),
    ],
    'verify-merge staging wave-1',
  ],
  [
    'soaked',
    [...start, asked('staging'), granted('staging', ann), ...rolledOut('staging')],
    'ask production',
  ],
])('%s: the next step is right', (_, events, step) => {
  expect(stepKey(nextStep(after(...events), noon + minute))).toBe(step);
});

test('production is not asked about before staging has soaked', () => {
  const events = [
    ...start,
    asked('staging'),
    granted('staging', ann),
    ...rolledOut('staging').slice(0, -1),
  ];
  expect(stepKey(nextStep(after(...events), noon))).toBe('watch-soak staging wave-1');
  expect(nextStep(after(...events), noon, new Set(['watch-soak staging wave-1'])).do).toBe(
    'look-again',
  );
});

test('an ask that ran out expires', () => {
  expect(stepKey(nextStep(after(...start, asked('staging')), noon + 7 * day))).toBe(
    'expire staging',
  );
});

test('a snoozed rollout rests until the date, and comes back by itself', () => {
  const events = [
    ...start,
    asked('staging'),
    { type: 'Snoozed' as const, by: ann, until: noon + day, at: noon },
  ];
  expect(nextStep(after(...events), noon)).toEqual({ do: 'look-again', at: noon + day });
  expect(nextStep(after(...events), noon + day)).toEqual({ do: 'end-snooze' });
});

test('a paused rollout opens no pull request, and goes on following what was merged', () => {
  const paused = { type: 'RolloutPaused' as const, by: bo, at: noon };
  const approved = [...start, asked('staging'), granted('staging', ann)];
  const steps = stepsOf(after(...approved, paused));
  expect(steps).not.toContain('open-pull-request staging wave-1');
  const moving = [...approved, pullRequest('staging'), mergeStarted('staging'), merged('staging')];
  expect(stepsOf(after(...moving, paused))).toContain('verify-merge staging wave-1');
});

test('after a merge without approvals the next wave waits for an approver', () => {
  const unapproved = [
    ...start,
    asked('staging'),
    pullRequest('staging'),
    merged('staging', 'wave-1', 1, false),
  ];
  const soaked = [...unapproved, ...rolledOut('staging').slice(3)];
  expect(stepsOf(after(...soaked))).not.toContain('ask production');
  const accepted = {
    type: 'UnapprovedMergeAccepted' as const,
    environment: 'staging',
    by: ann,
    at: noon,
  };
  expect(stepsOf(after(...soaked, accepted))).toContain('ask production');
});

test('pull requests of a superseded rollout are closed, and then it rests', () => {
  const superseded = { type: 'RolloutSuperseded' as const, by: release, at: noon };
  const events = [
    ...start,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    superseded,
  ];
  expect(stepsOf(after(...events))).toEqual(['close-pull-request staging wave-1 acme/gitops 1']);
  const closed = { ...pullRequest('staging'), type: 'PullRequestClosed' as const, by: 'amiable' };
  expect(nextStep(after(...events, closed as never), noon)).toEqual({ do: 'rest' });
});

test('a rollback takes production back before staging, and stops everything forward', () => {
  const back = (environment: string, clusters: string[]) => ({
    environment,
    wave: 'rollback-1',
    clusters,
    repositories: ['acme/gitops' as never],
    to: 'al2023@v20261021',
    digest: 'c'.repeat(64) as never,
  });
  const events = [
    ...start,
    asked('staging'),
    granted('staging', ann),
    ...rolledOut('staging'),
    asked('production'),
    granted('production', ann),
    granted('production', bo),
    ...rolledOut('production'),
    {
      type: 'RollbackRequested' as const,
      by: ann,
      reason: 'kernel hang in payments',
      recoveries: [back('production', ['prod-a']), back('staging', ['stg'])],
      leftOut: [],
      at: noon,
    },
  ];
  const steps = stepsOf(after(...events));
  expect(steps).toEqual(['open-pull-request production rollback-1']);
});

test('open pull requests are looked at often, unless it is paused', () => {
  const open = [...start, asked('staging'), granted('staging', ann), pullRequest('staging')];
  const paused = { type: 'RolloutPaused' as const, by: bo, at: noon };
  const again = (...events: readonly RolloutEvent[]) =>
    nextStep(after(...events), noon, new Set(stepsOf(after(...events))));
  expect(again(...open)).toEqual({ do: 'look-again', at: noon + 20 * second });
  expect(again(...open, paused)).toEqual({ do: 'look-again', at: noon + 5 * minute });
});

test('where people merge on our status, it is looked at when the clock turns', () => {
  const window = { cron: '0 12 * * *', durationMs: 2 * minute, timeZone: 'UTC' };
  const policy = { ...staging, pullRequest: { merge: 'in-github' }, window } as const;
  const ask = { ...asked('staging'), policy } as RolloutEvent;
  const events = [...start, ask, pullRequest('staging')];
  const again = (now: number) =>
    nextStep(after(...events), now, new Set(stepsOf(after(...events), now)));
  expect(again(noon)).toEqual({ do: 'look-again', at: noon + 2 * minute });
  expect(again(noon + 2 * minute)).toEqual({ do: 'look-again', at: noon + 7 * minute });
  expect(again(noon + day - minute)).toEqual({ do: 'look-again', at: noon + day });
});
