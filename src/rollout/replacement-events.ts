import { z } from 'zod';
import { SlackUserId } from '../shared/ids.ts';
import { inWave } from './event-fields.ts';

/** What becomes of the nodes of a wave once it is merged; part of `RolloutEvent`. */
export const replacementEvents = [
  z.object({
    type: z.literal('SyncRequested'),
    ...inWave,
    cluster: z.string(),
    by: SlackUserId,
  }),
  z.object({ type: z.literal('SyncObserved'), ...inWave, cluster: z.string() }),
  z.object({
    type: z.literal('ReplacementObserved'),
    ...inWave,
    replaced: z.number().int(),
    total: z.number().int(),
  }),
  z.object({ type: z.literal('ReplacementStalled'), ...inWave, blockers: z.array(z.string()) }),
  z.object({ type: z.literal('ReplacementResumed'), ...inWave }),
  z.object({
    type: z.literal('SoakStarted'),
    ...inWave,
    until: z.number(),
    /** Nodes that run the new image. */
    total: z.number().int(),
    /** Why the others have yet to follow, a sentence each; absent: there are none. */
    tail: z.array(z.string()).optional(),
    /** Paused until somebody says that it may go on without these. */
    asks: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('SoakBroken'), ...inWave, because: z.string() }),
  z.object({
    type: z.literal('WaveCompleted'),
    ...inWave,
    proven: z.boolean(),
    replaced: z.number().int(),
    tail: z.array(z.string()),
  }),
  z.object({
    type: z.literal('WindowEnded'),
    ...inWave,
    /** What the policy asks for now. */
    next: z.enum(['brake', 'ask']),
  }),
  /** A check of health was breached, so nothing more goes forward until somebody says so. */
  z.object({
    type: z.literal('RolloutHalted'),
    ...inWave,
    checks: z.array(z.string()),
    evidence: z.array(z.string()),
  }),
] as const;
