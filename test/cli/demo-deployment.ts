import { join } from 'node:path';
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts';
import { createTable } from '../../src/adapters/dynamodb/create-table.ts';
import { demoConfig } from '../../src/sandbox/demo-config.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { demoSecrets, startStandIns } from '../../src/sandbox/stand-ins.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { amiable } from './captured.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The sandbox's outside systems without the service, and commands run against them with the sandbox's configuration. */
export async function startDemoDeployment({ table = true }: { readonly table?: boolean } = {}) {
  const standIns = await startStandIns({ clock: systemClock });
  const { credentials } = standIns.aws;
  const dynamo = createDynamoClient({
    region: 'eu-west-1',
    endpoint: standIns.dynamodb.url,
    credentials,
  });
  if (table) await createTable(dynamo, 'amiable', systemClock);
  dynamo.destroy();
  const env: Record<string, string> = {
    SLACK_BOT_TOKEN: demoSecrets.slackBotToken,
    SLACK_APP_TOKEN: demoSecrets.slackAppToken,
    GITHUB_PRIVATE_KEY: standIns.github.privateKey,
    GITHUB_WEBHOOK_SECRET: demoSecrets.githubWebhookSecret,
    PAGE_TOKEN: demoSecrets.pageToken,
    AWS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET: credentials.secretAccessKey,
  };
  const clusters = new Map(
    demo.clusters.map(({ name }) => {
      const tokenVariable = `TOKEN_${name.toUpperCase().replaceAll('-', '_')}`;
      env[tokenVariable] = standIns.kubernetes.token(name);
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
  return {
    standIns,
    env,
    text,
    /** Writes the configuration, with some passages replaced, each of which must be there. */
    config(...changes: readonly (readonly [from: string, to: string])[]): string {
      const changed = changes.reduce((now, [from, to]) => {
        if (!now.includes(from)) throw new Error(`The configuration has no ${from}`);
        return now.replaceAll(from, () => to);
      }, text);
      return join(temporaryFolder({ 'amiable.yaml': changed }), 'amiable.yaml');
    },
    run: (argv: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
      amiable(argv, { ...env, ...variables }),
    close: () => standIns.close(),
  };
}
