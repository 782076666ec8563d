import type { Clock } from '../../shared/time.ts';
import type { Faults } from '../faults.ts';
import { createEvents } from './delivery/events.ts';
import { createRequestUrl, type RequestUrl } from './delivery/request-url.ts';
import { createSockets, type Sockets } from './delivery/sockets.ts';
import { withSwitches } from './delivery/switches.ts';
import { createFiles } from './files.ts';
import { createKeeping, readKept } from './keeping.ts';
import { createMessages } from './messages.ts';
import type { SlackWorld } from './methods/method.ts';
import { type Click, click } from './people/click.ts';
import type { Client, Outcome } from './people/client.ts';
import { type Command, command } from './people/command.ts';
import { respond } from './people/respond.ts';
import { closeView, type Submission, submit } from './people/submit.ts';
import { mention, openHome, say, setGroupMembers } from './people/talk.ts';
import { createRateLimits } from './rate-limits.ts';
import { createResponseUrls } from './response-urls.ts';
import { serve } from './server.ts';
import { createStamps } from './stamps.ts';
import { createTriggers } from './triggers.ts';
import { createViews } from './views.ts';
import { createWebApi } from './web-api.ts';
import {
  createWorkspace,
  type SlackChannel,
  type SlackGroup,
  type SlackPerson,
} from './workspace.ts';

/** Scopes of Amiable's manifest, the optional ones included. */
const manifestScopes = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'im:write',
  'usergroups:read',
  'users:read',
  'channels:read',
  'groups:read',
  'users:read.email',
];

export type SlackStandInOptions = {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly users: readonly SlackPerson[];
  readonly usergroups: readonly SlackGroup[];
  readonly channels: readonly SlackChannel[];
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** How payloads reach the app: over its Socket Mode connections, or signed to its request URL. */
  readonly delivery:
    | 'socket'
    | {
        /** A function when the app's port is not known yet. */
        readonly requestUrl: string | (() => string);
      };
  /** Where messages outlive the stand-in; absent: nowhere. */
  readonly dataDir?: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** Scopes granted to the bot token; absent: those of the manifest. */
  readonly scopes?: readonly string[];
  /** Slash commands the app has; absent: `/ami`. */
  readonly commands?: readonly string[];
  /** After how long messages cannot be edited; absent: never. */
  readonly editWindowMs?: number;
};

/** Starts a Slack of one workspace and one app on loopback: Web API, Socket Mode, signed requests, and its people. */
export async function startSlackStandIn(options: SlackStandInOptions) {
  const { clock, faults } = options;
  const kept = readKept(options.dataDir);
  const listeners = new Set<() => void>();
  const ended = new AbortController();
  let origin = '';

  const stamps = createStamps(clock, kept.newest);
  const changed = () => {
    keeping.changed();
    for (const listener of listeners) listener();
  };
  const workspace = createWorkspace(
    { ...options, channels: [...options.channels, ...kept.directMessages] },
    changed,
  );
  const messages = createMessages(stamps, changed, kept.messages);
  const views = createViews(stamps, changed, kept.homes);
  const files = createFiles(clock, stamps, changed, kept.files);
  const keeping = createKeeping(options.dataDir, () => ({
    newest: stamps.newest(),
    messages: messages.all(),
    directMessages: workspace.channels().filter(({ user }) => user !== undefined),
    homes: views.homes(),
    files: files.all(),
  }));
  const world: SlackWorld = {
    clock,
    workspace,
    messages,
    views,
    files,
    triggers: createTriggers(clock, stamps),
    stamps,
    origin: () => origin,
    ...(options.editWindowMs === undefined ? {} : { editWindowMs: options.editWindowMs }),
  };
  const responseUrls = createResponseUrls(clock, stamps, () => origin);

  const sockets: Sockets = createSockets(faults);
  const requestUrl: RequestUrl | undefined =
    options.delivery === 'socket'
      ? undefined
      : createRequestUrl({
          url: options.delivery.requestUrl,
          signingSecret: options.signingSecret,
          clock,
        });
  const { transport, switches } = withSwitches(requestUrl ?? sockets, clock);
  const events = createEvents({ transport, clock, stamps, signal: ended.signal });
  const client: Client = {
    world,
    transport,
    events,
    responseUrls,
    commands: options.commands ?? ['/ami'],
  };

  const tickets = new Set<string>();
  const webApi = createWebApi({
    world,
    botToken: options.botToken,
    appToken: options.appToken,
    scopes: options.scopes ?? manifestScopes,
    rateLimits: createRateLimits(clock),
    faults,
    connect: () => {
      const ticket = stamps.secret();
      tickets.add(ticket);
      return `${origin.replace('http:', 'ws:')}/link?ticket=${ticket}`;
    },
  });
  const doors = {
    webApi,
    sockets,
    admits: (ticket: string) => tickets.delete(ticket),
    respond: (path: string, args: Parameters<typeof respond>[3]) =>
      respond(world, responseUrls, path, args),
    upload: files.upload,
  };
  const server = await serve(() => doors, options.port ?? 0);
  origin = `http://127.0.0.1:${server.port}`;

  return {
    /** Base of the Web API, with the slash that `slackApiUrl` wants. */
    url: `${origin}/api/`,
    /** Messages as they are shown now, oldest first. Deleted ones are gone. */
    messages: messages.all,
    /** Messages that only one person sees. */
    ephemerals: messages.ephemerals,
    /** Open modals and published Homes. */
    views: views.shown,
    /** People, groups and channels; `setPerson`, `setGroup` and `setChannel` change them without telling the app. */
    workspace,
    /** All of it, as JSON, for the page that shows the workspace. */
    state: () => ({
      channels: workspace.channels(),
      people: workspace.people(),
      groups: workspace.groups(),
      messages: messages.all(),
      ephemerals: messages.ephemerals(),
      views: views.shown(),
    }),
    /** An uploaded file, for the page that shows it. */
    file: files.find,

    click: (act: Click): Promise<Outcome> => click(client, act),
    submit: (act: Submission): Promise<Outcome> => submit(client, act),
    closeView: (act: Parameters<typeof closeView>[1]): Promise<Outcome> => closeView(client, act),
    command: (act: Command): Promise<Outcome> => command(client, act),
    mention: (act: Parameters<typeof mention>[1]): Promise<Outcome> => mention(client, act),
    say: (act: Parameters<typeof say>[1]): Promise<Outcome> => say(client, act),
    openHome: (user: string, tab?: 'home' | 'messages'): Promise<Outcome> =>
      openHome(client, user, tab),
    setGroupMembers: (id: string, users: readonly string[]): Promise<Outcome> =>
      setGroupMembers(client, id, users),
    /** A person, or Slack's retention, deletes a message. */
    deleteMessage(ts: string): void {
      const message = messages.byTs(ts);
      if (message !== undefined) messages.remove(message);
    },
    /** Sends any event to the app, such as `tokens_revoked`. */
    sendEvent: events.send,
    /** Resolves once no event is being repeated any more. */
    eventsSettled: events.settled,

    /** What the network does to the next deliveries. */
    delivery: switches,
    /** Spoils or repeats signed requests; `undefined` in Socket Mode. */
    requestUrl,
    /** The app's Socket Mode connections. */
    sockets: {
      count: sockets.count,
      disconnect: sockets.disconnect,
      cut: sockets.cut,
      whenConnected: sockets.whenConnected,
    },

    /** Calls of the Web API so far, oldest first; with `method` only those of one. */
    requests: (method?: string) =>
      webApi.served().filter((one) => method === undefined || one.method === method),
    /** Calls back after every change of what is shown; returns how to stop. */
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close(): Promise<void> {
      ended.abort();
      keeping.flush();
      await server.close();
    },
  };
}
