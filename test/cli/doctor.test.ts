import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
beforeAll(async () => {
  demo = await startDemoDeployment();
});
afterAll(() => demo.close());

test('in a healthy world everything works, and it exits 0', async () => {
  const { code, out, err } = await demo.run(['doctor', '--config', demo.config()]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const lines = out.split('\n');
  expect(lines.at(-1)).toBe('All 21 things work.');
  expect(lines.slice(0, -1).every((line) => line.startsWith('ok       '))).toBe(true);
});

test('it changes nothing', async () => {
  const { slack, github } = demo.standIns;
  let changes = 0;
  const ignore = slack.onChange(() => {
    changes += 1;
  });
  const pulls = github.pulls().length;
  await demo.run(['doctor', '--config', demo.config()]);
  ignore();
  expect(changes).toBe(0);
  expect(github.pulls()).toHaveLength(pulls);
});

test('all that is missing is named at once, and it exits 1', async () => {
  const file = demo.config(
    ['branch: main', 'branch: trunk'],
    ['from: [S0SRE], count: 1', 'from: [S0SRE, S0NOBODY], count: 1'],
    ['table: amiable', 'table: elsewhere'],
  );
  const { code, out, err } = await demo.run(['doctor', '--config', file], {
    TOKEN_PROD_US_1: 'expired',
  });
  expect(code).toBe(1);
  for (const line of [
    /^missing {2}records: table elsewhere: there is no such table: make it with amiable table create/m,
    /^missing {2}Slack: people who may stop of production: nobody who counts is found for S0NOBODY: /m,
    /^missing {2}GitHub: acme\/gitops trunk: there is no branch trunk/m,
    /^missing {2}Kubernetes: prod-us-1: .*401/m,
    /^missing {2}Argo CD: karpenter-prod-us-1 for prod-us-1: .*401/m,
  ])
    expect(out).toMatch(line);
  expect(err).toBe('6 of 21 things are missing.');
});

test('a model past its end of life, and a feed that does not answer, are named', async () => {
  const { aws, faults } = demo.standIns;
  aws.putModel('anthropic.sandbox-model-v1', 'end-of-life');
  faults.aws.order({ service: 'aws', kind: 'error-500', match: 'Feed GET /updateinfo', times: 1 });
  const { code, out } = await demo.run(['doctor', '--config', demo.config()]);
  aws.putModel('anthropic.sandbox-model-v1', 'granted');
  expect(code).toBe(1);
  expect(out).toMatch(
    /^missing {2}Bedrock: anthropic\.sandbox-model-v1: it is past its end of life/m,
  );
  expect(out).toMatch(/^missing {2}advisories of Bottlerocket: .*answered 503/m);
  expect(out).toMatch(/^ok {7}advisories of Amazon Linux$/m);
});

test('a bot token that Slack refuses keeps nothing else from being tried', async () => {
  const { code, out } = await demo.run(['doctor', '--config', demo.config()], {
    SLACK_BOT_TOKEN: 'xoxb-revoked',
    TOKEN_PROD_EU_1: 'expired',
  });
  expect(code).toBe(1);
  expect(out).toMatch(/^missing {2}Slack: the bot token: .*invalid_auth/m);
  expect(out).toContain('ok       GitHub: acme/gitops main');
  expect(out).toContain('ok       AWS: images for prod-us-1 (us-east-1, 1.35)');
  expect(out).toMatch(/^missing {2}Kubernetes: prod-eu-1: .*401/m);
});

test('an environment that only observes needs no approvers', async () => {
  const file = demo.config([
    'mode: merge\n    waves: [rest]\n    approval: { from: [S0PLATFORM, S0SRE], count: 2 }',
    'mode: observe\n    waves: [rest]',
  ]);
  const { code, out } = await demo.run(['doctor', '--config', file]);
  expect(code).toBe(0);
  expect(out).not.toContain('of staging');
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
    ['argocd: { application: karpenter-prod-eu-1 }', 'argocd: { application: gone }'],
    [`region: us-east-1\n    kubernetes: "1.35"`, `region: us-east-1\n    kubernetes: "1.30"`],
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
