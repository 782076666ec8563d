import { expect, test } from 'vitest';
import { clustersOf, environmentPolicies } from '../../src/config/environment-policies.ts';
import { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import { day, hour, minute } from '../../src/shared/time.ts';
import { changed, configOf, minimal } from './minimal-config.ts';

test('an environment becomes its policy, defaults filled in', () => {
  const [staging, production] = environmentPolicies(configOf(minimal));
  expect(staging).toEqual({
    name: 'staging',
    after: [],
    mode: 'merge',
    approval: { users: ['U0ANN'], groups: [], count: 1 },
    recovery: { users: ['U0ANN'], groups: [], count: 1 },
    waves: ['rest'],
    soakMs: hour,
    stableForMs: 2 * minute,
    expiresMs: 7 * day,
    stallAfterMs: 30 * minute,
  });
  expect(EnvironmentPolicy.parse(production)).toEqual(production);
});

test('recovery is the approvers’ by default, one of them', () => {
  const [, production] = environmentPolicies(configOf(minimal));
  expect(production?.approval).toEqual({ users: ['U0ANN'], groups: ['S0OPS'], count: 2 });
  expect(production?.recovery).toEqual({ users: ['U0ANN'], groups: ['S0OPS'], count: 1 });
});

test('policies come in promotion order, and otherwise as written', () => {
  const config = configOf(
    changed(
      [
        '  - name: staging\n',
        '  - name: last\n    after: [production, side]\n    mode: observe\n  - name: staging\n',
      ],
      ['environments:\n', 'environments:\n  - name: side\n    mode: observe\n'],
      [
        'clusters:\n',
        "clusters:\n  - { name: l, environment: last, region: eu-west-1, kubernetes: '1.35' }\n  - { name: s, environment: side, region: eu-west-1, kubernetes: '1.35' }\n",
      ],
    ),
  );
  expect(environmentPolicies(config).map(({ name }) => name)).toEqual([
    'side',
    'staging',
    'production',
    'last',
  ]);
});

test('where nobody is asked, nobody may answer', () => {
  const config = configOf(
    changed(['    mode: merge\n    approval: { from: [U0ANN] }', '    mode: observe']),
  );
  expect(environmentPolicies(config)[0]).toMatchObject({
    approval: { users: [], groups: [], count: 1 },
    recovery: { users: [], groups: [], count: 1 },
  });
});

test('an environment has the clusters that name it', () => {
  const config = configOf(minimal);
  expect(clustersOf(config, 'production').map(({ name }) => name)).toEqual(['prod-1', 'prod-2']);
  expect(clustersOf(config, 'nowhere')).toEqual([]);
});
