import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clockOf } from '../shared/clock.ts';
import type { Clock, Instant } from '../shared/time.ts';
import { hour } from '../shared/time.ts';
import { newestRecorded } from './newest-recorded.ts';
import { readJson } from './read-json.ts';
import { SandboxDataError } from './sandbox-data-error.ts';
import { writeWhole } from './write-whole.ts';

/** What makes two processes agree on the time: real time `realStart` is `virtualStart`, and runs `speed` times as fast. */
export const ClockSetting = z.object({
  speed: z.number().min(0.1).max(10_000),
  realStart: z.number(),
  virtualStart: z.number(),
});
export type ClockSetting = z.infer<typeof ClockSetting>;

const Kept = z.object({ virtual: z.number() });

/** The newest instants that are found elsewhere may have been followed by others that were not written any more. */
const unwritten = hour;

/**
 * The sandbox's time: goes on where an earlier run on the same data ended, never backward.
 * @throws SandboxDataError when it cannot be known where that was.
 */
export function sandboxClock(
  speed: number,
  dataDir: string,
): {
  readonly clock: Clock;
  readonly setting: ClockSetting;
  /** @param aheadMs real ms that may pass until the next call: a process that is killed before it has not been later. */
  keep(aheadMs?: number): void;
} {
  const path = join(dataDir, 'clock.json');
  const realStart: Instant = Date.now();
  const virtualStart = Math.max(realStart, keptTime(path, dataDir));
  const setting = { speed, realStart, virtualStart };
  const clock = clockOf(setting);
  return {
    clock,
    setting,
    keep(aheadMs = 0) {
      mkdirSync(dataDir, { recursive: true });
      writeWhole(path, JSON.stringify({ virtual: clock.now() + Math.ceil(aheadMs * speed) }));
    },
  };
}

function keptTime(path: string, dataDir: string): Instant {
  const found = readJson(path);
  if (found === 'absent') return 0;
  const kept = Kept.safeParse(found === 'unreadable' ? undefined : found.json);
  if (kept.success) return kept.data.virtual;
  const newest = newestRecorded(dataDir);
  if (newest === undefined)
    throw new SandboxDataError(
      `${path} cannot be read, and nothing else in the folder says how late it was there. Start anew: --fresh.`,
    );
  return newest + unwritten;
}
