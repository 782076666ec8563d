import type { Clock, Instant } from '../../shared/time.ts';
import { day, minute } from '../../shared/time.ts';
import type { Log } from '../../workflow/log.ts';

/** A copy older than this says nothing about today. */
const goodForMs = day;
/** A feed that failed is left alone for a while. */
const restMs = minute;

/**
 * Keeps what a feed said, asks again when it is due, and falls back on the copy of a day at most.
 * @param load gets the copy it made before, to ask whether it still stands.
 * @returns how to get it; throws what `load` threw when there is no copy that is young enough.
 */
export function keptFeed<Copy>(
  load: (before: Copy | undefined) => Promise<Copy>,
  {
    name,
    everyMs,
    clock,
    log,
  }: {
    readonly name: string;
    readonly everyMs: number;
    readonly clock: Clock;
    readonly log: Log;
  },
): () => Promise<Copy> {
  let copy: { readonly value: Copy; readonly at: Instant } | undefined;
  let failed: { readonly cause: unknown; readonly at: Instant } | undefined;
  let loading: Promise<Copy> | undefined;

  const refresh = async (): Promise<Copy> => {
    try {
      const value = await load(copy?.value);
      copy = { value, at: clock.now() };
      failed = undefined;
      return value;
    } catch (cause) {
      failed = { cause, at: clock.now() };
      log.warn({ feed: name, cause }, 'feed not read');
      return orOld(cause);
    } finally {
      loading = undefined;
    }
  };
  const orOld = (cause: unknown): Copy => {
    if (copy !== undefined && clock.now() - copy.at < goodForMs) return copy.value;
    throw cause;
  };

  return async () => {
    const now = clock.now();
    if (copy !== undefined && now - copy.at < everyMs) return copy.value;
    if (failed !== undefined && now - failed.at < restMs) return orOld(failed.cause);
    loading ??= refresh();
    return loading;
  };
}
