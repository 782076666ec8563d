import { expect, test } from 'vitest';
import { jointPolicy } from '../../src/rollout/joint-policy.ts';
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

test('what one policy approves by itself the other still asks people about', () => {
  const free = policy('staging', {
    approval: { users: [], groups: [], count: 1, automatic: 'always' },
  });
  const joint = jointPolicy(policy('production', { approval: rule([ann]) }), [free]);
  expect(joint.approval).toMatchObject({ count: 1, sets: [{ name: 'production', users: [ann] }] });
  expect(joint.approval.automatic).toBeUndefined();
  expect(jointPolicy({ ...free, name: 'production' }, [free]).approval).toEqual(free.approval);
});
