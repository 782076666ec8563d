import { z } from 'zod';
import { ReleaseId } from '../shared/ids.ts';
import { at } from './event-fields.ts';

/** How a rollout can end other than by completing. */
export const ClosedOutcome = z.enum([
  'rejected',
  'expired',
  'closed',
  'overtaken',
  'failed',
  'observed',
  'withdrawn',
]);
export type ClosedOutcome = z.infer<typeof ClosedOutcome>;

/** How a rollout ends; part of `RolloutEvent`. */
export const endingEvents = [
  z.object({ type: z.literal('RolloutSuperseded'), by: ReleaseId, at }),
  /** The release was taken back, or its images are not fit any more: nothing of it goes forward. */
  z.object({ type: z.literal('ReleaseRecalled'), reason: z.string(), at }),
  z.object({ type: z.literal('RolloutCompleted'), at }),
  z.object({ type: z.literal('RolloutRolledBack'), at }),
  z.object({ type: z.literal('RolloutClosed'), outcome: ClosedOutcome, at }),
] as const;
