import { demo } from './demo-world.ts';

/** Where the stand-ins listen, and what opens them. Secrets come by the environment, as in a real deployment. */
export type DemoEndpoints = {
  readonly slackApi: string;
  readonly github: string;
  readonly githubAppId: string;
  readonly aws: string;
  readonly dynamodb: string;
  /** Where pages are posted. */
  readonly paging: string;
  readonly feeds: {
    readonly amazonLinux: string;
    readonly bottlerocket: string;
    readonly exploited: string;
    readonly coreKit: string;
    readonly kernelKit: string;
  };
  /** API server and token variable by cluster. */
  readonly clusters: ReadonlyMap<
    string,
    { readonly server: string; readonly tokenVariable: string }
  >;
};

/** The `amiable.yaml` of the sandbox: a complete one, of which only endpoints and paces differ from a real one. */
export function demoConfig(endpoints: DemoEndpoints): string {
  const clusters = demo.clusters
    .map(({ name, environment, region }) => {
      const api = endpoints.clusters.get(name);
      return `  - name: ${name}
    environment: ${environment}
    region: ${region}
    api: { server: "${api?.server}", token: "\${${api?.tokenVariable}}" }
    argocd: { application: karpenter-${name}, syncNodeClass: true }`;
    })
    .join('\n');
  return `version: 1
fleet: acme
slack:
  mode: socket
  botToken: \${SLACK_BOT_TOKEN}
  appToken: \${SLACK_APP_TOKEN}
  channel: ${demo.channel.id}
  apiUrl: ${endpoints.slackApi}
github:
  appId: ${endpoints.githubAppId}
  privateKey: \${GITHUB_PRIVATE_KEY}
  webhookSecret: \${GITHUB_WEBHOOK_SECRET}
  apiUrl: ${endpoints.github}
aws:
  region: eu-west-1
  endpoint: ${endpoints.aws}
  credentials: { accessKeyId: "\${AWS_KEY_ID}", secretAccessKey: "\${AWS_SECRET}" }
analysis:
  notes: awslabs/amazon-eks-ami
  kitNotes:
    core: ${endpoints.feeds.coreKit}
    kernel: ${endpoints.feeds.kernelKit}
  advisories:
    amazonLinux: ${endpoints.feeds.amazonLinux}
    bottlerocket: ${endpoints.feeds.bottlerocket}
    exploited: ${endpoints.feeds.exploited}
  bedrock:
    enabled: true
    model: anthropic.sandbox-model-v1
    guardrail: { id: sandboxguard, version: 1 }
    timeout: 5s
store: { table: amiable, endpoint: ${endpoints.dynamodb} }
repositories:
  - repository: ${demo.repository}
    branch: ${demo.branch}
    files: ["clusters/{environment}/{cluster}/karpenter/*.yaml"]
clusters:
${clusters}
environments:
  - name: staging
    mode: merge
    waves: [rest]
    approval: { from: [S0PLATFORM, S0SRE], count: 2 }
    soak: 10m
    stableFor: 1m
    expires: 3d
    stallAfter: 30m
  - name: production
    after: [staging]
    mode: merge
    waves: [{ clusters: 1 }, rest]
    approval: { from: [S0PLATFORM, S0SRE], count: 2 }
    recovery: { from: [S0SRE], count: 1 }
    soak: 10m
    stableFor: 1m
    expires: 3d
    stallAfter: 30m
people:
  - { slack: U0ANN, aws: ["arn:aws:sts::111122223333:assumed-role/amiable/sandbox"] }
detection: { every: 15m, jitter: 10s }
digest: { at: "Mon 09:00", timeZone: Europe/Berlin }
page: { kind: webhook, url: "${endpoints.paging}", token: "\${PAGE_TOKEN}" }
server: { port: 0, host: 127.0.0.1 }
log: { level: info }
paces: { githubWriteSpacing: 0s, slackReconnect: 1s }
`;
}
