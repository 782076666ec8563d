import { z } from 'zod';
import { ReleaseId, RolloutId, SlackUserId } from '../src/shared/ids.ts';

const of = { rollout: RolloutId, by: SlackUserId };
const ofAsk = { ...of, environment: z.string(), ask: z.number().int() };

const holdScope = z.object({
  kind: z.enum(['cluster', 'pool', 'variant']),
  name: z.string(),
  cluster: z.string().exactOptional(),
});

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
  z.object({ kind: z.literal('switch'), ...of }),
  z.object({ kind: z.literal('pause'), ...of, reason: z.string().max(500).optional() }),
  z.object({ kind: z.literal('brake'), ...of, reason: z.string().max(500).optional() }),
  z.object({ kind: z.literal('resume'), ...of }),
  z.object({ kind: z.literal('accept-merge'), ...of, environment: z.string() }),
  z.object({ kind: z.literal('merge'), ...ofAsk }),
  z.object({ kind: z.literal('sync'), ...of, environment: z.string(), cluster: z.string() }),
  z.object({
    kind: z.literal('roll-back'),
    ...of,
    reason: z.string().min(10).max(1000),
    /** Absent: every cluster that moved. */
    clusters: z.array(z.string()).optional(),
    /** A tick of its own: nobody is offered the release again. */
    markBad: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('freeze'), by: SlackUserId, reason: z.string().min(3).max(500) }),
  z.object({ kind: z.literal('unfreeze'), by: SlackUserId }),
  z.object({
    kind: z.literal('hold'),
    by: SlackUserId,
    scope: holdScope,
    until: z.number(),
    reason: z.string().min(3).max(500),
  }),
  z.object({ kind: z.literal('unhold'), by: SlackUserId, scope: holdScope }),
  z.object({
    kind: z.literal('mark-bad'),
    by: SlackUserId,
    release: ReleaseId,
    where: z.object({
      cluster: z.string().exactOptional(),
      kubernetes: z.string().exactOptional(),
      architecture: z.string().exactOptional(),
      variant: z.string().exactOptional(),
    }),
    reason: z.string().min(10).max(1000),
  }),
  z.object({ kind: z.literal('clear-bad'), by: SlackUserId, release: ReleaseId }),
]);
export type PersonRequest = z.infer<typeof PersonRequest>;

/** What concerns one rollout, and not all of them. */
export type RolloutRequest = Extract<PersonRequest, { rollout: RolloutId }>;

/** What concerns all of them. */
export type GlobalRequest = Exclude<PersonRequest, RolloutRequest>;

const globalKinds: ReadonlySet<string> = new Set<GlobalRequest['kind']>([
  'freeze',
  'unfreeze',
  'hold',
  'unhold',
  'mark-bad',
  'clear-bad',
]);

export function isGlobal(request: PersonRequest): request is GlobalRequest {
  return globalKinds.has(request.kind);
}

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
