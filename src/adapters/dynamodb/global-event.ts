import { z } from 'zod';
import type { Json } from '../../shared/canonical.ts';
import { ReleaseId } from '../../shared/ids.ts';
import type { GlobalEvent } from '../../workflow/ports/store.ts';

const holdScope = {
  kind: z.enum(['cluster', 'pool', 'variant']),
  name: z.string(),
  cluster: z.string().exactOptional(),
};

// One schema a type: an event that is added to the port and not here does not compile.
const schemas: { readonly [Type in GlobalEvent['type']]: z.ZodType<GlobalEvent & { type: Type }> } =
  {
    Frozen: z.object({
      type: z.literal('Frozen'),
      by: z.string(),
      reason: z.string(),
      at: z.number(),
    }),
    Unfrozen: z.object({ type: z.literal('Unfrozen'), by: z.string(), at: z.number() }),
    AttemptRefused: z.object({
      type: z.literal('AttemptRefused'),
      by: z.string(),
      wanted: z.string(),
      reason: z.string(),
      at: z.number(),
    }),
    HoldSet: z.object({
      type: z.literal('HoldSet'),
      ...holdScope,
      until: z.number(),
      reason: z.string(),
      by: z.string(),
      at: z.number(),
    }),
    HoldLifted: z.object({
      type: z.literal('HoldLifted'),
      ...holdScope,
      by: z.string(),
      at: z.number(),
    }),
    ReleaseMarkedBad: z.object({
      type: z.literal('ReleaseMarkedBad'),
      release: ReleaseId,
      cluster: z.string().exactOptional(),
      kubernetes: z.string().exactOptional(),
      architecture: z.string().exactOptional(),
      variant: z.string().exactOptional(),
      reason: z.string(),
      by: z.string(),
      at: z.number(),
    }),
    ReleaseCleared: z.object({
      type: z.literal('ReleaseCleared'),
      release: ReleaseId,
      by: z.string(),
      at: z.number(),
    }),
    ReleaseRecalled: z.object({
      type: z.literal('ReleaseRecalled'),
      release: ReleaseId,
      because: z.enum(['moved-back', 'marked', 'deprecated', 'disabled', 'unavailable']),
      detail: z.string(),
      regions: z.array(z.string()).exactOptional(),
      at: z.number(),
    }),
    RecallLifted: z.object({
      type: z.literal('RecallLifted'),
      release: ReleaseId,
      detail: z.string(),
      at: z.number(),
    }),
  };

const AnyGlobalEvent = z.union(Object.values(schemas));

/** Reads an event of the fleet's stream. @throws when it is none. */
export const parseGlobalEvent = (json: Json): GlobalEvent => AnyGlobalEvent.parse(json);
