import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts';
import { createTable } from '../../src/adapters/dynamodb/create-table.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { startService } from '../../src/main.ts';
import { demoConfig } from '../../src/sandbox/demo-config.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { type ServiceChild, serviceChild } from '../../src/sandbox/service-child.ts';
import { demoSecrets, startStandIns } from '../../src/sandbox/stand-ins.ts';
import { createStateReader, type SandboxState } from '../../src/sandbox/state.ts';
import { clockOf } from '../../src/shared/clock.ts';
import type { EffectObserver } from '../../src/workflow/effect.ts';
import { keptLog } from '../adapters/slack/bolt-fixture.ts';

const channel = demo.channel.id;

export type Replicas = Awaited<ReturnType<typeof startReplicas>>;

/** The demonstration's outside systems, and so many services on one table, all in this process. */
export async function startReplicas({
  count = 2,
  speed = 120,
  http = false,
  edit = (text) => text,
  onEffect,
}: {
  readonly count?: number;
  /** How many times faster than real time. */
  readonly speed?: number;
  /** Slack sends signed requests, to one replica after the other, instead of using sockets. */
  readonly http?: boolean;
  /** Changes the configuration. */
  readonly edit?: (text: string) => string;
  readonly onEffect?: EffectObserver;
} = {}) {
  const realStart = Date.now();
  const setting = { speed, realStart, virtualStart: realStart };
  const clock = clockOf(setting);
  const ports: number[] = [];
  let turn = 0;
  const nextUrl = () => {
    turn += 1;
    return `http://127.0.0.1:${ports[turn % ports.length]}/slack/events`;
  };
  const standIns = await startStandIns({
    clock,
    slackDelivery: http ? { requestUrl: nextUrl } : 'socket',
  });
  const { credentials } = standIns.aws;
  const dynamodb = standIns.dynamodb.url;
  const table = createDynamoClient({ region: 'eu-west-1', endpoint: dynamodb, credentials });
  await createTable(table, 'amiable', clock);
  table.destroy();

  const secrets: Record<string, string> = {
    SLACK_BOT_TOKEN: demoSecrets.slackBotToken,
    SLACK_APP_TOKEN: demoSecrets.slackAppToken,
    SLACK_SIGNING_SECRET: demoSecrets.slackSigningSecret,
    GITHUB_PRIVATE_KEY: standIns.github.privateKey,
    GITHUB_WEBHOOK_SECRET: demoSecrets.githubWebhookSecret,
    PAGE_TOKEN: demoSecrets.pageToken,
    AWS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET: credentials.secretAccessKey,
  };
  const clusters = new Map(
    demo.clusters.map(({ name }) => {
      const tokenVariable = `TOKEN_${name.toUpperCase().replaceAll('-', '_')}`;
      secrets[tokenVariable] = standIns.kubernetes.token(name);
      return [name, { server: standIns.kubernetes.serverUrl(name), tokenVariable }] as const;
    }),
  );
  const text = demoConfig({
    slackApi: standIns.slack.url,
    github: standIns.github.url,
    githubAppId: String(standIns.github.appId),
    aws: standIns.aws.endpoint,
    dynamodb,
    paging: standIns.paging.url,
    feeds: standIns.feeds,
    clusters,
  }).replaceAll('soak: 10m', 'soak: 2m');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own variables
  const appToken = 'appToken: ${SLACK_APP_TOKEN}';
  const signed = http
    ? text
        .replace('mode: socket', 'mode: http')
        .replace(
          appToken,
          appToken.replace('appToken', 'signingSecret').replace('APP_TOKEN', 'SIGNING_SECRET'),
        )
    : text;
  const edited = edit(signed);
  const parsed = parseConfig(edited, secrets);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { config } = parsed;

  const kept = keptLog();
  const fatal: Error[] = [];
  const effects: string[] = [];
  const lines: string[] = [];
  const services: Awaited<ReturnType<typeof startService>>[] = [];
  const start = async (): Promise<void> => {
    const service = await startService(config, {
      clock,
      log: kept.log,
      owner: `replica-${services.length + 1}`,
      onFatal: (error) => fatal.push(error),
      async onEffect(point, name, key) {
        if (point === 'before') effects.push(`${name} ${key}`);
        await onEffect?.(point, name, key);
      },
    });
    services.push(service);
    ports.push(service.port);
  };
  for (let i = 0; i < count; i += 1) await start();
  const folder = mkdtempSync(join(tmpdir(), 'amiable-replicas-'));
  const children: ServiceChild[] = [];
  const [first] = ports;
  if (first !== undefined)
    standIns.github.webhooks.deliverTo({
      url: `http://127.0.0.1:${first}/webhooks/github`,
      secret: demoSecrets.githubWebhookSecret,
    });
  const state = createStateReader({
    config,
    standIns,
    clock,
    speed: setting.speed,
    isRunning: () => true,
  });
  const { slack } = standIns;

  const until = async <T>(
    what: string,
    found: (now: SandboxState) => T | undefined | false,
    withinMs = 360_000,
  ): Promise<T> => {
    const end = Date.now() + withinMs;
    for (;;) {
      const now = await state();
      const value = found(now);
      if (value !== undefined && value !== false) return value;
      if (Date.now() > end) {
        const standing = JSON.stringify(now.rollouts, null, 1);
        throw new Error(
          `${what} did not come: ${standing}\n${kept.messages().slice(-15).join('\n')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const card = () =>
    slack.messages().find(({ blocks }) => /"rollout:/.test(JSON.stringify(blocks)));
  const press = (user: string, verb: string) =>
    slack.click({ user, messageTs: card()?.ts ?? '', actionId: `rollout:${verb}` });

  const environmentOf = (now: SandboxState, wanted: string) =>
    now.rollouts[0]?.environments.find(({ name }) => name === wanted);
  const asks = async (environment: string): Promise<void> => {
    await until(
      `${environment} asks`,
      (now) => environmentOf(now, environment)?.phase === 'awaiting-approval',
    );
    await until('its button', () =>
      JSON.stringify(card()?.blocks ?? []).includes(`Approve ${environment}`),
    );
  };
  const decided = (environment: string) =>
    until(`${environment} is approved`, (now) => {
      const found = environmentOf(now, environment);
      return found !== undefined && found.phase !== 'awaiting-approval' && found;
    });

  return {
    standIns,
    clock,
    /** One more replica in this process. */
    start,
    /** A replica in a process of its own, which stops itself at an effect, such as `before:merge:1`. */
    startChild(stop: string): ServiceChild {
      const file = join(folder, 'amiable.yaml');
      writeFileSync(file, edited);
      const child = serviceChild({
        command: () => [
          process.execPath,
          ...['--import', 'tsx', 'src/cli.ts', 'sandbox-service', '--config', file],
          ...['--clock', JSON.stringify(setting), '--stop', stop],
        ],
        env: { PATH: process.env['PATH'], ...secrets },
        restart: false,
        onLine: (line) => lines.push(line),
      });
      children.push(child);
      child.start();
      return child;
    },
    /** What children logged. */
    lines,
    ports,
    effects,
    fatal,
    log: kept,
    state,
    until,
    card,
    press,
    type: (user: string, said: string) =>
      slack.command({ user, command: '/ami', text: said, channel }),
    /** Both approvers of an environment press, once it asks. */
    async approve(environment: string): Promise<void> {
      await asks(environment);
      await press('U0ANN', 'approve');
      await press('U0BO', 'approve');
      await decided(environment);
    },
    asks,
    decided,
    /** What must be so at the end of every rollout, whatever happened on the way. */
    async finished(): Promise<SandboxState> {
      const end = await until('the end', (now) => now.rollouts[0]?.status === 'complete' && now);
      await until('the card says so', () => /"Completed?:|complete/i.test(card()?.text ?? ''));
      return end;
    },
    async stop(): Promise<void> {
      await Promise.all(children.map((child) => child.kill()));
      await Promise.all(services.map((service) => service.stop()));
      rmSync(folder, { recursive: true });
      await standIns.close();
    },
  };
}
