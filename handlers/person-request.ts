import { z } from 'zod';
import { RolloutId, SlackUserId } from '../src/shared/ids.ts';

const of = { rollout: RolloutId, by: SlackUserId };
const ofAsk = { ...of, environment: z.string(), ask: z.number().int() };

/** What a person asked for, as it is kept in the inbox: parsed and verified, without payloads or secrets. */
export const PersonRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approve'), ...ofAsk, note: z.string().max(500).optional() }),
  z.object({ kind: z.literal('withdraw'), ...ofAsk }),
  z.object({ kind: z.literal('reject'), ...ofAsk, reason: z.string().min(10).max(1000) }),
  z.object({
    kind: z.literal('snooze'),
    ...of,
    until: z.number(),
    why: z.string().max(500).optional(),
  }),
  z.object({
    kind: z.literal('expedite'),
    ...of,
    environment: z.string(),
    reason: z.string().min(10).max(1000),
  }),
  z.object({ kind: z.literal('wake'), ...of }),
  z.object({ kind: z.literal('pause'), ...of, reason: z.string().max(500).optional() }),
  z.object({ kind: z.literal('resume'), ...of }),
  z.object({ kind: z.literal('accept-merge'), ...of, environment: z.string() }),
  z.object({
    kind: z.literal('roll-back'),
    ...of,
    reason: z.string().min(10).max(1000),
    /** Absent: every cluster that moved. */
    clusters: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('freeze'), by: SlackUserId, reason: z.string().min(3).max(500) }),
  z.object({ kind: z.literal('unfreeze'), by: SlackUserId }),
]);
export type PersonRequest = z.infer<typeof PersonRequest>;

/** What concerns one rollout, and not all of them. */
export type RolloutRequest = Exclude<PersonRequest, { kind: 'freeze' | 'unfreeze' }>;

/** Where the answer goes; only the asker sees it. */
export const ReplyTo = z.object({
  channel: z.string(),
  user: SlackUserId,
  threadTs: z.string().optional(),
  /** Good for 30 minutes and five answers. */
  responseUrl: z.string().optional(),
  /** The message that was clicked: a twin of the card is told by it. */
  messageTs: z.string().optional(),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

/** A request with its way back, as it waits in the inbox. */
export const Delivery = z.object({ request: PersonRequest, replyTo: ReplyTo });
export type Delivery = z.infer<typeof Delivery>;
