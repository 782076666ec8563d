import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { clockOf } from '../shared/clock.ts';
import type { Clock, Instant } from '../shared/time.ts';

/** What makes two processes agree on the time: real time `realStart` is `virtualStart`, and runs `speed` times as fast. */
export const ClockSetting = z.object({
  speed: z.number().min(0.1).max(10_000),
  realStart: z.number(),
  virtualStart: z.number(),
});
export type ClockSetting = z.infer<typeof ClockSetting>;

const Kept = z.object({ virtual: z.number() });

/** The sandbox's time: goes on where an earlier run on the same data ended, never backward. */
export function sandboxClock(
  speed: number,
  dataDir: string,
): { readonly clock: Clock; readonly setting: ClockSetting; keep(): void } {
  const path = join(dataDir, 'clock.json');
  const realStart: Instant = Date.now();
  const virtualStart = Math.max(realStart, keptTime(path));
  const setting = { speed, realStart, virtualStart };
  const clock = clockOf(setting);
  return {
    clock,
    setting,
    keep() {
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(path, JSON.stringify({ virtual: clock.now() }));
    },
  };
}

function keptTime(path: string): Instant {
  if (!existsSync(path)) return 0;
  const kept = Kept.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return kept.success ? kept.data.virtual : 0;
}
