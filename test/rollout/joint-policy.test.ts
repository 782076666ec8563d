import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSets, shortOf } from '../../src/rollout/approval-sets.ts';
import { jointPolicy } from '../../src/rollout/joint-policy.ts';
import { mergeHours } from '../../src/rollout/merge-hours.ts';
import { onWindowEnd } from '../../src/rollout/policy.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { ann, bo, policy } from './story.ts';

const rule = (users: readonly (typeof ann)[], count = 1) => ({
  users: [...users],
  groups: [],
  count,
});

test('approvals of all environments are asked for, a set each', () => {
  const joint = jointPolicy(policy('production', { approval: rule([ann, bo], 2) }), [
    policy('staging', { approval: rule([bo]) }),
  ]);
  expect(joint.approval).toEqual({
    users: [bo, ann],
    groups: [],
    count: 3,
    sets: [
      { name: 'staging', users: [bo], groups: [], count: 1 },
      { name: 'production', users: [ann, bo], groups: [], count: 2 },
    ],
  });
});

test('the strictest of modes, ages, soaks and lives holds', () => {
  const joint = jointPolicy(
    policy('production', { soakMs: minute, expiresMs: 2 * hour, validForMs: 3 * hour }),
    [policy('staging', { mode: 'propose', soakMs: hour, minimumAgeMs: hour, validForMs: hour })],
  );
  expect(joint).toMatchObject({
    name: 'production',
    mode: 'propose',
    soakMs: hour,
    minimumAgeMs: hour,
    validForMs: hour,
  });
});

test('the slowest cadence, the longest list of what must have been seen and the fewest clusters hold', () => {
  const joint = jointPolicy(policy('production', { soakAtLeast: { nodes: 5 } }), [
    policy('dev', { cadence: 'weekly', maxClustersRolling: 2, soakAtLeast: { nodeHours: 8 } }),
    policy('staging', { cadence: 'monthly', maxClustersRolling: 4, soakAtLeast: { nodes: 3 } }),
  ]);
  expect(joint).toMatchObject({
    cadence: 'monthly',
    soakAtLeast: { nodes: 5, nodeHours: 8 },
    maxClustersRolling: 2,
  });
  expect(jointPolicy(policy('production'), [policy('staging')])).not.toHaveProperty('cadence');
});

test('what one policy approves by itself the other still asks people about', () => {
  const free = policy('staging', {
    approval: { users: [], groups: [], count: 1, automatic: 'always' },
  });
  const joint = jointPolicy(policy('production', { approval: rule([ann]) }), [free]);
  expect(joint.approval).toMatchObject({ count: 1, sets: [{ name: 'production', users: [ann] }] });
  expect(joint.approval.automatic).toBeUndefined();
  expect(jointPolicy({ ...free, name: 'production' }, [free]).approval).toEqual(free.approval);
});

test('a rule that names nobody lets nobody else approve in its place', () => {
  const nobody = policy('staging', { approval: { users: [], groups: [], count: 1 } });
  const { approval } = jointPolicy(policy('production', { approval: rule([ann]) }), [nobody]);
  // Everybody who is named anywhere agrees, and the set of nobody stays open.
  expect(shortOf(approval, [{ by: ann, sets: [1] }])).toBe(1);
  expect(openSets(approval, [{ by: ann, sets: [1] }])).toEqual(['staging']);
});

const window = (cron: string, hours: number, more = {}) => ({
  cron,
  durationMs: hours * hour,
  timeZone: 'UTC',
  ...more,
});
const weekdays = window('0 8 * * 1-5', 10);
const evenings = window('0 16 * * *', 4);
const at = (text: string) => Date.parse(`${text}:00Z`);

test('a merge waits until the windows of all of them are open at once', () => {
  const joint = jointPolicy(policy('production', { window: weekdays }), [
    policy('staging', { window: evenings }),
    policy('dev'),
  ]);
  // Monday, 8 to 18 and 16 to 20: 16 to 18.
  expect(mergeHours(joint, at('2026-11-23T10:00'))).toEqual({
    open: false,
    because: 'window',
    opensAt: at('2026-11-23T16:00'),
  });
  expect(mergeHours(joint, at('2026-11-23T17:59'))).toEqual({ open: true });
  // Friday evening is too late for one of them, and Saturday's for the other.
  expect(mergeHours(joint, at('2026-11-27T18:00'))).toMatchObject({
    open: false,
    opensAt: at('2026-11-30T16:00'),
  });
});

test('windows that never meet are never open, and no time is promised', () => {
  const joint = jointPolicy(policy('production', { window: weekdays }), [
    policy('staging', { window: window('0 19 * * *', 2) }),
  ]);
  expect(mergeHours(joint, at('2026-11-23T10:00'))).toEqual({ open: false, because: 'window' });
});

test('what one wants to end inside its window ends before any of them does', () => {
  const joint = jointPolicy(policy('production', { window: weekdays }), [
    policy('staging', { window: { ...evenings, finishBefore: true } }),
  ]);
  const hours = (forecastMs: number) => mergeHours(joint, at('2026-11-23T16:30'), { forecastMs });
  expect(hours(hour)).toEqual({ open: true });
  expect(hours(1.75 * hour)).toEqual({
    open: false,
    because: 'forecast',
    opensAt: at('2026-11-24T16:00'),
  });
  expect(hours(3 * hour)).toEqual({ open: false, because: 'forecast' });
});

test('the same window twice is one, and the stricter end of several holds', () => {
  const same = jointPolicy(policy('production', { window: weekdays }), [
    policy('staging', { window: { ...weekdays } }),
  ]);
  expect(same.alsoWithin).toBeUndefined();
  const ends = jointPolicy(policy('production', { window: { ...weekdays, onEnd: 'ask' } }), [
    policy('staging', { window: { ...evenings, onEnd: 'brake' } }),
  ]);
  expect(onWindowEnd(ends)).toBe('brake');
});

test('the first window to open says when, whatever two windows are asked about', () => {
  const recurrence = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 20 }))
    .map(([start, hours]) => window(`0 ${start} * * *`, hours));
  fc.assert(
    fc.property(recurrence, recurrence, fc.nat(7 * 24 * 60), (one, other, minutes) => {
      const now = at('2026-11-23T00:00') + minutes * minute;
      const joint = jointPolicy(policy('b', { window: one }), [policy('a', { window: other })]);
      const isOpen = (time: number) =>
        [one, other].every((each) => mergeHours({ window: each }, time).open);
      const hours = mergeHours(joint, now);
      expect(hours.open).toBe(isOpen(now));
      if (hours.open) return;
      if (hours.opensAt !== undefined) expect(isOpen(hours.opensAt)).toBe(true);
      // All of them begin on the hour, so this finds the first.
      const first = Array.from({ length: 49 }, (_, i) => Math.ceil(now / hour) * hour + i * hour);
      expect(hours.opensAt).toBe(first.find(isOpen));
    }),
  );
});

test('a wave goes on without its tail only where all of them let it, by the stricter figures', () => {
  const finish = { atLeast: 0.9, patienceMs: hour };
  const last = policy('production', { finish: { atLeast: 0.8, patienceMs: 2 * hour } });
  expect(jointPolicy(last, [policy('staging', { finish })]).finish).toEqual({
    atLeast: 0.9,
    patienceMs: 2 * hour,
  });
  expect(jointPolicy(last, [policy('staging')]).finish).toBeUndefined();
});

const lane = (users: readonly (typeof ann)[], more = {}) => ({ ...rule(users, 2), ...more });

test('the fast lane shortens no more than every environment lets it', () => {
  const joint = jointPolicy(
    policy('production', {
      minimumAgeMs: 4 * hour,
      soakMs: 4 * hour,
      cadence: 'weekly',
      expedite: lane([ann, bo], { minimumAgeMs: 0, soakMs: 0, skipsCadence: true }),
    }),
    [
      policy('staging', {
        minimumAgeMs: 2 * hour,
        soakMs: 2 * hour,
        expedite: lane([bo, ann], { soakMs: hour }),
      }),
    ],
  );
  expect(joint.expedite).toEqual({
    ...lane([bo, ann]),
    minimumAgeMs: 2 * hour,
    soakMs: hour,
    skipsCadence: true,
  });
});

test('what one environment lets nobody shorten or skip stays', () => {
  const joint = jointPolicy(
    policy('production', {
      minimumAgeMs: hour,
      cadence: 'weekly',
      expedite: lane([ann, bo], { minimumAgeMs: 0, soakMs: 0, skipsCadence: true }),
    }),
    [
      policy('staging', {
        minimumAgeMs: hour,
        cadence: 'weekly',
        expedite: lane([ann, bo]),
      }),
    ],
  );
  expect(joint.expedite).toEqual(lane([ann, bo]));
});

test.each([
  { what: 'an environment has none', other: {} },
  { what: 'no two people are named by all', other: { expedite: lane([ann]) } },
])('there is no fast lane where $what', ({ other }) => {
  const fast = { expedite: lane([ann, bo], { minimumAgeMs: 0 }) };
  const joint = jointPolicy(policy('production', fast), [policy('staging', other)]);
  expect(joint).not.toHaveProperty('expedite');
  const turned = jointPolicy(policy('production', other), [policy('staging', fast)]);
  expect(turned).not.toHaveProperty('expedite');
});

test('where only some leave it to GitHub, the others approve in Slack and people merge', () => {
  const inGitHub = { pullRequest: { merge: 'in-github' } } as const;
  const all = jointPolicy(policy('production', inGitHub), [policy('staging', inGitHub)]);
  expect(all).toMatchObject({ mode: 'merge', ...inGitHub });
  const some = jointPolicy(policy('production', { approval: rule([bo]) }), [
    policy('staging', { ...inGitHub, approval: rule([ann]) }),
  ]);
  expect(some).toMatchObject({ mode: 'propose', approval: { users: [bo] } });
  expect(some).not.toHaveProperty('pullRequest');
});

test('somebody presses Merge where one of them wants it, and it is open early where all of them do', () => {
  const early = { open: 'on-detection' } as const;
  const byButton = policy('production', { pullRequest: { ...early, merge: 'by-button' } });
  expect(jointPolicy(byButton, [policy('staging')]).pullRequest).toEqual({ merge: 'by-button' });
  const both = jointPolicy(byButton, [policy('staging', { pullRequest: early })]);
  expect(both.pullRequest).toEqual({ ...early, merge: 'by-button' });
  expect(jointPolicy(policy('production'), [policy('staging')])).not.toHaveProperty('pullRequest');
});
