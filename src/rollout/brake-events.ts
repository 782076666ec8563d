import { z } from 'zod';
import { SlackUserId } from '../shared/ids.ts';
import { at } from './event-fields.ts';

/** The facts of a brake, in the order they come; part of `RolloutEvent`. */
export const brakeEvents = [
  /** Old nodes of these clusters are to be held from now on. Without `by`: a breach of health, or the end of a window. */
  z.object({
    type: z.literal('BrakeSet'),
    clusters: z.array(z.string()).min(1),
    by: SlackUserId.optional(),
    reason: z.string().optional(),
    at,
  }),
  /** What came of it in one cluster: told once, and again when that turns. */
  z.object({
    type: z.literal('BrakeObserved'),
    cluster: z.string(),
    /** Old nodes that carry our mark. */
    held: z.number().int(),
    /** Old nodes that Karpenter had chosen already: they finish. */
    moving: z.number().int(),
    /** Why old nodes are not held, in the API server's words; absent: they are. */
    refused: z.string().optional(),
    at,
  }),
  /** Nothing in this cluster carries our mark any more. */
  z.object({
    type: z.literal('BrakeReleased'),
    cluster: z.string(),
    nodes: z.number().int(),
    at,
  }),
] as const;
