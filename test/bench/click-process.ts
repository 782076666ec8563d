import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import bolt from '@slack/bolt';
import type { Handling } from '../../handlers/handling.ts';
import { createIntake } from '../../handlers/intake.ts';
import { registerAll } from '../../handlers/register-all.ts';
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts';
import { createServer } from '../../src/adapters/http/create-server.ts';
import { awsCredentials } from '../../src/compose/aws-connection.ts';
import { composeSlack } from '../../src/compose/slack.ts';
import { composeStore } from '../../src/compose/store.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { demoSecrets } from '../../src/sandbox/stand-ins.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLog } from '../../src/workflow/log.ts';

/** What the process of the bench of clicks says when it is asked. */
export type ClickReport = { readonly cpuMs: number };

const { env } = process;
const tree = JSON.parse(env['BENCH_CONFIG'] ?? '') as { slack: object };
const { botToken, channel, apiUrl } = tree.slack as Record<string, string>;
// Over HTTP: what is compared is a signed request, with nothing of a socket in it.
const slackOverHttp = {
  mode: 'http',
  signingSecret: '$' + '{SLACK_SIGNING_SECRET}',
  botToken,
  channel,
  apiUrl,
};
const parsed = parseConfig(JSON.stringify({ ...tree, slack: slackOverHttp }), env);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
const { config } = parsed;

const ours = await startOurs();
const bare = await startBare();
process.send?.({ ours, bare });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000 } satisfies ClickReport);
});

/** The service's own way of a click, up to its acknowledgement; what is decided afterwards is left out. */
async function startOurs(): Promise<number> {
  const options = { clock: systemClock, log: silentLog };
  const { store } = await composeStore(config, options);
  const slack = await composeSlack(config, {
    ...options,
    onFatal(error) {
      throw error;
    },
  });
  const world = options as unknown as Handling['world'];
  const intake = createIntake(world, {
    inbox: store.inbox,
    caretaker: { wake: unasked, lookNow: unasked, run: unasked },
    answer: async () => undefined,
  });
  registerAll(slack.app, {
    world,
    intake: { ...intake, process: async () => undefined },
    caretaker: { wake: unasked, lookNow: unasked, run: unasked },
    twins: { mend: async () => {} },
    detectNow: unasked,
    anchoring: { run: unasked, newest: unasked },
    decisionsSince: unasked,
    cardUrl: async () => undefined,
  });
  const server = createServer({ health: { alive: () => true, readiness: async () => [] } });
  await slack.mount(server);
  await server.listen({ port: 0, host: '127.0.0.1' });
  await slack.app.start();
  const [address] = server.addresses();
  return typeof address === 'object' ? address.port : 0;
}

/** The least that could be done: Bolt as it comes, and one put. */
async function startBare(): Promise<number> {
  const { store } = config;
  if (store.kind !== 'dynamodb') throw new Error('the bench has a table');
  const client = createDynamoClient({
    region: store.region,
    endpoint: store.endpoint,
    credentials: awsCredentials(config.aws),
  });
  const receiver = new bolt.HTTPReceiver({
    signingSecret: demoSecrets.slackSigningSecret,
    logLevel: bolt.LogLevel.ERROR,
  });
  const app = new bolt.App({
    receiver,
    logLevel: bolt.LogLevel.ERROR,
    authorize: async () => ({ botToken: demoSecrets.slackBotToken, botId: 'B0', botUserId: 'U0' }),
  });
  app.action('rollout:approve', async ({ ack, body }) => {
    const { trigger_id: trigger } = body as { readonly trigger_id?: string };
    await client.send(
      new PutItemCommand({
        TableName: store.table,
        Item: { pk: { S: `bare#${trigger}` }, sk: { S: 'bare' } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    await ack();
  });
  const server = await app.start(0);
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function unasked(): Promise<never> {
  throw new Error('not asked here');
}
