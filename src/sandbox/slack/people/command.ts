import { isObject } from '../blocks/check.ts';
import { contentOf } from '../methods/content.ts';
import type { SlackWorld } from '../methods/method.ts';
import { standInApp } from '../workspace.ts';
import { awaitedView } from './awaited-view.ts';
import { type Client, impossible, type Outcome, signedIn } from './client.ts';

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
    text: escaped(world, act.text),
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

/** With `should_escape`, `@ann` and `#ops` arrive as `<@U1|ann>` and `<#C1|ops>`. */
function escaped({ workspace }: SlackWorld, text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(^|\s)@([\w.-]+)/g, (all, before: string, name: string) => {
      const person = workspace.people().find((one) => one.name === name);
      const group = workspace.groups().find((one) => one.handle === name);
      if (person !== undefined) return `${before}<@${person.id}|${name}>`;
      return group === undefined ? all : `${before}<!subteam^${group.id}|@${name}>`;
    })
    .replaceAll(/(^|\s)#([\w.-]+)/g, (all, before: string, name: string) => {
      const channel = workspace.channels().find((one) => one.name === name);
      return channel === undefined ? all : `${before}<#${channel.id}|${name}>`;
    });
}
