import type { FastifyInstance } from 'fastify';
import { lookAtChannel } from '../adapters/slack/channel-look.ts';
import { createSlackClients } from '../adapters/slack/clients.ts';
import { createBolt } from '../adapters/slack/create-bolt.ts';
import { createDirectory } from '../adapters/slack/directory.ts';
import { createHttpReceiver } from '../adapters/slack/http-receiver.ts';
import { createMessenger } from '../adapters/slack/messenger.ts';
import { createPeople } from '../adapters/slack/people.ts';
import { createSocketReceiver } from '../adapters/slack/socket-receiver.ts';
import { calling } from '../adapters/slack/translate-error.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';

/**
 * Slack, ready to be listened to: who we are there is asked once, at the start.
 * @throws SlackRefusedError for a token that Slack does not take, SlackUnavailableError when it does not answer.
 */
export async function composeSlack(
  { slack, paces }: Config,
  {
    clock,
    log,
    onFatal,
  }: { readonly clock: Clock; readonly log: Log; readonly onFatal: (error: Error) => void },
) {
  const token = slack.botToken.reveal();
  const access = { token, apiUrl: slack.apiUrl, log };
  const clients = createSlackClients(access);
  const self = await calling('auth.test', () => clients.read.auth.test());
  const { bot_id: botId = '', user_id: botUserId = '', team_id: teamId = '' } = self;
  const directory = createDirectory({ client: clients.read, clock, teamId });
  const socket =
    slack.mode === 'socket'
      ? createSocketReceiver({
          appToken: slack.appToken.reveal(),
          apiUrl: slack.apiUrl,
          log,
          reconnectMs: paces.slackReconnect,
          onFatal,
        })
      : undefined;
  const http =
    slack.mode === 'http'
      ? createHttpReceiver({ signingSecret: slack.signingSecret.reveal(), clock, log })
      : undefined;
  const receiver = socket ?? http;
  if (receiver === undefined) throw new Error('Slack has neither a socket nor an address');
  const app = await createBolt({ ...access, receiver, botId, botUserId });
  const permalinks = new Map<string, string>();
  return {
    app,
    messenger: createMessenger({ clients, log, sleep: (ms) => clock.sleep(ms) }),
    people: createPeople(directory, clock, log),
    async mount(server: FastifyInstance): Promise<void> {
      await http?.register(server);
    },
    /** Whether a channel can be posted to. @throws SlackRefusedError, SlackUnavailableError */
    channel: (id: string) => lookAtChannel(clients.read, id),
    connected: () => socket === undefined || socket.connected() > 0,
    /** Where a message is read; `undefined` when Slack does not say, as links are a comfort. */
    async permalink(channel: string, ts: string): Promise<string | undefined> {
      const key = `${channel} ${ts}`;
      const known = permalinks.get(key);
      if (known !== undefined) return known;
      try {
        const { permalink } = await clients.read.chat.getPermalink({ channel, message_ts: ts });
        if (permalink !== undefined) permalinks.set(key, permalink);
        return permalink;
      } catch (cause) {
        log.warn({ channel, cause }, 'no link to a message');
        return undefined;
      }
    },
  };
}
