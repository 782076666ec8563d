import type { Clock, Instant } from '../../src/shared/time.ts';

/** A clock that moves only when it is told to. Sleepers wake when their time has come. */
export type ManualClock = Clock & { advance(ms: number): void; set(at: Instant): void };

export function manualClock(start: Instant): ManualClock {
  let now = start;
  let sleepers: { until: Instant; wake: () => void }[] = [];
  const wakeDue = () => {
    const due = sleepers.filter(({ until }) => until <= now);
    sleepers = sleepers.filter(({ until }) => until > now);
    for (const { wake } of due) wake();
  };
  return {
    now: () => now,
    monotonic: () => now - start,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted === true || ms <= 0) {
          resolve();
          return;
        }
        const wake = () => {
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        sleepers.push({ until: now + ms, wake });
        signal?.addEventListener('abort', wake, { once: true });
      });
    },
    advance(ms) {
      now += ms;
      wakeDue();
    },
    set(at) {
      now = at;
      wakeDue();
    },
  };
}
