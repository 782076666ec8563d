import type { JsonObject } from '../blocks/check.ts';
import { limits } from '../limits.ts';
import type { SlackMessage } from '../messages.ts';
import { type SlackChannel, standInApp } from '../workspace.ts';
import { contentOf } from './content.ts';
import {
  type Args,
  failed,
  isTrue,
  json,
  type Method,
  missing,
  type Reply,
  type SlackWorld,
  word,
} from './method.ts';

type Place =
  | { readonly channel: SlackChannel; readonly threadTs?: string }
  | { readonly error: Reply };

/** A channel our bot may write to, and the thread there; a person's id means the direct message with them. */
function placeOf({ workspace, messages }: SlackWorld, args: Args): Place {
  const id = word(args, 'channel');
  if (id === undefined) return { error: missing('channel') };
  const channel = /^[UW]/.test(id) ? workspace.directMessage(id) : workspace.channel(id);
  const member = channel?.members.includes(standInApp.botUserId) === true;
  if (channel === undefined || (channel.isPrivate === true && !member))
    return { error: failed('channel_not_found') };
  if (!member) return { error: failed('not_in_channel') };
  if (channel.isArchived === true) return { error: failed('is_archived') };
  const thread = word(args, 'thread_ts');
  if (thread === undefined) return { channel };
  const root = messages.find(channel.id, thread);
  if (root === undefined) return { error: failed('thread_not_found') };
  return { channel, threadTs: root.threadTs ?? root.ts };
}

/** A message as the API describes it. */
export function messageJson(message: SlackMessage): JsonObject {
  const { ts, user, text, blocks, threadTs, edits, metadata } = message;
  return {
    type: 'message',
    user,
    ...(user === standInApp.botUserId
      ? { bot_id: standInApp.botId, app_id: standInApp.appId }
      : {}),
    team: standInApp.teamId,
    ts,
    text,
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(threadTs === undefined ? {} : { thread_ts: threadTs, parent_user_id: user }),
    ...(edits > 0 ? { edited: { user, ts } } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function postMessage(world: SlackWorld, args: Args): Reply {
  if (['username', 'icon_url', 'icon_emoji'].some((name) => word(args, name) !== undefined))
    return failed('missing_scope', { needed: 'chat:write.customize' });
  const place = placeOf(world, args);
  if ('error' in place) return place.error;
  const content = contentOf(world.files, args);
  if (!content.ok) return content.reply;
  const metadata = json(args, 'metadata');
  if (metadata === 'broken') return failed('invalid_metadata_format');
  const message = world.messages.post({
    channel: place.channel.id,
    user: standInApp.botUserId,
    text: content.text,
    blocks: content.blocks,
    ...(place.threadTs === undefined ? {} : { threadTs: place.threadTs }),
    ...(place.threadTs !== undefined && isTrue(args, 'reply_broadcast') ? { broadcast: true } : {}),
    ...(metadata === 'absent' ? {} : { metadata: metadata.value }),
  });
  return { ok: true, channel: message.channel, ts: message.ts, message: messageJson(message) };
}

function postEphemeral(world: SlackWorld, args: Args): Reply {
  const user = word(args, 'user');
  if (user === undefined) return missing('user');
  const place = placeOf(world, args);
  if ('error' in place) return place.error;
  const content = contentOf(world.files, args);
  if (!content.ok) return content.reply;
  const person = world.workspace.person(user);
  if (person === undefined || person.deleted === true || !place.channel.members.includes(user))
    return failed('user_not_in_channel');
  const { ts } = world.messages.post({
    channel: place.channel.id,
    user: standInApp.botUserId,
    onlyFor: user,
    text: content.text,
    blocks: content.blocks,
    ...(place.threadTs === undefined ? {} : { threadTs: place.threadTs }),
  });
  return { ok: true, message_ts: ts };
}

/** A message of ours, or the error for not having it. */
function ownMessage(
  world: SlackWorld,
  args: Args,
  foreign: string,
): SlackMessage | { readonly error: Reply } {
  const place = placeOf(world, { channel: args['channel'] });
  if ('error' in place) return place;
  const ts = word(args, 'ts');
  if (ts === undefined) return { error: missing('ts') };
  const message = world.messages.find(place.channel.id, ts);
  if (message === undefined) return { error: failed('message_not_found') };
  return message.user === standInApp.botUserId ? message : { error: failed(foreign) };
}

function update(world: SlackWorld, args: Args): Reply {
  const old = ownMessage(world, args, 'cant_update_message');
  if ('error' in old) return old.error;
  const ageMs = world.clock.now() - Number(old.ts) * 1_000;
  if (world.editWindowMs !== undefined && ageMs > world.editWindowMs)
    return failed('edit_window_closed');
  if ([...(word(args, 'text') ?? '')].length > limits.updatedText) return failed('msg_too_long');
  const content = contentOf(world.files, args);
  if (!content.ok) return content.reply;
  const broadcast = old.threadTs !== undefined && isTrue(args, 'reply_broadcast');
  const { channel, ts, text, ...message } = world.messages.update(old, content, broadcast);
  return { ok: true, channel, ts, text, message: messageJson({ channel, ts, text, ...message }) };
}

function remove(world: SlackWorld, args: Args): Reply {
  const message = ownMessage(world, args, 'cant_delete_message');
  if ('error' in message) return message.error;
  world.messages.remove(message);
  return { ok: true, channel: message.channel, ts: message.ts };
}

function getPermalink(world: SlackWorld, args: Args): Reply {
  const channel = world.workspace.channel(word(args, 'channel') ?? '');
  if (channel === undefined) return failed('channel_not_found');
  const message = world.messages.find(channel.id, word(args, 'message_ts') ?? '');
  if (message === undefined) return failed('message_not_found');
  const thread =
    message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  const permalink = `https://${standInApp.teamDomain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return { ok: true, channel: channel.id, permalink };
}

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': { token: 'bot', scope: 'chat:write', run: postMessage },
  'chat.postEphemeral': { token: 'bot', scope: 'chat:write', run: postEphemeral },
  'chat.update': { token: 'bot', scope: 'chat:write', run: update },
  'chat.delete': { token: 'bot', scope: 'chat:write', run: remove },
  'chat.getPermalink': { token: 'bot', run: getPermalink },
};
