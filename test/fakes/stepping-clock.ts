import type { Clock, Instant } from '../../src/shared/time.ts';

/** A clock on which every sleep is over at once, having taken its time. `slept` says how long each was, in ms. */
export type SteppingClock = Clock & {
  readonly slept: readonly number[];
  advance(ms: number): void;
};

export function steppingClock(start: Instant): SteppingClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    monotonic: () => now - start,
    async sleep(ms) {
      slept.push(ms);
      now += Math.max(0, ms);
    },
    advance(ms) {
      now += ms;
    },
  };
}
