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
  expect(lines.at(-1)).toMatch(/^All 27 things work\. Next: amiable serve --config \//);
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

test('a region where nothing tells of the vCPU quota is named, once for all its clusters', async () => {
  const { aws } = demo.standIns;
  const toldWith = async (vcpu: Parameters<typeof aws.putVcpu>[2]) => {
    aws.putVcpu('us-east-1', 'Standard/OnDemand', vcpu);
    const { code, out } = await demo.run(['doctor', '--config', demo.config()]);
    const lines = out.split('\n').filter((line) => line.includes('AWS: room for new nodes'));
    return { code, lines };
  };
  const fine = 'ok       AWS: room for new nodes in eu-west-1';
  expect(await toldWith({ running: [8], quota: 'Forbidden' })).toEqual({
    code: 0,
    lines: [
      fine,
      'note     AWS: room for new nodes in us-east-1: CloudWatch tells no vCPU quota Standard/OnDemand, so forecasts do not check it',
    ],
  });
  const refused = await toldWith({ running: [8] });
  expect(refused.code).toBe(1);
  expect(refused.lines[1]).toMatch(/^missing {2}AWS: room for new nodes in us-east-1: .*quota/);
  expect((await toldWith({ running: [8], quota: 64 })).code).toBe(0);
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
    `4 of 27 things are missing, 3 could not be tried. Mend them, then: amiable doctor --config ${file}`,
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
