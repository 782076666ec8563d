import { setTimeout as wait } from 'node:timers/promises';
import type { CrashSandbox } from './crash-sandbox.ts';

/** Kills the service at times that follow from the seed, as soon as half a second after its last death. */
export function killAtRandom(
  { service }: CrashSandbox,
  { seed, times }: { readonly seed: number; readonly times: number },
): { readonly kills: () => number; stop(): Promise<void> } {
  const random = mulberry32(seed);
  const over = new AbortController();
  let kills = 0;
  const work = async () => {
    while (kills < times && !over.signal.aborted) {
      await wait(500 + random() * 4_000, undefined, { signal: over.signal }).catch(() => {});
      if (over.signal.aborted || !service.isRunning()) continue;
      kills += 1;
      await service.kill();
    }
  };
  const working = work();
  return {
    kills: () => kills,
    async stop() {
      over.abort();
      await working;
    },
  };
}

/** A small generator with a seed, from 0 up to 1. Source: Tommy Ettinger's mulberry32, public domain. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
