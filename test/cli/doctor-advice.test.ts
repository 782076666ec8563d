import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { demo as demoWorld } from '../../src/sandbox/demo-world.ts';
import { standInApp } from '../../src/sandbox/slack/workspace.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';
import { troublesIn } from './troubles-in.ts';

removeFoldersAfterAll();

// Slack grants few calls a minute for each kind: these have a workspace of their own, and no waits.
let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
beforeAll(async () => {
  demo = await startDemoDeployment();
});
afterAll(() => demo.close());

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
  expect(err).toMatch(/^1 of 27 things is missing, \d could not be tried\. Mend it, then: /);
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
  // Records and Bedrock, the images of each cluster, and the room for new nodes in each region.
  const regions = new Set(demoWorld.clusters.map(({ region }) => region));
  expect(told).toHaveLength(2 + demoWorld.clusters.length + regions.size);
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
