import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { demo as demoWorld } from '../../src/sandbox/demo-world.ts';
import { standInApp } from '../../src/sandbox/slack/workspace.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

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
  expect(lines.at(-1)).toMatch(/^All 25 things work\. Next: amiable serve --config \//);
  expect(lines.slice(0, -1).every((line) => line.startsWith('ok       '))).toBe(true);
  expect(lines.slice(0, -1)).toEqual(lines.slice(0, -1).toSorted());
});

test('required reviews are nothing that is missing, and people are told that they are asked twice', async () => {
  const repository = demo.standIns.github.repository('acme/gitops');
  repository.protect({ rulesetReviews: 1 });
  const { code, out } = await demo.run(['doctor', '--config', demo.config()]);
  repository.protect({ rulesetReviews: 0 });
  expect(code).toBe(0);
  expect(out).toMatch(
    /^note {5}GitHub: reviews that acme\/gitops main requires: a ruleset asks for 1, so people are asked twice.*merge: in-github.* in staging, production they are asked once, there$/m,
  );
});

test('an alarm that does not exist is missing, and one without data is none of its business', async () => {
  demo.standIns.aws.putAlarm('eu-west-1', {
    name: 'quiet-staging-eu-1',
    type: 'MetricAlarm',
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
  });
  const health = (alarm: string) =>
    `- name: staging\n    health:\n      cloudwatch: [{ name: errors, alarm: ${alarm}-$cluster, region: eu-west-1 }]\n`;
  const ofAlarm = async (alarm: string) => {
    const file = demo.config(['- name: staging\n', health(alarm)]);
    const { code, out } = await demo.run(['doctor', '--config', file]);
    return { code, line: out.split('\n').find((line) => line.includes('Alarms: ')) };
  };
  expect(await ofAlarm('quiet')).toEqual({
    code: 0,
    line: 'ok       Alarms: staging, staging-eu-1',
  });
  expect(await ofAlarm('no-such')).toEqual({
    code: 1,
    line: 'missing  Alarms: staging, staging-eu-1: errors was not found (CloudWatch)',
  });
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
    /^missing {2}records: table elsewhere: there is no such table \(/m,
    /^advice {3}amiable table create makes the table\.$/m,
    /^missing {2}Slack: people who may stop of production: nobody who counts is found for S0NOBODY: /m,
    /^missing {2}GitHub: acme\/gitops trunk: there is no branch trunk/m,
    /^missing {2}Kubernetes: prod-us-1: .*401/m,
    /^skipped {2}Argo CD: karpenter-prod-us-1 for prod-us-1: not checked without Kubernetes: prod-us-1$/m,
    /^skipped {2}GitHub: pins in the watched files: not checked without GitHub: acme\/gitops trunk$/m,
  ])
    expect(out).toMatch(line);
  expect(err).toBe(
    `4 of 25 things are missing, 3 could not be tried. Mend them, then: amiable doctor --config ${file}`,
  );
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
  expect(out).toContain('ok       AWS: images for prod-us-1 (us-east-1, as EKS says)');
  expect(out).toMatch(/^missing {2}Kubernetes: prod-eu-1: .*401/m);
});

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

/** The lines that are not in order, as they are printed. */
const troublesIn = (out: string) =>
  out.split('\n').filter((line) => /^(missing|skipped) /.test(line));

test('without the bot in the home channel, exactly that is missing', async () => {
  const { slack } = demo.standIns;
  const [channel] = slack.workspace.channels();
  if (channel === undefined) throw new Error('The demo has no channel');
  const ask = async () => {
    const { out } = await demo.run(['doctor', '--config', demo.config()]);
    return troublesIn(out);
  };
  const place = `missing  Slack: channel ${channel.id}`;
  slack.workspace.setChannel({
    ...channel,
    members: channel.members.filter((id) => id !== standInApp.botUserId),
  });
  expect(await ask()).toEqual([`${place}: the bot is not in it: write /invite @amiable there`]);
  slack.workspace.setChannel({ ...channel, isArchived: true });
  expect(await ask()).toEqual([`${place}: it is archived`]);
  slack.workspace.setChannel(channel);
  const file = demo.config([`channel: ${channel.id}`, 'channel: C0NOWHERE']);
  const { out } = await demo.run(['doctor', '--config', file]);
  expect(troublesIn(out)).toEqual([
    'missing  Slack: channel C0NOWHERE: there is no such channel, or it is private and the bot is not in it',
  ]);
});

test("an owner's channel that the bot is not in is missing", async () => {
  const owners = 'owners: [{ namespaces: [payments], channel: C0PAYMENTS }]\ndetection:';
  const file = demo.config(['detection:', owners]);
  demo.standIns.slack.workspace.setChannel({ id: 'C0PAYMENTS', name: 'payments', members: [] });
  const { out } = await demo.run(['doctor', '--config', file]);
  expect(troublesIn(out)).toEqual([
    'missing  Slack: channel C0PAYMENTS: the bot is not in it: write /invite @amiable there',
  ]);
});

test('a bot token that Slack refuses is one line, with what to do', async () => {
  const { out, err } = await demo.run(['doctor', '--config', demo.config()], {
    SLACK_BOT_TOKEN: 'xoxb-revoked',
  });
  const [missing, ...more] = troublesIn(out).toReversed();
  expect(missing).toBe('missing  Slack: the bot token: Slack refused auth.test: invalid_auth');
  expect(more.length).toBeGreaterThan(2);
  for (const line of more)
    expect(line).toMatch(/^skipped .*not checked without Slack: the bot token$/);
  expect(out).toMatch(/^advice {3}Slack: slack\.botToken is the Bot User OAuth Token/m);
  expect(err).toMatch(/^1 of 25 things is missing, \d could not be tried\. Mend it, then: /);
});

test('a repository where the App is not installed is one line, without doubled names', async () => {
  demo.standIns.github.seedRepository({ name: 'acme/other', installed: false, files: {} });
  const file = demo.config([`repository: acme/gitops`, `repository: acme/other`]);
  const { out } = await demo.run(['doctor', '--config', file]);
  expect(troublesIn(out)).toEqual([
    'skipped  GitHub: pins in the watched files: not checked without GitHub: acme/other main',
    'skipped  GitHub: reviews that acme/other main requires: not checked without GitHub: acme/other main',
    "missing  GitHub: acme/other main: finding the GitHub App's installation on acme/other: the App is not installed there",
  ]);
  expect(out).toMatch(/^advice {3}GitHub: install the GitHub App on each repository/m);
});

test('a context that the kubeconfig lacks is one line, without doubled names', async () => {
  const path = kubeconfigFor({ here: { server: 'https://127.0.0.1:9', token: 'none' } });
  const api = /api: .*TOKEN_PROD_US_1.*/.exec(demo.text)?.[0] ?? '';
  const file = demo.config([api, `api: { kubeconfig: ${path}, context: gone }`]);
  const { out } = await demo.run(['doctor', '--config', file]);
  expect(troublesIn(out)).toEqual([
    'skipped  Argo CD: karpenter-prod-us-1 for prod-us-1: not checked without Kubernetes: prod-us-1',
    'missing  Kubernetes: prod-us-1: GET /version failed: the kubeconfig has no context gone',
  ]);
  expect(out).toMatch(/^advice {3}Kubernetes: kubectl config get-contexts/m);
});

test('without AWS credentials the cause is told for each read, and the advice once', async () => {
  const credentials = /^ {2}credentials: .*\n/m.exec(demo.text)?.[0] ?? '';
  const file = demo.config([credentials, '']);
  const home = temporaryFolder();
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of [
    'AWS_PROFILE',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'credentials'));
  const { out } = await demo.run(['doctor', '--config', file]);
  vi.unstubAllEnvs();
  const told = troublesIn(out).filter((line) => line.startsWith('missing'));
  expect(told).toHaveLength(2 + demoWorld.clusters.length);
  for (const line of told) expect(line).toContain('Could not load credentials from any providers');
  expect(out.match(/^advice/gm)).toHaveLength(1);
  expect(out).toMatch(/^advice {3}AWS credentials: set AWS_PROFILE/m);
});

test.for([
  [
    'a guardrail',
    ['id: sandboxguard', 'id: othersguard'],
    /^missing {2}Bedrock: guardrail othersguard: /,
  ],
  [
    'a table',
    ['table: amiable', 'table: other'],
    /^missing {2}records: table other: there is no such table /,
  ],
] as const)('%s that is not there is one line', async ([, change, line]) => {
  const { out } = await demo.run(['doctor', '--config', demo.config(change)]);
  const told = troublesIn(out);
  expect(told.filter((one) => one.startsWith('missing'))).toHaveLength(1);
  expect(told.at(-1)).toMatch(line);
});
