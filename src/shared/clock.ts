import { setTimeout as wait } from 'node:timers/promises';
import type { Clock, Instant } from './time.ts';

/** Real time, or real time run `speed` times faster from `origin` on: both processes of a sandbox agree on what time it is. */
export function clockOf({
  speed = 1,
  realStart = 0,
  virtualStart = realStart,
}: {
  readonly speed?: number;
  readonly realStart?: Instant;
  readonly virtualStart?: Instant;
} = {}): Clock {
  return {
    now: () => Math.floor(virtualStart + (Date.now() - realStart) * speed),
    monotonic: () => performance.now(),
    async sleep(ms, signal) {
      await wait(Math.max(0, ms / speed), undefined, signal === undefined ? {} : { signal }).catch(
        (cause: unknown) => {
          if (signal?.aborted !== true) throw cause;
        },
      );
    },
  };
}

export const systemClock: Clock = clockOf();
