import { join } from 'node:path';
import type { Clock } from '../shared/time.ts';
import { day, minute } from '../shared/time.ts';
import { startAwsStandIn } from './aws/aws-stand-in.ts';
import { demoModel } from './demo-model.ts';
import { demoNotes } from './demo-notes.ts';
import { demo, demoAdvisories, demoEksCluster, demoManifest, demoPath } from './demo-world.ts';
import { startDynamoStandIn } from './dynamodb/stand-in.ts';
import type { Fault } from './faults.ts';
import { Faults } from './faults.ts';
import { startFeedsStandIn } from './feeds/feeds-stand-in.ts';
import { startGitHubStandIn } from './github/start-github-stand-in.ts';
import { subnetsOf } from './kubernetes/karpenter/node-class-controller.ts';
import { startKubernetesStandIn } from './kubernetes/kubernetes-stand-in.ts';
import { startPagingStandIn } from './paging/start-paging-stand-in.ts';
import { startSlackStandIn } from './slack/start-slack-stand-in.ts';
import { standInApp } from './slack/workspace.ts';

export type StandIns = Awaited<ReturnType<typeof startStandIns>>;

/** Secrets of the sandbox: made up, and handed to the service by its environment as real ones would be. */
export const demoSecrets = {
  slackBotToken: 'xoxb-sandbox-bot',
  slackAppToken: 'xapp-sandbox-app',
  slackSigningSecret: 'sandbox-signing-secret',
  githubWebhookSecret: 'sandbox-webhook-secret',
  pageToken: 'sandbox-page-token',
} as const;

/** Starts every outside system of the demonstration on loopback, with the demo fleet in it. */
export async function startStandIns({
  clock,
  dataDir,
  slackDelivery = 'socket',
}: {
  readonly clock: Clock;
  /** Absent: everything in memory. */
  readonly dataDir?: string;
  readonly slackDelivery?: 'socket' | { readonly requestUrl: string | (() => string) };
}) {
  const folder = (name: string) => (dataDir === undefined ? {} : { dataDir: join(dataDir, name) });
  const faults = {
    slack: new Faults('slack'),
    github: new Faults('github'),
    aws: new Faults('aws'),
    kubernetes: new Faults('kubernetes'),
    dynamodb: new Faults('dynamodb'),
    paging: new Faults('paging'),
  };
  const aws = await startAwsStandIn({
    clock,
    faults: faults.aws,
    model: demoModel,
    ...folder('aws'),
  });
  publishReleases(aws, clock);
  const feeds = await startFeedsStandIn({ faults: faults.aws, contents: demoAdvisories });
  const github = await startGitHubStandIn({
    clock,
    faults: faults.github,
    app: { id: 4711 },
    ...folder('github'),
  });
  seedGitHub(github, aws, clock);
  const kubernetes = await startKubernetesStandIn({
    clock,
    faults: faults.kubernetes,
    clusters: demo.clusters.map(({ name, region, nodes }) => ({
      name,
      region,
      kubernetes: demo.kubernetes,
      nodes: [{ nodePool: 'general', count: nodes, arch: 'x86_64' as const }],
      // infra/kubernetes/brake.yaml and argocd-sync.yaml are applied
      denied: [],
    })),
    argocd: {
      applications: demo.clusters.map(({ name, environment }) => ({
        name: `karpenter-${name}`,
        cluster: name,
        repoURL: `https://github.com/${demo.repository}.git`,
        path: demoPath(environment, name).replace(/\/[^/]+$/, ''),
        branch: demo.branch,
      })),
    },
    git: {
      head(repo, branch) {
        const sha = github.headOf(repo, branch);
        if (sha === undefined) throw new Error(`${repo} has no branch ${branch}`);
        return sha;
      },
      files: (repo, commit, pathPrefix) =>
        [...github.filesAt(repo, commit)]
          .filter(([path]) => path.startsWith(pathPrefix))
          .map(([path, content]) => ({ path, content })),
    },
    resolve: (question) => aws.resolve(question),
    ...folder('kubernetes'),
  });
  github.onPush(({ repository }) => kubernetes.notifyPush(repository));
  const dynamodb = await startDynamoStandIn({
    clock,
    faults: faults.dynamodb,
    ...folder('dynamodb'),
  });
  const slack = await startSlackStandIn({
    clock,
    faults: faults.slack,
    users: [
      ...demo.users.map((user) => ({
        id: user.id,
        name: user.name.split(' ')[0]?.toLowerCase() ?? user.id,
        realName: user.name,
        isRestricted: 'isGuest' in user,
        tz: 'Europe/Berlin',
      })),
    ],
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
    ...folder('slack'),
  });
  const paging = await startPagingStandIn({ faults: faults.paging, token: demoSecrets.pageToken });
  return {
    aws,
    feeds,
    github,
    kubernetes,
    dynamodb,
    slack,
    paging,
    faults,
    order(fault: Fault): void {
      faults[fault.service].order(fault);
    },
    async close(): Promise<void> {
      await slack.close();
      await kubernetes.close();
      await github.close();
      await aws.close();
      await feeds.close();
      await dynamodb.close();
      await paging.close();
    },
  };
}

/** The releases of the demonstration, the newest of them a few hours old. */
function publishReleases(aws: Awaited<ReturnType<typeof startAwsStandIn>>, clock: Clock): void {
  const ages = [28, 16, 0.25];
  for (const [i, { tag }] of demo.releases.entries()) {
    aws.publish({
      family: 'al2023',
      release: tag,
      minors: ['1.34', '1.35', '1.36'],
      architectures: ['x86_64', 'arm64'],
      variants: ['standard', 'nvidia', 'neuron'],
      regions: [...new Set(demo.clusters.map(({ region }) => region))],
      at: clock.now() - (ages[i] ?? 1) * day,
    });
  }
  for (const { name, region } of demo.clusters) {
    aws.putCluster(region, demoEksCluster(name, demo.kubernetes));
    for (const { id, zone } of subnetsOf(region)) aws.putSubnet(region, id, { zone, free: 240 });
    aws.putVcpu(region, 'Standard/OnDemand', { running: [412, 416], quota: 640 });
  }
  aws.putModel('anthropic.sandbox-model-v1', 'granted');
  aws.putGuardrail('eu-west-1', {
    id: 'sandboxguard',
    version: '1',
    blocks: [],
    message: 'blocked',
  });
}

/** The fleet's repository with its checks and protection, and the release notes of AWS. */
function seedGitHub(
  github: Awaited<ReturnType<typeof startGitHubStandIn>>,
  aws: Awaited<ReturnType<typeof startAwsStandIn>>,
  clock: Clock,
): void {
  const files = Object.fromEntries(
    demo.clusters.map(({ name, environment, region }, i) => {
      // One cluster pins an AMI id instead of an alias: both kinds are moved.
      const resolved = aws.resolve({
        region,
        kubernetes: demo.kubernetes,
        terms: [{ alias: `al2023@${demo.oldRelease}` }],
      });
      const image =
        i === demo.clusters.length - 1 && resolved !== 'unresolved'
          ? resolved.find((one) => one.name.includes('x86_64-standard'))
          : undefined;
      const pin = image === undefined ? { alias: `al2023@${demo.oldRelease}` } : { id: image.id };
      return [demoPath(environment, name), demoManifest(name, pin)];
    }),
  );
  github
    .seedRepository({
      name: demo.repository,
      defaultBranch: demo.branch,
      files: { ...files, 'README.md': '# acme/gitops\n\nWhat our clusters run.\n' },
      protection: {
        requiredChecks: ['validate'],
        requiredReviews: 0,
        allowedMergeMethods: ['squash', 'merge'],
      },
      by: 'octocat',
    })
    .simulateChecks([
      { name: 'validate', durationMs: 2 * minute, outcome: 'success' },
      { name: 'lint', durationMs: minute, outcome: 'success' },
    ]);
  const ages = [28, 16, 0.25];
  github
    .seedRepository({
      name: 'awslabs/amazon-eks-ami',
      installed: false,
      files: { 'README.md': '' },
    })
    .seedReleases(
      demo.releases.map((release, i) => ({
        tag: release.tag,
        name: `AMI Release ${release.tag}`,
        body: demoNotes(release),
        publishedAt: clock.now() - (ages[i] ?? 1) * day,
      })),
    );
}
