import type { Clock, Instant } from '../shared/time.ts';
import type { Log } from './log.ts';

/** Something that is to be done again and again; `nextAfter` says when, from our clock. */
export type Recurring = {
  readonly name: string;
  /** When it is due next, after it was done (or began) at `now`. */
  nextAfter(now: Instant): Instant;
  /** Done alone: the next run waits for this one. */
  run(): Promise<void>;
  readonly firstAt: Instant;
};

/** Does what is due, each time it is ticked. What is due is told by our clock; the tick only has to come often enough. */
export function createPulse({
  clock,
  log,
  recurring,
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly recurring: readonly Recurring[];
}): { tick(): void; settled(): Promise<void> } {
  const due = new Map(recurring.map(({ name, firstAt }) => [name, firstAt]));
  const running = new Map<string, Promise<void>>();

  const start = (one: Recurring, now: Instant) => {
    due.set(one.name, one.nextAfter(now));
    const work = one
      .run()
      .catch((cause: unknown) => log.warn({ work: one.name, cause }, 'recurring work failed'))
      .finally(() => running.delete(one.name));
    running.set(one.name, work);
  };

  return {
    tick() {
      const now = clock.now();
      for (const one of recurring) {
        if (!running.has(one.name) && (due.get(one.name) ?? 0) <= now) start(one, now);
      }
    },
    async settled() {
      await Promise.all(running.values());
    },
  };
}
