import type { SlackWorld } from '../methods/method.ts';

/**
 * What a person typed, as Slack hands it on: `@ann` and `#ops`, which its composer completes, become `<@U1>` and `<#C1|ops>`. `named`: with the name of
 * the person in it too, as commands with `should_escape` get it.
 */
export function escapedFrom(
  { workspace }: SlackWorld,
  text: string,
  how: 'named' | 'plain' = 'plain',
): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(^|\s)@([\w-]+(?:\.[\w-]+)*)/g, (all, before: string, name: string) => {
      const typed = name.toLowerCase();
      const person = workspace.people().find((one) => one.name === typed);
      const group = workspace.groups().find((one) => one.handle === typed);
      const label = how === 'named' ? `|${name}` : '';
      if (person !== undefined) return `${before}<@${person.id}${label}>`;
      return group === undefined ? all : `${before}<!subteam^${group.id}|@${name}>`;
    })
    .replaceAll(/(^|\s)#([\w.-]+)/g, (all, before: string, name: string) => {
      const channel = workspace.channels().find((one) => one.name === name);
      return channel === undefined ? all : `${before}<#${channel.id}|${name}>`;
    });
}
