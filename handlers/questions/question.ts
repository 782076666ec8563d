import { z } from 'zod';
import { RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { ReplyTo } from '../person-request.ts';

/** Longest question that is read, in UTF-16 code units. */
export const longestQuestion = 500;

/** A question about a rollout, as it waits in the inbox. */
export const Question = z.object({
  question: z.object({
    rollout: RolloutId,
    by: SlackUserId,
    text: z.string().min(1).max(longestQuestion),
  }),
  replyTo: ReplyTo,
});
export type Question = z.infer<typeof Question>;
