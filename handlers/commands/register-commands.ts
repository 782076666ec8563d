import type bolt from '@slack/bolt';
import { z } from 'zod';
import type { Message } from '../../blocks/block-kit.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import type { Handling } from '../handling.ts';
import { answerTyped } from './answer-typed.ts';

/** The parts of a slash command that are read. Source: Slack, slash commands. */
const Slash = z.object({
  trigger_id: z.string(),
  user_id: SlackUserId,
  channel_id: z.string(),
  text: z.string().default(''),
  response_url: z.string(),
});

/** `/ami`: read, acknowledge, answer the asker alone. What decides something goes through the same intake as a button. */
export function registerCommands(app: bolt.App, handling: Handling): void {
  app.command('/ami', async ({ ack, body }) => {
    const slash = Slash.parse(body);
    const deliveryKey = `command:${slash.trigger_id}`;
    const message = await answerTyped(
      handling,
      {
        text: slash.text,
        by: slash.user_id,
        deliveryKey,
        triggerId: slash.trigger_id,
        replyTo: {
          channel: slash.channel_id,
          user: slash.user_id,
          responseUrl: slash.response_url,
        },
      },
      // What decides something is stored before this; everything slow comes after.
      () => ack(),
    );
    if (message === undefined) return;
    await handling.world.effects.run('answer-person', deliveryKey, (to) =>
      to.slack.respond(slash.response_url, message satisfies Message),
    );
  });
}
