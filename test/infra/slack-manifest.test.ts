import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { caughtIn, readJson, sourcesIn } from './read-infra.ts';

const url = z.url({ protocol: /^https$/ });
const command = z.strictObject({
  command: z.string().regex(/^\/[a-z0-9-]{1,31}$/),
  description: z.string().max(2_000),
  usage_hint: z.string().max(1_000),
  // Else a user is only a name that somebody else may have.
  should_escape: z.literal(true),
  url: url.optional(),
});
/** A Slack app manifest with Slack's own limits; a key it does not know is refused, as Slack does. */
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    long_description: z.string().min(174).max(4_000),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({
      display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/),
      always_online: z.boolean(),
    }),
    slash_commands: z.array(command).max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: url.optional(),
      bot_events: z.array(z.string()).max(100),
    }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: url.optional() }),
    org_deploy_enabled: z.literal(false),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

/** The scope each Web API method of ours asks for; absent where none is asked. A new method must be entered here. */
const scopeOf: Readonly<Record<string, string | readonly string[] | undefined>> = {
  'auth.test': undefined,
  'chat.getPermalink': undefined,
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  // Of public and of private channels.
  'conversations.info': ['channels:read', 'groups:read'],
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'views.open': undefined,
  'views.update': undefined,
};
const scopeOfEvent: Readonly<Record<string, string>> = { app_mention: 'app_mentions:read' };

const adapters = [...sourcesIn('src/adapters/slack'), 'src/compose/slack.ts'];
const methods = caughtIn(
  adapters,
  /\b(?:client|ui|post|read)\.((?:auth|bookmarks|chat|conversations|files|pins|reactions|usergroups|users|views)\.(?:[a-zA-Z]+\.)?[a-zA-Z]+)\(/g,
);
const handlers = sourcesIn('handlers');
const events = caughtIn(handlers, /app\.event\('([a-z_]+)'/g);
const commands = caughtIn(handlers, /app\.command\('([^']+)'/g);

describe.each(['socket', 'http'] as const)('the manifest for %s', (mode) => {
  const manifest = Manifest.parse(readJson(`infra/slack/app-manifest-${mode}.json`));
  const { features, settings, oauth_config: oauth } = manifest;

  test('asks for the scopes of what is called and heard, and for no other', () => {
    expect(methods).toEqual(Object.keys(scopeOf).sort());
    const needed = [
      'commands',
      ...methods.flatMap((method) => scopeOf[method] ?? []),
      ...events.map((event) => scopeOfEvent[event] ?? `the scope of ${event}`),
    ];
    expect(oauth.scopes.bot).toEqual([...new Set(needed)].sort());
  });

  test('subscribes to the events that are handled, and to no other', () => {
    expect(settings.event_subscriptions.bot_events).toEqual(events);
  });

  test('has the command that is handled', () => {
    expect(features.slash_commands.map((one) => one.command)).toEqual(commands);
  });

  test('shows no empty Home tab', () => {
    expect(features.app_home.home_tab_enabled).toBe(events.includes('app_home_opened'));
  });
});

test('Socket Mode names no address, and HTTP the same one everywhere', () => {
  const addressesOf = (mode: string) => {
    const { features, settings } = Manifest.parse(
      readJson(`infra/slack/app-manifest-${mode}.json`),
    );
    return [
      ...features.slash_commands.map((one) => one.url),
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
    ];
  };
  expect(addressesOf('socket')).toEqual([undefined, undefined, undefined]);
  const [first, ...others] = addressesOf('http');
  const served = caughtIn(['src/adapters/slack/http-receiver.ts'], /\.post\('([^']+)'/g);
  expect(served).toEqual([new URL(first ?? '').pathname]);
  expect(others).toEqual([first, first]);
});

test('the two manifests differ in how Slack reaches us, and in nothing else', () => {
  const without = (mode: string) => {
    const { features, settings, ...rest } = Manifest.parse(
      readJson(`infra/slack/app-manifest-${mode}.json`),
    );
    const { socket_mode_enabled: socket, ...others } = settings;
    expect(socket).toBe(mode === 'socket');
    return {
      ...rest,
      ...others,
      features: {
        ...features,
        slash_commands: features.slash_commands.map(({ url: _, ...c }) => c),
      },
      event_subscriptions: settings.event_subscriptions.bot_events,
      interactivity: settings.interactivity.is_enabled,
    };
  };
  expect(without('http')).toEqual(without('socket'));
});
