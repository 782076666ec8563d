import type bolt from '@slack/bolt';
import { z } from 'zod';
import { type RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import { rolloutOfCard } from '../../src/workflow/thread-memory.ts';
import { answerTyped } from '../commands/answer-typed.ts';
import type { Handling } from '../handling.ts';
import { isQuestion } from '../questions/is-question.ts';
import { longestQuestion, type Question } from '../questions/question.ts';

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

/**
 * `@amiable status` in a thread: the same as `/ami`, and the thread says which rollout is meant. What reads as a question
 * is answered in the thread, from that rollout's record and facts.
 */
export function registerEvents(app: bolt.App, handling: Handling): void {
  app.event('app_mention', async ({ body }) => {
    const mention = Mention.safeParse(body);
    if (!mention.success || mention.data.event.bot_id !== undefined) return;
    const { event, event_id: eventId } = mention.data;
    const deliveryKey = `event:${eventId}`;
    const threadTs = event.thread_ts ?? event.ts;
    const text = event.text.replace(/^\s*<@[UW][A-Z0-9]+(\|[^>]*)?>[\s,:]*/, '').trim();
    const replyTo = { channel: event.channel, user: event.user, threadTs };
    if (isQuestion(text)) {
      const rollout = await rolloutAsked(handling, event.thread_ts);
      if (rollout !== undefined) {
        const question: Question = {
          question: { rollout, by: event.user, text: readable(text).slice(0, longestQuestion) },
          replyTo,
        };
        if (await handling.intake.storeQuestion(deliveryKey, question)) {
          await handling.intake.answerQuestion(deliveryKey, question);
        }
        return;
      }
    }
    const message = await answerTyped(
      handling,
      {
        text,
        by: event.user,
        deliveryKey,
        replyTo,
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

/** The rollout of the thread, open or closed; outside threads the only open one. */
async function rolloutAsked(
  { world }: Handling,
  threadTs: string | undefined,
): Promise<RolloutId | undefined> {
  const open = await openRollouts(world);
  if (threadTs === undefined) return open.length === 1 ? open[0]?.id : undefined;
  const inThread = await rolloutOfThread({ world }, threadTs);
  if (inThread !== undefined) return inThread.id;
  return rolloutOfCard(world.store.memory, threadTs);
}

/** Slack sends these three characters escaped; mentions stay as they are, and are escaped where they are shown. */
function readable(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** The open rollout whose card began the thread. */
async function rolloutOfThread({ world }: Pick<Handling, 'world'>, threadTs: string | undefined) {
  if (threadTs === undefined) return undefined;
  for (const rollout of await openRollouts(world)) {
    const slots = await world.store.slots.list(rollout.id);
    if (slots.some(({ name, ts }) => name === 'card' && ts === threadTs)) return rollout;
  }
  return undefined;
}
