import { afterAll, beforeAll, expect, test } from 'vitest';
import { demo as demoWorld } from '../../src/sandbox/demo-world.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';
import { troublesIn } from './troubles-in.ts';

removeFoldersAfterAll();

// Slack grants few calls a minute for each kind: these have a workspace of their own, and no waits.
let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
beforeAll(async () => {
  demo = await startDemoDeployment();
});
afterAll(() => demo.close());

test('an environment that only observes needs no approvers', async () => {
  const file = demo.config([
    'mode: merge\n    waves: [{ clusters: 1 }, rest]\n    approval: { from: [S0PLATFORM, S0SRE], count: 2 }\n    recovery: { from: [S0SRE], count: 1 }',
    'mode: observe\n    waves: [{ clusters: 1 }, rest]',
  ]);
  const { code, out } = await demo.run(['doctor', '--config', file]);
  expect(code).toBe(0);
  expect(out).toContain('approvers of staging');
  expect(out).not.toContain('approvers of production');
});

test('more approvers than there are people are missed', async () => {
  const file = demo.config([
    'from: [S0PLATFORM, S0SRE], count: 2',
    'from: [S0SRE, U0GUEST], count: 3',
  ]);
  const { out } = await demo.run(['doctor', '--config', file]);
  // a guest never counts
  expect(out).toMatch(
    /^missing {2}Slack: approvers of staging: nobody who counts is found for U0GUEST: /m,
  );
  const few = demo.config([
    'from: [S0PLATFORM, S0SRE], count: 2',
    'from: [S0PLATFORM, S0SRE], count: 4',
  ]);
  expect((await demo.run(['doctor', '--config', few])).out).toContain(
    'missing  Slack: approvers of staging: 3 people count, 4 are needed',
  );
});

test('an Application that does not exist, and a cluster whose images nobody publishes, are missed', async () => {
  const file = demo.config(
    ['application: karpenter-prod-eu-1,', 'application: gone,'],
    ['region: us-east-1', `region: us-east-1\n    kubernetes: "1.30"`],
  );
  const { code, out } = await demo.run(['doctor', '--config', file]);
  expect(code).toBe(1);
  expect(out).toContain(
    'missing  Argo CD: gone for prod-eu-1: there is no Application argocd/gone',
  );
  expect(out).toContain(
    'missing  AWS: images for prod-us-1 (us-east-1, 1.30): no AL2023 image is published for it',
  );
});

test('what Argo CD says of who reads the files is compared also where no Application is named', async () => {
  const apis = [...demo.text.matchAll(/api: .*TOKEN_(?:STAGING|PROD)_EU_1.*/g)].map(([api]) => api);
  const [staging = '', production = ''] = apis;
  const file = demo.config(
    ...demoWorld.clusters.map(
      ({ name }) =>
        [`\n    argocd: { application: karpenter-${name}, syncNodeClass: true }`, ''] as const,
    ),
    // Two clusters taken for each other.
    [staging, 'api: first'],
    [production, staging],
    ['api: first', production],
  );
  const { code, out, err } = await demo.run(['doctor', '--config', file]);
  expect(code, err).toBe(1);
  expect(troublesIn(out)).toEqual([
    expect.stringMatching(
      /^missing {2}Argo CD: who reads the watched files: .*prod-eu-1: its Application reads none of its watched files; .*its Application reads clusters\/staging\/staging-eu-1\/karpenter\/nodeclass\.yaml, which is bound to staging: write \{pattern: …, environments: \[staging, production\]\}/,
    ),
  ]);
});

test('a hub of Argo CD that does not answer is said to stop all proposals', async () => {
  const [hub = '', ...others] = demoWorld.clusters.map(({ name }) => name);
  const file = demo.config(
    ...others.map((name) => [`application: karpenter-${name}`, `cluster: ${hub}`] as const),
  );
  const { faults } = demo.standIns;
  faults.kubernetes.order({
    ...{ service: 'kubernetes', kind: 'error-500', match: 'v1alpha1/applications' },
    times: 1,
  });
  const { out } = await demo.run(['doctor', '--config', file]);
  expect(out).toMatch(
    /^note {5}Argo CD: who reads the watched files: nothing is proposed or merged before Argo CD in staging-eu-1 answers$/m,
  );
});
