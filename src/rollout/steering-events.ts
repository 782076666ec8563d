import { z } from 'zod';
import { Digest, ReleaseId, RepositoryName, SlackUserId } from '../shared/ids.ts';
import { at, inEnvironment } from './event-fields.ts';
import { RefusalCode } from './refusal.ts';

/** How people hurry, hold, turn back or give up a rollout; part of `RolloutEvent`. */
export const steeringEvents = [
  z.object({
    type: z.literal('Snoozed'),
    by: SlackUserId,
    until: z.number(),
    why: z.string().optional(),
    at,
  }),
  z.object({ type: z.literal('SnoozeEnded'), by: SlackUserId.optional(), at }),
  z.object({
    type: z.literal('ExpediteRequested'),
    ...inEnvironment,
    by: SlackUserId,
    reason: z.string(),
    /** Who asked before and may no longer: their requests are void. */
    lapsed: z.array(SlackUserId).optional(),
  }),
  z.object({
    type: z.literal('EnvironmentExpedited'),
    ...inEnvironment,
    /** Two people who may, with their reasons; or what the policy says of such a fix. */
    by: z.array(SlackUserId),
    /** Critical or known-exploited CVEs it fixes, as far as they are known. */
    fixes: z.array(z.string()),
  }),
  z.object({
    type: z.literal('RolloutPaused'),
    by: SlackUserId,
    reason: z.string().optional(),
    at,
  }),
  z.object({ type: z.literal('RolloutResumed'), by: SlackUserId, at }),
  /** Gave way to a later release although nodes had moved: nothing more of it goes forward. */
  z.object({ type: z.literal('RolloutSwitched'), by: SlackUserId, to: ReleaseId, at }),
  z.object({
    type: z.literal('RollbackRequested'),
    by: SlackUserId,
    reason: z.string(),
    /** One per environment, in reverse promotion order. */
    recoveries: z.array(
      z.object({
        environment: z.string(),
        wave: z.string(),
        clusters: z.array(z.string()).min(1),
        repositories: z.array(RepositoryName).min(1),
        to: z.string(),
        digest: Digest,
      }),
    ),
    /** Clusters without a proven way back, left out and named. */
    leftOut: z.array(z.object({ cluster: z.string(), why: z.string() })),
    at,
  }),
  /** A request that was turned down, of whatever kind; of one person, request and reason no more than ten. */
  z.object({
    type: z.literal('AttemptRefused'),
    /** A Slack user id; an ARN where the command line was used by somebody whom the configuration does not map. */
    by: z.string(),
    /** The command, such as `Pause`. */
    wanted: z.string(),
    environment: z.string().optional(),
    ask: z.number().int().optional(),
    reason: RefusalCode,
    at,
  }),
] as const;
