import type { Clock, Instant } from '../../src/shared/time.ts';

/** Turns of the event loop in which nothing may be under way before time moves on. */
const quietTurns = 6;
/** Real time without any answer after which what is under way must itself be waiting for our clock, in ms. */
const stuckMs = 400;

type Sleeper = { readonly until: Instant; readonly wake: () => void };

/**
 * Time that stands still while anything is under way and then jumps to whoever sleeps least: days pass in seconds, and
 * however slow the machine is, the service sees the same day.
 */
export function virtualTime(start: Instant) {
  let now = start;
  let underWay = 0;
  let lastNews = performance.now();
  const sleepers = new Set<Sleeper>();

  const clock: Clock = {
    now: () => now,
    monotonic: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true || ms <= 0) {
          resolve();
          return;
        }
        const sleeper = {
          until: now + ms,
          wake() {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
  };

  const counted = async <T>(work: Promise<T>): Promise<T> => {
    underWay += 1;
    try {
      return await work;
    } finally {
      underWay -= 1;
      lastNews = performance.now();
    }
  };

  const quiet = async (): Promise<void> => {
    for (let calm = 0; calm < quietTurns; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const stuck = underWay > 0 && performance.now() - lastNews > stuckMs;
      calm = underWay === 0 || stuck ? calm + 1 : 0;
    }
  };

  return {
    clock,
    /** The same port, every call of which holds the time while it is under way. */
    watched<Port extends object>(port: Port): Port {
      return new Proxy(port, {
        get(target, name, receiver) {
          const member: unknown = Reflect.get(target, name, receiver);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => {
            const answer: unknown = Reflect.apply(member, target, args);
            return answer instanceof Promise ? counted(answer) : answer;
          };
        },
      });
    },
    /** Lets time pass until `done`. @throws Error when it is not done by `latest`. */
    async pass(done: () => boolean | Promise<boolean>, latest: Instant): Promise<void> {
      for (;;) {
        await quiet();
        if (await done()) return;
        const next = [...sleepers].sort((a, b) => a.until - b.until)[0];
        if (next === undefined) throw new Error('nothing is left to wait for');
        if (next.until > latest) throw new Error(`not done by ${new Date(latest).toISOString()}`);
        now = Math.max(now, next.until);
        lastNews = performance.now();
        for (const sleeper of [...sleepers]) if (sleeper.until <= now) sleeper.wake();
      }
    },
  };
}

export type VirtualTime = ReturnType<typeof virtualTime>;
