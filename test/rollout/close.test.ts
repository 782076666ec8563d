import { expect, test } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import {
  after,
  ann,
  approvedProduction,
  asked,
  given,
  granted,
  noon,
  opened,
  plan,
  policy,
  pullRequest,
  rolledOut,
  stepsOf,
} from './story.ts';

const close = { type: 'Close' as const, now: noon };
const production = [
  ...approvedProduction,
  ...rolledOut('production'),
  ...rolledOut('production', 'wave-2', 2),
];
const oneEach = (...modes: readonly ('observe' | 'merge')[]): RolloutEvent =>
  ({
    ...opened,
    environments: modes.map((mode, i) => plan(policy(`e${i}`, { mode }), [[`c${i}`]])),
  }) as RolloutEvent;
const ended = (type: 'EnvironmentObserved' | 'EnvironmentOvertaken', environment: string) =>
  ({ type, environment, pins: 1, detail: 'x', at: noon }) as RolloutEvent;

test('a rollout is complete when every environment is, and closed once', () => {
  given(...production)
    .when(close)
    .decides('RolloutCompleted');
  given(...approvedProduction)
    .when(close)
    .decides();
  given(...production, { type: 'RolloutCompleted', at: noon })
    .when(close)
    .decides();
});

test('nothing waits for an analysis that never comes', () => {
  expect(after(...production).analysis).toBe('pending');
  expect(stepsOf(after(...production))).toEqual(['close']);
});

test('what was only observed does not keep the rest from being complete', () => {
  const inFirst = (event: RolloutEvent) => ({ ...event, environment: 'e0' }) as RolloutEvent;
  const first = [
    { ...asked('staging'), policy: policy('e0') } as RolloutEvent,
    granted('staging', ann),
    ...rolledOut('staging'),
  ].map(inFirst);
  given(oneEach('merge', 'observe'), ...first, ended('EnvironmentObserved', 'e1'))
    .when(close)
    .decides('RolloutCompleted');
});

test.each([
  ['observed', [ended('EnvironmentObserved', 'e0'), ended('EnvironmentObserved', 'e1')]],
  ['overtaken', [ended('EnvironmentObserved', 'e0'), ended('EnvironmentOvertaken', 'e1')]],
])('a rollout that moved nothing ends as %s', (outcome, events) => {
  const rollout = given(oneEach('observe', 'observe'), ...events)
    .when(close)
    .decides('RolloutClosed');
  expect(rollout.outcome?.name).toBe(outcome);
});

test('a rejection names the end before what came of itself does', () => {
  const rejected: RolloutEvent = {
    type: 'EnvironmentRejected',
    environment: 'e1',
    by: ann,
    reason: 'kernel hang',
    at: noon,
  };
  const rollout = given(oneEach('merge', 'merge'), ended('EnvironmentOvertaken', 'e0'), rejected)
    .when(close)
    .decides('RolloutClosed');
  expect(rollout.outcome?.name).toBe('rejected');
});

test('a rollout is not closed while merged waves of an ended environment turn', () => {
  const rejected: RolloutEvent = {
    type: 'EnvironmentRejected',
    environment: 'production',
    by: ann,
    reason: 'kernel hang',
    at: noon,
  };
  const story = [...approvedProduction, ...rolledOut('production').slice(0, 4), rejected];
  given(...story)
    .when(close)
    .decides();
  expect(stepsOf(after(...story))).toContain('watch-delivery production wave-1');
});

test('what is left open is closed before and after the end', () => {
  const story = [
    opened,
    asked('staging'),
    granted('staging', ann),
    pullRequest('staging'),
    ended('EnvironmentOvertaken', 'staging'),
  ];
  const tidy = 'close-pull-request staging wave-1 acme/gitops 1';
  expect(stepsOf(after(...story))).toEqual([tidy, 'close']);
  const over: RolloutEvent = { type: 'RolloutClosed', outcome: 'overtaken', at: noon };
  expect(stepsOf(after(...story, over))).toEqual([tidy]);
});

test('one environment complete does not make the rollout complete', () => {
  const inFirst = (event: RolloutEvent) => ({ ...event, environment: 'e0' }) as RolloutEvent;
  const first = [
    { ...asked('staging'), policy: policy('e0') } as RolloutEvent,
    granted('staging', ann),
    ...rolledOut('staging'),
  ].map(inFirst);
  const rollout = given(oneEach('merge', 'merge'), ...first, ended('EnvironmentOvertaken', 'e1'))
    .when(close)
    .decides('RolloutClosed');
  expect(rollout.outcome?.name).toBe('overtaken');
});

const recall = { type: 'Recall' as const, reason: 'recommended no more', now: noon };
const recalled: RolloutEvent = { type: 'ReleaseRecalled', reason: 'recommended no more', at: noon };

test('a recall ends all that is not merged, once, and the rollout closes as withdrawn', () => {
  given(opened, asked('staging')).when(recall).decides('ReleaseRecalled');
  given(opened, asked('staging'), recalled).when(recall).decides();
  given(opened, asked('staging'), recalled).when(close).decides('RolloutClosed');
  expect(
    after(opened, asked('staging'), recalled).environments.map(({ phase }) => phase.name),
  ).toEqual(['withdrawn', 'withdrawn']);
});

test('a recall finds an ended rollout as it is', () => {
  given(...production, { type: 'RolloutCompleted', at: noon })
    .when(recall)
    .decides();
});

test('what had merged when its release was recalled is followed to its end', () => {
  const rollout = after(...approvedProduction, ...rolledOut('production'), recalled);
  const [staging, last] = rollout.environments;
  expect([staging?.phase.name, last?.phase.name]).toEqual(['complete', 'withdrawn']);
  expect(last?.waves.map(({ phase }) => phase.name)).toEqual(['complete', 'withdrawn']);
});
