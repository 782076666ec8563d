import { isObject } from '../blocks/check.ts';
import { contentOf } from '../methods/content.ts';
import { standInApp } from '../workspace.ts';
import { awaitedView } from './awaited-view.ts';
import { type Client, impossible, type Outcome, signedIn } from './client.ts';
import { escapedFrom } from './escaped-from.ts';

export type Command = {
  readonly user: string;
  /** Such as `/ami`. */
  readonly command: string;
  readonly text: string;
  readonly channel: string;
  /** Waits up to three seconds for the modal that the command is to open. */
  readonly expectView?: boolean;
};

/** Types a slash command into a channel. Slack runs none inside threads. */
export async function command(client: Client, act: Command): Promise<Outcome> {
  const { world } = client;
  const person = signedIn(client, act.user);
  if (person === undefined) return impossible('no_such_person');
  const channel = world.workspace.channel(act.channel);
  if (channel === undefined || !world.workspace.sees(act.user, channel))
    return impossible('not_shown');
  if (!client.commands.includes(act.command)) return impossible('no_such_command');

  const trigger = world.triggers.issue(act.user);
  const payload = {
    token: 'sandbox',
    team_id: standInApp.teamId,
    team_domain: standInApp.teamDomain,
    channel_id: channel.id,
    channel_name: channel.user === undefined ? channel.name : 'directmessage',
    user_id: person.id,
    user_name: person.name,
    command: act.command,
    text: escapedFrom(world, act.text, 'named'),
    api_app_id: standInApp.appId,
    is_enterprise_install: 'false',
    response_url: client.responseUrls.issue('commands', { user: person.id, channel: channel.id }),
    trigger_id: trigger.id,
  };
  const answer = await client.transport.send({ kind: 'slash_commands', payload });
  if (!answer.acknowledged) return impossible(answer.reason);
  const view = await awaitedView(trigger, act.expectView === true);
  const opened = view === undefined ? {} : { view };
  if (!isObject(answer.body)) return { ok: true, ack: true, ...opened };
  const content = contentOf(world.files, answer.body);
  if (!content.ok)
    return { ok: false, ack: true, error: String(content.reply['error']), ...opened };
  world.messages.post({
    channel: channel.id,
    user: standInApp.botUserId,
    text: content.text,
    blocks: content.blocks,
    ...(answer.body['response_type'] === 'in_channel' ? {} : { onlyFor: person.id }),
  });
  return { ok: true, ack: true, ...opened };
}
