import type { JsonObject } from '../blocks/check.ts';
import { type SlackChannel, type SlackGroup, type SlackPerson, standInApp } from '../workspace.ts';
import {
  type Args,
  failed,
  isTrue,
  type Method,
  missing,
  page,
  type Reply,
  type SlackWorld,
  word,
} from './method.ts';

/** Slack asks for pages of at most 200. */
const pageSize = 200;

function personJson(person: SlackPerson, now: number, withLocale: boolean): JsonObject {
  const tz = person.tz ?? 'Etc/UTC';
  return {
    id: person.id,
    team_id: person.teamId ?? standInApp.teamId,
    name: person.name,
    real_name: person.realName,
    deleted: person.deleted === true,
    is_bot: person.isBot === true,
    is_app_user: false,
    is_restricted: person.isRestricted === true || person.isUltraRestricted === true,
    is_ultra_restricted: person.isUltraRestricted === true,
    ...((person.teamId ?? standInApp.teamId) === standInApp.teamId ? {} : { is_stranger: true }),
    // Slack leaves the time zone out of accounts that are deactivated.
    ...(person.deleted === true ? {} : { tz, tz_label: tz, tz_offset: offsetSeconds(tz, now) }),
    ...(withLocale ? { locale: person.locale ?? 'en-US' } : {}),
    profile: {
      display_name: person.displayName ?? '',
      real_name: person.realName,
      team: person.teamId ?? standInApp.teamId,
    },
  };
}

function offsetSeconds(timeZone: string, at: number): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60);
}

function usersInfo({ workspace, clock }: SlackWorld, args: Args): Reply {
  const id = word(args, 'user');
  if (id === undefined) return missing('user');
  const person = workspace.person(id);
  if (person === undefined) return failed('user_not_found');
  return { ok: true, user: personJson(person, clock.now(), isTrue(args, 'include_locale')) };
}

function usersList({ workspace, clock }: SlackWorld, args: Args): Reply {
  const { items, response_metadata } = page(workspace.people(), args, pageSize);
  const members = items.map((one) => personJson(one, clock.now(), isTrue(args, 'include_locale')));
  return { ok: true, members, response_metadata };
}

function groupJson(group: SlackGroup, now: number, withUsers: boolean): JsonObject {
  return {
    id: group.id,
    team_id: standInApp.teamId,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: '',
    date_delete: group.disabled === true ? Math.floor(now / 1_000) : 0,
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}

function groupsList({ workspace, clock }: SlackWorld, args: Args): Reply {
  const usergroups = workspace
    .groups()
    .filter(({ disabled }) => disabled !== true || isTrue(args, 'include_disabled'))
    .map((group) => groupJson(group, clock.now(), isTrue(args, 'include_users')));
  return { ok: true, usergroups };
}

function groupUsers({ workspace }: SlackWorld, args: Args): Reply {
  const id = word(args, 'usergroup');
  if (id === undefined) return missing('usergroup');
  const group = workspace.group(id);
  if (group === undefined || (group.disabled === true && !isTrue(args, 'include_disabled')))
    return failed('no_such_subteam');
  return { ok: true, users: group.users };
}

/** A channel our app can see; private ones only where the bot is a member. */
function visible({ workspace }: SlackWorld, args: Args): SlackChannel | undefined {
  const channel = workspace.channel(word(args, 'channel') ?? '');
  const hidden = channel?.isPrivate === true && !channel.members.includes(standInApp.botUserId);
  return hidden ? undefined : channel;
}

/** Private channels have a scope of their own; one that hides from the bot is as unknown as one that is not there. */
function scopeOfChannel(world: SlackWorld, args: Args): string {
  return visible(world, args)?.isPrivate === true ? 'groups:read' : 'channels:read';
}

function channelInfo(world: SlackWorld, args: Args): Reply {
  const channel = visible(world, args);
  if (channel === undefined) return failed('channel_not_found');
  const direct = channel.user !== undefined;
  return {
    ok: true,
    channel: {
      id: channel.id,
      ...(direct ? { user: channel.user } : { name: channel.name }),
      is_channel: !direct && channel.isPrivate !== true,
      is_group: !direct && channel.isPrivate === true,
      is_private: direct || channel.isPrivate === true,
      is_im: direct,
      is_archived: channel.isArchived === true,
      is_member: channel.members.includes(standInApp.botUserId),
    },
  };
}

function channelMembers(world: SlackWorld, args: Args): Reply {
  const channel = visible(world, args);
  if (channel === undefined) return failed('channel_not_found');
  const { items, response_metadata } = page(channel.members, args, 100);
  return { ok: true, members: items, response_metadata };
}

function openDirect({ workspace }: SlackWorld, args: Args): Reply {
  const users = (word(args, 'users') ?? '').split(',').filter((one) => one !== '');
  const [user] = users;
  if (user === undefined) return failed('users_list_not_supplied');
  // Group direct messages need `mpim:write`, which Amiable does not ask for.
  if (users.length > 1) return failed('missing_scope', { needed: 'mpim:write' });
  const channel = workspace.directMessage(user);
  if (channel !== undefined) return { ok: true, channel: { id: channel.id } };
  const person = workspace.person(user);
  if (person === undefined) return failed('user_not_found');
  return failed(person.deleted === true ? 'user_disabled' : 'cannot_dm_bot');
}

export const peopleMethods: Readonly<Record<string, Method>> = {
  'users.info': { token: 'bot', scope: 'users:read', run: usersInfo },
  'users.list': { token: 'bot', scope: 'users:read', run: usersList },
  'usergroups.list': { token: 'bot', scope: 'usergroups:read', run: groupsList },
  'usergroups.users.list': { token: 'bot', scope: 'usergroups:read', run: groupUsers },
  'conversations.info': { token: 'bot', scope: scopeOfChannel, run: channelInfo },
  'conversations.members': { token: 'bot', scope: scopeOfChannel, run: channelMembers },
  'conversations.open': { token: 'bot', scope: 'im:write', run: openDirect },
};
