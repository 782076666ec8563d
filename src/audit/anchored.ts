import { z } from 'zod';

/** What a stream was when it was anchored: how many records, and the hash of the last one. */
export const AnchoredStream = z.object({
  stream: z.string(),
  sequence: z.number().int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AnchoredStream = z.infer<typeof AnchoredStream>;

/**
 * One day's anchor. It names the streams that grew since the anchor before; those it does not name stand as an earlier
 * anchor left them. Anchors are a stream themselves, so each vouches for all before it.
 */
export const AnchorEvent = z.object({
  type: z.literal('Anchored'),
  /** `2026-11-21`, in UTC. */
  day: z.string(),
  streams: z.array(AnchoredStream),
  /** Streams that no longer follow from what was anchored before; they keep their earlier mark. */
  broken: z.array(z.string()).optional(),
  /** Streams anchored so far, this anchor's included. */
  total: z.number().int(),
  at: z.number(),
});
export type AnchorEvent = z.infer<typeof AnchorEvent>;

/** All marks of all anchors, by stream, oldest first. */
export function marksOf(
  anchors: readonly AnchorEvent[],
): ReadonlyMap<string, readonly { sequence: number; hash: string; day: string }[]> {
  const marks = new Map<string, { sequence: number; hash: string; day: string }[]>();
  for (const { day, streams } of anchors) {
    for (const { stream, sequence, hash } of streams) {
      marks.set(stream, [...(marks.get(stream) ?? []), { sequence, hash, day }]);
    }
  }
  return marks;
}

/** The day of an instant, in UTC, as `2026-11-21`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
