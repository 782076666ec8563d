import type { App } from '@slack/bolt';
import fastify from 'fastify';
import { createBolt } from '../../../src/adapters/slack/create-bolt.ts';
import { createHttpReceiver } from '../../../src/adapters/slack/http-receiver.ts';
import { createSocketReceiver } from '../../../src/adapters/slack/socket-receiver.ts';
import type { SlackStandInOptions } from '../../../src/sandbox/slack/start-slack-stand-in.ts';
import { standInApp } from '../../../src/sandbox/slack/workspace.ts';
import { startSlack, tokens } from '../../sandbox/slack/slack-fixture.ts';

type Logged = { readonly level: string; readonly message: string; readonly fields: unknown };

/** A log that keeps what it is told. */
export function keptLog() {
  const lines: Logged[] = [];
  const at = (level: string) => (fields: unknown, message: string) => {
    lines.push({ level, message, fields });
  };
  return {
    lines,
    /** Messages, those of Slack's own packages left out. */
    messages: () => lines.map(({ message }) => message).filter((one) => one !== 'slack sdk'),
    log: { info: at('info'), warn: at('warn'), error: at('error') },
  };
}

const access = (url: string) => ({ token: tokens.botToken, apiUrl: url });

/** Slack with our app on Socket Mode. Handlers are registered by `register` before it starts. */
export async function boltOverSocket(
  register: (app: App) => void,
  options: Partial<SlackStandInOptions> & { readonly connections?: number } = {},
) {
  const { connections = 1, ...standIn } = options;
  const all = await startSlack(standIn);
  const kept = keptLog();
  const fatal: Error[] = [];
  const receiver = createSocketReceiver({
    appToken: tokens.appToken,
    apiUrl: all.slack.url,
    log: kept.log,
    connections,
    reconnectMs: 20,
    onFatal: (error) => fatal.push(error),
  });
  const app = await createBolt({
    ...access(all.slack.url),
    log: kept.log,
    receiver,
    botId: standInApp.botId,
    botUserId: standInApp.botUserId,
  });
  register(app);
  await app.start();
  return {
    ...all,
    ...kept,
    app,
    receiver,
    fatal,
    async close() {
      await app.stop();
      await all.slack.close();
    },
  };
}

/** Slack with our app behind a request URL, served by Fastify. */
export async function boltOverHttp(register: (app: App) => void) {
  const kept = keptLog();
  const server = fastify();
  let url = '';
  const all = await startSlack({ delivery: { requestUrl: () => url } });
  const receiver = createHttpReceiver({
    signingSecret: tokens.signingSecret,
    clock: all.clock,
    log: kept.log,
  });
  const app = await createBolt({
    ...access(all.slack.url),
    log: kept.log,
    receiver,
    botId: standInApp.botId,
    botUserId: standInApp.botUserId,
  });
  register(app);
  await receiver.register(server);
  url = `${await server.listen({ port: 0, host: '127.0.0.1' })}/slack/events`;
  return {
    ...all,
    ...kept,
    app,
    server,
    url,
    async close() {
      await app.stop();
      await server.close();
      await all.slack.close();
    },
  };
}
