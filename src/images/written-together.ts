import type { Instant } from '../shared/time.ts';
import { minute } from '../shared/time.ts';

/** Leaves of one publication follow one another within seconds; publications are hours or days apart. */
const longestWriting = minute;

/**
 * Whether two leaves of a folder were written by the same publication, as far as the times of their last writing show it.
 * If not (or where a time is not known) one of them may still be of the release before.
 */
export function writtenTogether(
  one: { readonly writtenAt?: Instant },
  other: { readonly writtenAt?: Instant },
): boolean {
  if (one.writtenAt === undefined || other.writtenAt === undefined) return false;
  return Math.abs(one.writtenAt - other.writtenAt) <= longestWriting;
}
