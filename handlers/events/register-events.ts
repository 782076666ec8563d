import type bolt from '@slack/bolt';
import { z } from 'zod';
import { SlackUserId } from '../../src/shared/ids.ts';
import { openRollouts } from '../../src/workflow/detect.ts';
import { answerTyped } from '../commands/answer-typed.ts';
import type { Handling } from '../handling.ts';

/** The parts of an `app_mention` that are read; mentions by apps and guests of other workspaces carry no user of ours. */
const Mention = z.object({
  event_id: z.string(),
  event: z.object({
    user: SlackUserId,
    text: z.string(),
    channel: z.string(),
    ts: z.string(),
    thread_ts: z.string().optional(),
    bot_id: z.string().optional(),
  }),
});

/** `@amiable status` in a thread: the same as `/ami`, and the thread says which rollout is meant. */
export function registerEvents(app: bolt.App, handling: Handling): void {
  app.event('app_mention', async ({ body }) => {
    const mention = Mention.safeParse(body);
    if (!mention.success || mention.data.event.bot_id !== undefined) return;
    const { event, event_id: eventId } = mention.data;
    const deliveryKey = `event:${eventId}`;
    const threadTs = event.thread_ts ?? event.ts;
    const message = await answerTyped(
      handling,
      {
        text: event.text.replace(/^\s*<@[UW][A-Z0-9]+(\|[^>]*)?>/, '').trim(),
        by: event.user,
        deliveryKey,
        replyTo: { channel: event.channel, user: event.user, threadTs },
        ...(event.thread_ts === undefined
          ? {}
          : { thread: () => rolloutOfThread(handling, event.thread_ts) }),
      },
      async () => {},
    );
    if (message === undefined) return;
    await handling.world.effects.run('answer-person', deliveryKey, (to) =>
      to.slack.ephemeral({ channel: event.channel, user: event.user, threadTs, ...message }),
    );
  });
}

/** The open rollout whose card began the thread. */
async function rolloutOfThread({ world }: Handling, threadTs: string | undefined) {
  if (threadTs === undefined) return undefined;
  for (const rollout of await openRollouts(world)) {
    const slots = await world.store.slots.list(rollout.id);
    if (slots.some(({ name, ts }) => name === 'card' && ts === threadTs)) return rollout;
  }
  return undefined;
}
