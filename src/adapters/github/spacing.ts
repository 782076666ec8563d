import { setTimeout as wait } from 'node:timers/promises';

/** The part of a Bottleneck group that Octokit's throttling plug-in uses. */
type Limiter = {
  key(id: string): { schedule(options: unknown, act: () => Promise<void>): Promise<void> };
};

/**
 * Lets one through every `ms` of real time, in order; 0 lets all through. It replaces the plug-in's own groups, whose
 * paces are fixed and shared by all clients of the process.
 */
export function spacing(ms: number): Limiter {
  let turn: Promise<unknown> = Promise.resolve();
  let last = Number.NEGATIVE_INFINITY;
  const schedule = async (_options: unknown, act: () => Promise<void>): Promise<void> => {
    const mine = turn.then(async () => {
      const rest = last + ms - performance.now();
      if (rest > 0) await wait(rest);
      last = performance.now();
    });
    turn = mine;
    await mine;
    await act();
  };
  return { key: () => ({ schedule }) };
}
