import { z } from 'zod';
import type { Json } from '../../shared/canonical.ts';
import { ReleaseId } from '../../shared/ids.ts';
import type { GlobalEvent } from '../../workflow/ports/store.ts';

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
    ReleaseRecalled: z.object({
      type: z.literal('ReleaseRecalled'),
      release: ReleaseId,
      because: z.enum(['moved-back', 'marked', 'deprecated', 'disabled', 'unavailable']),
      detail: z.string(),
      at: z.number(),
    }),
  };

const AnyGlobalEvent = z.union(Object.values(schemas));

/** Reads an event of the fleet's stream. @throws when it is none. */
export const parseGlobalEvent = (json: Json): GlobalEvent => AnyGlobalEvent.parse(json);
