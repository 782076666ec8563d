import { composeSlack } from '../compose/slack.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';
import type { Attempt } from './attempts.ts';
import { whyTooFew } from './why-too-few.ts';

/** Slack's token, the channels that are written to, and the people each environment asks for. */
export async function trySlack(
  config: Config,
  attempt: Attempt,
  seen: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  const slack = composeSlack(config, { ...seen, onFatal() {} });
  const token = attempt('Slack: the bot token', async () => {
    await slack;
    return undefined;
  });
  const channels = new Set([
    config.slack.channel,
    config.digest.channel,
    ...config.owners.map(({ channel }) => channel),
  ]);
  const inChannels = [...channels].map((id) =>
    attempt(`Slack: channel ${id}`, async () => {
      const found = await (await slack).channel(id);
      return found === 'usable' ? undefined : troubles[found];
    }, [token]),
  );
  const inPeople = config.environments.flatMap(({ name, approval, recovery }) =>
    (
      [
        ['approvers', approval],
        ['people who may stop', recovery],
      ] as const
    )
      // Where nothing is ever asked, nobody need be named.
      .filter(([, rule]) => rule.users.length + rule.groups.length > 0)
      .map(([who, rule]) =>
        attempt(`Slack: ${who} of ${name}`, async () => whyTooFew((await slack).people, rule), [
          token,
        ]),
      ),
  );
  await Promise.all([token, ...inChannels, ...inPeople]);
}

const troubles = {
  unknown: 'there is no such channel, or it is private and the bot is not in it',
  archived: 'it is archived',
  'not-a-member': 'the bot is not in it: write /invite @amiable there',
} as const;
