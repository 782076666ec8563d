import type { SlackGroup } from '../workspace.ts';
import { standInApp } from '../workspace.ts';
import { type Client, impossible, type Outcome, signedIn } from './client.ts';
import { escapedFrom } from './escaped-from.ts';

type Place = {
  readonly user: string;
  readonly text: string;
  /** The root, or any reply, of the thread to write in. */
  readonly threadTs?: string;
  /** Needed outside threads. */
  readonly channel?: string;
};

/** Writes `@amiable …`, in a thread or straight into a channel. */
export function mention(client: Client, act: Place): Promise<Outcome> {
  return write(client, { ...act, text: `<@${standInApp.botUserId}> ${act.text}` });
}

/** Writes what a person typed: the app hears of it only where `@amiable` is in it. */
export function say(client: Client, act: Place): Promise<Outcome> {
  return write(client, { ...act, text: escapedFrom(client.world, act.text) });
}

async function write(client: Client, act: Place): Promise<Outcome> {
  const { world, events } = client;
  const near = act.threadTs === undefined ? undefined : world.messages.byTs(act.threadTs);
  const channel = world.workspace.channel(near?.channel ?? act.channel ?? '');
  if (signedIn(client, act.user) === undefined) return impossible('no_such_person');
  if (channel === undefined || (act.threadTs !== undefined && near === undefined))
    return impossible('not_shown');
  if (!channel.members.includes(act.user)) return impossible('not_in_channel');
  if (act.text.trim() === '') return impossible('no_text');
  const threadTs = near?.threadTs ?? near?.ts;
  const posted = world.messages.post({
    channel: channel.id,
    user: act.user,
    text: act.text,
    blocks: [],
    ...(threadTs === undefined ? {} : { threadTs }),
  });
  if (!posted.mentions.includes(standInApp.botUserId)) return { ok: true, ack: true };
  // Slack tells an app of mentions only where the app is a member.
  if (!channel.members.includes(standInApp.botUserId)) return impossible('app_not_in_channel');
  const answer = await events.send({
    type: 'app_mention',
    user: act.user,
    text: posted.text,
    ts: posted.ts,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    channel: channel.id,
    event_ts: posted.ts,
  });
  return answer.acknowledged ? { ok: true, ack: true } : impossible(answer.reason);
}

/** Opens the app's Home tab, or with `tab` its messages. */
export async function openHome(
  client: Client,
  user: string,
  tab: 'home' | 'messages' = 'home',
): Promise<Outcome> {
  const { world, events } = client;
  if (signedIn(client, user) === undefined) return impossible('no_such_person');
  const direct = world.workspace.directMessage(user);
  if (direct === undefined) return impossible('not_shown');
  const before = world.views.home(user);
  const answer = await events.send({
    type: 'app_home_opened',
    user,
    channel: direct.id,
    tab,
    ...(before === undefined || tab === 'messages' ? {} : { view: before }),
    event_ts: world.stamps.ts(),
  });
  if (!answer.acknowledged) return impossible(answer.reason);
  const view = world.views.home(user);
  return { ok: true, ack: true, ...(view === undefined ? {} : { view }) };
}

/** Changes who is in a group; the app hears of it as an event. */
export async function setGroupMembers(
  { world, events }: Client,
  id: string,
  users: readonly string[],
): Promise<Outcome> {
  const group: SlackGroup | undefined = world.workspace.group(id);
  if (group === undefined) return impossible('no_such_subteam');
  world.workspace.setGroup({ ...group, users });
  const answer = await events.send({
    type: 'subteam_members_changed',
    subteam_id: id,
    team_id: standInApp.teamId,
    added_users: users.filter((one) => !group.users.includes(one)),
    removed_users: group.users.filter((one) => !users.includes(one)),
    added_users_count: users.filter((one) => !group.users.includes(one)).length,
    removed_users_count: group.users.filter((one) => !users.includes(one)).length,
    date_update: Math.floor(world.clock.now() / 1_000),
    event_ts: world.stamps.ts(),
  });
  return answer.acknowledged ? { ok: true, ack: true } : impossible(answer.reason);
}
