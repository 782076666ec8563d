import { z } from 'zod';
import { Digest, SlackGroupId, SlackUserId } from '../shared/ids.ts';
import { inEnvironment } from './event-fields.ts';
import { WavePlan } from './plan.ts';
import { EnvironmentPolicy } from './policy.ts';
import { RefusalCode } from './refusal.ts';

/** Why approvals that were given do not count any more. */
export const VoidReason = z.enum([
  'change-moved',
  'policy-changed',
  'foreign-commit',
  'risk-raised',
  'no-longer-approver',
  'no-longer-valid',
]);
export type VoidReason = z.infer<typeof VoidReason>;

/** Why people are not asked yet although it is an environment's turn. */
export const DeferReason = z.enum(['minimum-age', 'cadence']);
export type DeferReason = z.infer<typeof DeferReason>;

/** What is asked of people, and what they or the policy answered; part of `RolloutEvent`. */
export const approvalEvents = [
  z.object({
    type: z.literal('EnvironmentDeferred'),
    ...inEnvironment,
    until: z.number(),
    because: DeferReason,
  }),
  z.object({
    type: z.literal('ApprovalRequested'),
    ...inEnvironment,
    /** 1, 2, …: a button carries it, so that a click on an older card is told apart. */
    ask: z.number().int().min(1),
    digest: Digest,
    /** The rules and waves this ask stands under. */
    policy: EnvironmentPolicy,
    waves: z.array(WavePlan),
    pins: z.number().int(),
    /** Clusters that were unproven in an environment before this one. */
    unproven: z.array(z.string()).optional(),
    expiresAt: z.number(),
  }),
  z.object({
    type: z.literal('ApprovalGranted'),
    ...inEnvironment,
    by: SlackUserId,
    digest: Digest,
    note: z.string().optional(),
    /** Sets of the rule this person is in, by their place; absent: it has none. */
    sets: z.array(z.number().int()).optional(),
    /** Groups this person was in that are looked at at the click only; absent: none. */
    atClick: z.array(SlackGroupId).optional(),
  }),
  z.object({
    type: z.literal('ApprovedAutomatically'),
    ...inEnvironment,
    digest: Digest,
    because: z.enum(['always', 'low-risk']),
  }),
  z.object({ type: z.literal('ApproversReminded'), ...inEnvironment, ask: z.number().int() }),
  z.object({
    type: z.literal('ApprovalWithdrawn'),
    ...inEnvironment,
    by: SlackUserId,
    digest: Digest,
  }),
  z.object({
    type: z.literal('ApprovalRefused'),
    ...inEnvironment,
    ask: z.number().int().optional(),
    by: SlackUserId,
    reason: RefusalCode,
  }),
  z.object({
    type: z.literal('ApprovalsVoided'),
    ...inEnvironment,
    because: VoidReason,
    /** Whose approvals; absent: everybody's, and it is asked again. */
    of: z.array(SlackUserId).optional(),
    detail: z.string().optional(),
  }),
  z.object({ type: z.literal('ApprovalExpired'), ...inEnvironment, ask: z.number().int() }),
  z.object({
    type: z.literal('EnvironmentRejected'),
    ...inEnvironment,
    by: SlackUserId,
    reason: z.string(),
  }),
  z.object({ type: z.literal('EnvironmentObserved'), ...inEnvironment, pins: z.number().int() }),
  z.object({
    type: z.literal('EnvironmentOvertaken'),
    ...inEnvironment,
    detail: z.string(),
  }),
  z.object({ type: z.literal('UnapprovedMergeAccepted'), ...inEnvironment, by: SlackUserId }),
] as const;
