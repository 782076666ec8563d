// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a configuration says
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts';
import { createTable } from '../../src/adapters/dynamodb/create-table.ts';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { startAwsStandIn } from '../../src/sandbox/aws/aws-stand-in.ts';
import { demoModel } from '../../src/sandbox/demo-model.ts';
import { demoNotes } from '../../src/sandbox/demo-notes.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { startDynamoStandIn } from '../../src/sandbox/dynamodb/stand-in.ts';
import { Faults } from '../../src/sandbox/faults.ts';
import { startGitHubStandIn } from '../../src/sandbox/github/start-github-stand-in.ts';
import { startSlackStandIn } from '../../src/sandbox/slack/start-slack-stand-in.ts';
import { standInApp } from '../../src/sandbox/slack/workspace.ts';
import { demoSecrets } from '../../src/sandbox/stand-ins.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { Clock } from '../../src/shared/time.ts';
import { day, minute } from '../../src/shared/time.ts';
import type { BenchCluster } from './bench-fleet.ts';
import {
  filesOf,
  newBottlerocket,
  newRelease,
  oldBottlerocket,
  oldRelease,
} from './bench-fleet.ts';

export const repositoryName = 'acme/gitops';

/** The stand-ins of a measured fleet, all but Kubernetes, with a configuration that names them. */
export async function startBenchStandIns({
  clock,
  clusters,
  slackDelivery = 'socket',
}: {
  readonly clock: Clock;
  readonly clusters: readonly BenchCluster[];
  readonly slackDelivery?: 'socket' | { readonly requestUrl: () => string };
}) {
  const aws = await startAwsStandIn({ clock, faults: new Faults('aws'), model: demoModel });
  const dynamodb = await startDynamoStandIn({ clock, faults: new Faults('dynamodb') });
  const github = await startGitHubStandIn({
    clock,
    faults: new Faults('github'),
    app: { id: 4711 },
  });
  const slack = await startSlackStandIn({
    clock,
    faults: new Faults('slack'),
    users: demo.users.map(({ id, name }) => ({ id, name, realName: name })),
    usergroups: demo.groups.map(({ id, name, users }) => ({ id, handle: name, name, users })),
    channels: [
      {
        id: demo.channel.id,
        name: demo.channel.name,
        members: [...demo.users.map(({ id }) => id), standInApp.botUserId],
      },
    ],
    botToken: demoSecrets.slackBotToken,
    appToken: demoSecrets.slackAppToken,
    signingSecret: demoSecrets.slackSigningSecret,
    delivery: slackDelivery,
  });
  const published = [
    { family: 'al2023', release: oldRelease, ago: 28 * day },
    { family: 'al2023', release: newRelease, ago: day },
    { family: 'bottlerocket', release: oldBottlerocket, ago: 30 * day },
    { family: 'bottlerocket', release: newBottlerocket, ago: 2 * day },
  ] as const;
  const variants = {
    al2023: ['standard', 'nvidia', 'neuron'],
    bottlerocket: ['standard', 'nvidia', 'fips', 'nvidia-fips'],
  } as const;
  for (const { family, release, ago } of published) {
    aws.publish({
      family,
      release,
      minors: [...new Set(clusters.map(({ kubernetes }) => kubernetes))],
      architectures: ['x86_64', 'arm64'],
      variants: variants[family],
      regions: [...new Set(clusters.map(({ region }) => region))],
      at: clock.now() - ago,
    });
  }
  aws.putModel('anthropic.sandbox-model-v1', 'granted');
  github
    .seedRepository({
      name: repositoryName,
      defaultBranch: 'main',
      files: { ...filesOf(clusters), 'README.md': 'What our clusters run.\n' },
      protection: {
        requiredChecks: ['validate'],
        requiredReviews: 0,
        allowedMergeMethods: ['squash'],
      },
      by: 'octocat',
    })
    .simulateChecks([
      { name: 'validate', durationMs: 2 * minute, outcome: 'success' },
      { name: 'lint', durationMs: minute, outcome: 'success' },
    ]);
  github
    .seedRepository({
      name: 'awslabs/amazon-eks-ami',
      installed: false,
      files: { 'README.md': '' },
    })
    .seedReleases(
      demo.releases.map((release) => ({
        tag: release.tag,
        name: `AMI Release ${release.tag}`,
        body: demoNotes(release),
        publishedAt: clock.now() - (release.tag === newRelease ? 1 : 28) * day,
      })),
    );
  const table = createDynamoClient({
    region: 'eu-west-1',
    endpoint: dynamodb.url,
    credentials: aws.credentials,
  });
  await createTable(table, 'amiable', systemClock);
  table.destroy();
  const endpoints = {
    slack: slack.url,
    github: github.url,
    aws: aws.endpoint,
    table: dynamodb.url,
  };
  const secrets = {
    SLACK_BOT_TOKEN: demoSecrets.slackBotToken,
    SLACK_APP_TOKEN: demoSecrets.slackAppToken,
    SLACK_SIGNING_SECRET: demoSecrets.slackSigningSecret,
    GITHUB_PRIVATE_KEY: github.privateKey,
    AWS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET: aws.credentials.secretAccessKey,
  };
  const text = configText(endpoints, clusters, slackDelivery === 'socket' ? 'socket' : 'http');
  return {
    aws,
    dynamodb,
    github,
    slack,
    secrets,
    text,
    config: parsed(text, secrets),
    async close() {
      await slack.close();
      await github.close();
      await dynamodb.close();
      await aws.close();
    },
  };
}

export type BenchStandIns = Awaited<ReturnType<typeof startBenchStandIns>>;

function parsed(text: string, secrets: Record<string, string>): Config {
  const read = parseConfig(text, secrets);
  if (!read.ok) throw new Error(`wrong configuration: ${JSON.stringify(read.errors)}`);
  return read.config;
}

/** An `amiable.yaml`; JSON is YAML too. */
function configText(
  endpoints: {
    readonly slack: string;
    readonly github: string;
    readonly aws: string;
    readonly table: string;
  },
  clusters: readonly BenchCluster[],
  mode: 'socket' | 'http',
): string {
  const approval = (count: number) => ({ from: ['S0SRE'], count });
  const environment = { mode: 'merge', soak: '10m', stableFor: '1m', stallAfter: '2h' };
  return JSON.stringify({
    version: 1,
    fleet: 'acme',
    slack: {
      mode,
      botToken: '${SLACK_BOT_TOKEN}',
      ...(mode === 'socket'
        ? { appToken: '${SLACK_APP_TOKEN}' }
        : { signingSecret: '${SLACK_SIGNING_SECRET}' }),
      channel: demo.channel.id,
      apiUrl: endpoints.slack,
    },
    github: {
      appId: '4711',
      privateKey: '${GITHUB_PRIVATE_KEY}',
      apiUrl: endpoints.github,
    },
    aws: {
      region: 'eu-west-1',
      endpoint: endpoints.aws,
      credentials: { accessKeyId: '${AWS_KEY_ID}', secretAccessKey: '${AWS_SECRET}' },
    },
    analysis: {
      notes: 'awslabs/amazon-eks-ami',
      advisories: { amazonLinux: 'off', bottlerocket: 'off' },
      bedrock: { enabled: true, model: 'anthropic.sandbox-model-v1', timeout: '5s' },
    },
    store: { table: 'amiable', endpoint: endpoints.table },
    repositories: [
      {
        repository: repositoryName,
        branch: 'main',
        files: ['clusters/{environment}/{cluster}/karpenter/*.yaml'],
      },
    ],
    clusters: clusters.map(({ name, environment: of, region, kubernetes }, i) => ({
      name,
      environment: of,
      region,
      kubernetes,
      // Never reached: clusters are played by the bench.
      api: { server: `https://127.0.0.1:${i + 1}`, token: `none-${i}` },
    })),
    environments: [
      { name: 'staging', waves: ['rest'], approval: approval(1), ...environment },
      {
        name: 'production',
        after: ['staging'],
        waves: [{ clusters: 1 }, 'rest'],
        approval: approval(2),
        ...environment,
      },
    ],
    detection: { every: '15m', jitter: '10s' },
    server: { port: 0, host: '127.0.0.1' },
    log: { level: 'warn' },
    paces: { githubWriteSpacing: '0s', slackReconnect: '1s' },
  });
}
