import { type Clock, second } from '../../shared/time.ts';

/** Lets `perSecond` requests through each second of the clock, as many at once; full at the start. */
export function tokenBucket(clock: Clock, perSecond: number): () => boolean {
  let tokens = perSecond;
  let at = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(perSecond, tokens + ((now - at) / second) * perSecond);
    at = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
