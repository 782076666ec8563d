import { join } from 'node:path';
import { createDynamoClient } from '../adapters/dynamodb/client.ts';
import { createTable } from '../adapters/dynamodb/create-table.ts';
import { parseConfig } from '../config/parse-config.ts';
import { prepareDataFolder } from './data-folder.ts';
import { demoConfig } from './demo-config.ts';
import { demo } from './demo-world.ts';
import { servePage } from './page-server.ts';
import { refuseTaken } from './refuse-taken.ts';
import { sandboxClock } from './sandbox-clock.ts';
import type { ServiceChild } from './service-child.ts';
import { serviceChild } from './service-child.ts';
import type { StandIns } from './stand-ins.ts';
import { demoSecrets, startStandIns } from './stand-ins.ts';
import { createStateReader } from './state.ts';
import { writeWhole } from './write-whole.ts';

/** How often the time is written down, in real ms. */
const keepEvery = 2_000;

/** A running sandbox: stand-ins and table in this process, the service in another. */
export type Sandbox = {
  readonly url: string;
  /** It goes on where an earlier run on the same data ended. */
  readonly goesOn: boolean;
  readonly standIns: StandIns;
  readonly service: ServiceChild;
  state(): Promise<Awaited<ReturnType<ReturnType<typeof createStateReader>>>>;
  stop(): Promise<void>;
};

/**
 * Starts everything the demonstration needs; nothing of it leaves this machine.
 * @throws SandboxDataError when `dataDir` is not a folder of the sandbox, or cannot be gone on from.
 */
export async function startSandbox({
  port = 0,
  speed = 60,
  dataDir,
  fresh = false,
  serviceCommand,
  serviceArguments = () => [],
  restart = true,
  onLine = () => {},
  environment,
}: {
  readonly port?: number;
  /** How many times faster than real time. */
  readonly speed?: number;
  readonly dataDir: string;
  /** Begins anew instead of going on where the last run ended. */
  readonly fresh?: boolean;
  /** Command line of the service, to which `--config … --clock …` is added. */
  readonly serviceCommand: readonly string[];
  /** More of it, asked for at each start, such as where the service is to crash. */
  readonly serviceArguments?: () => readonly string[];
  readonly restart?: boolean;
  readonly onLine?: (line: string) => void;
  /** What the service's environment holds beside its secrets. */
  readonly environment: NodeJS.ProcessEnv;
}): Promise<Sandbox> {
  await refuseTaken(dataDir);
  const goesOn = prepareDataFolder(dataDir, { fresh });
  const time = sandboxClock(speed, dataDir);
  const keepTime = () => time.keep(2 * keepEvery);
  keepTime();
  const { clock, setting } = time;
  const standIns = await startStandIns({ clock, dataDir });
  const credentials = standIns.aws.credentials;
  const table = createDynamoClient({
    region: 'eu-west-1',
    endpoint: standIns.dynamodb.url,
    credentials,
  });
  await createTable(table, 'amiable', clock);
  table.destroy();

  const secrets: Record<string, string> = {
    SLACK_BOT_TOKEN: demoSecrets.slackBotToken,
    SLACK_APP_TOKEN: demoSecrets.slackAppToken,
    GITHUB_PRIVATE_KEY: standIns.github.privateKey,
    GITHUB_WEBHOOK_SECRET: demoSecrets.githubWebhookSecret,
    PAGE_TOKEN: demoSecrets.pageToken,
    AWS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET: credentials.secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const clusters = new Map(
    demo.clusters.map(({ name }) => {
      const tokenVariable = `TOKEN_${name.toUpperCase().replaceAll('-', '_')}`;
      secrets[tokenVariable] = standIns.kubernetes.token(name);
      return [name, { server: standIns.kubernetes.serverUrl(name), tokenVariable }];
    }),
  );
  const text = demoConfig({
    slackApi: standIns.slack.url,
    github: standIns.github.url,
    githubAppId: String(standIns.github.appId),
    aws: standIns.aws.endpoint,
    dynamodb: standIns.dynamodb.url,
    paging: standIns.paging.url,
    feeds: standIns.feeds,
    clusters,
  });
  const configPath = join(dataDir, 'amiable.yaml');
  writeWhole(configPath, text);
  // For the command line beside it: made-up secrets, which open nothing but these stand-ins.
  writeWhole(join(dataDir, 'amiable.env'), environmentFile(secrets), 0o600);
  const parsed = parseConfig(text, secrets);
  if (!parsed.ok) {
    throw new Error(`The sandbox's own configuration is wrong: ${JSON.stringify(parsed.errors)}`);
  }
  const service = serviceChild({
    command: () => [
      ...serviceCommand,
      ...serviceArguments(),
      '--config',
      configPath,
      '--clock',
      JSON.stringify(setting),
    ],
    env: { ...environment, ...secrets },
    restart,
    onLine,
  });
  const read = createStateReader({
    config: parsed.config,
    standIns,
    clock,
    speed,
    isRunning: service.isRunning,
  });
  const page = await servePage({ standIns, state: read, port }).catch(async (cause: unknown) => {
    await standIns.close();
    throw cause;
  });
  service.start();
  const keeper = setInterval(keepTime, keepEvery);
  return {
    url: page.url,
    goesOn,
    standIns,
    service,
    state: read,
    async stop() {
      clearInterval(keeper);
      await service.stop();
      await page.close();
      await standIns.close();
      time.keep();
    },
  };
}

/** For a shell's `set -a; . FILE`, and for Node's `--env-file`; a key has several lines. */
function environmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${value.replaceAll("'", '')}'\n`)
    .join('');
}
