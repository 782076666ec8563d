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
    changed(
      ['    mode: merge\n    approval: { from: [U0ANN] }', '    mode: observe'],
      ['    after: [staging]\n', ''],
    ),
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

test('everything an environment may say reaches its policy, in milliseconds', () => {
  const text = changed([
    '    approval: { from: [U0ANN, S0OPS], count: 2 }',
    `    protected: true
    pullRequest: { open: on-detection, merge: by-button }
    approval:
      sets:
        - { name: platform, from: [U0ANN, S0OPS] }
        - { name: sre, from: [S0SRE], count: 2 }
    waves: [{ clusters: 1, soak: 4h }, { perRegion: 1 }, rest]
    maxClustersRolling: 3
    minimumAge: 2d
    cadence: weekly
    soak: { for: 1h, atLeast: { nodes: 3, nodeHours: 12 } }
    remindAfter: 1d
    validFor: 3d
    window: { cron: Mon-Thu 09:00, duration: 6h, timeZone: Europe/Berlin }
    onWindowEnd: ask
    freeze: [{ from: 12-18, to: 01-03, reason: peak }]
    expedite: { from: [S0SRE], minimumAge: 1h, soak: 10m, cadence: skip }`,
  ]);
  const [, production] = environmentPolicies(configOf(text));
  expect(production).toEqual({
    name: 'production',
    after: ['staging'],
    mode: 'merge',
    protected: true,
    pullRequest: { open: 'on-detection', merge: 'by-button' },
    approval: {
      users: ['U0ANN'],
      groups: ['S0OPS', 'S0SRE'],
      count: 3,
      sets: [
        { name: 'platform', users: ['U0ANN'], groups: ['S0OPS'], count: 1 },
        { name: 'sre', users: [], groups: ['S0SRE'], count: 2 },
      ],
    },
    recovery: { users: ['U0ANN'], groups: ['S0OPS', 'S0SRE'], count: 1 },
    waves: [{ clusters: 1, soakMs: 4 * hour }, { perRegion: 1 }, 'rest'],
    maxClustersRolling: 3,
    minimumAgeMs: 2 * day,
    cadence: 'weekly',
    soakMs: hour,
    soakAtLeast: { nodes: 3, nodeHours: 12 },
    stableForMs: 2 * minute,
    expiresMs: 7 * day,
    remindAfterMs: day,
    validForMs: 3 * day,
    window: {
      cron: '0 9 * * 1,2,3,4',
      durationMs: 6 * hour,
      timeZone: 'Europe/Berlin',
      finishBefore: true,
      onEnd: 'ask',
    },
    freezes: [{ from: '12-18', to: '01-03', timeZone: 'UTC', reason: 'peak' }],
    expedite: {
      users: [],
      groups: ['S0SRE'],
      count: 2,
      minimumAgeMs: hour,
      soakMs: 10 * minute,
      skipsCadence: true,
    },
    stallAfterMs: 30 * minute,
  });
  expect(EnvironmentPolicy.parse(production)).toEqual(production);
});

test('an automatic environment is approved by its policy, and by who may stop it where that may not', () => {
  const config = configOf(
    changed([
      'approval: { from: [U0ANN] }',
      'approval: automatic\n    recovery: { from: [S0OPS] }',
    ]),
  );
  expect(environmentPolicies(config)[0]?.approval).toEqual({
    users: [],
    groups: ['S0OPS'],
    count: 1,
    automatic: 'always',
  });
});

test('what GitHub decides is answered in Slack by who may stop it; the usual way is not in the policy', () => {
  const policyWith = (more: string) =>
    environmentPolicies(configOf(changed(['approval: { from: [U0ANN] }', more])))[0];
  expect(
    policyWith(
      'pullRequest: { merge: in-github, open: on-detection }\n    recovery: { from: [S0OPS] }',
    ),
  ).toMatchObject({
    pullRequest: { merge: 'in-github' },
    approval: { users: [], groups: ['S0OPS'], count: 1 },
  });
  const usual = 'approval: { from: [U0ANN] }';
  expect(policyWith(`${usual}\n    pullRequest: { merge: when-green, open: on-approval }`)).toEqual(
    policyWith(usual),
  );
});

test('a window of an unprotected environment may be left while nodes still move, unless it says otherwise', () => {
  const window = 'window: { cron: 09:00, duration: 6h }';
  const windowOf = (more: string) =>
    environmentPolicies(configOf(changed(['[U0ANN] }', `[U0ANN] }\n    ${window}${more}`])))[0]
      ?.window;
  expect(windowOf('')).not.toHaveProperty('finishBefore');
  expect(windowOf('\n    finishBefore: window')).toHaveProperty('finishBefore', true);
  expect(windowOf('\n    protected: true\n    finishBefore: none')).not.toHaveProperty(
    'finishBefore',
  );
});
