import type { RolloutEvent } from '../src/rollout/events.ts';

/** Follows a thread from its first line: what is tried for days and what flaps must not fill it, nor the channel. */
export function createSaidBefore() {
  const holds = new Map<string, string>();
  const troubles = new Set<string>();
  return {
    /** Whether the line before it on the same matter said the very same. */
    isRetold(event: RolloutEvent): boolean {
      if (event.type !== 'MergeHeld') return false;
      const wave = `${event.environment}/${event.wave}`;
      const why = `${event.because} ${event.detail ?? ''}`;
      const before = holds.get(wave);
      holds.set(wave, why);
      return before === why;
    },
    /** Whether the channel heard of this kind of trouble of the wave before. */
    isHeard(event: RolloutEvent): boolean {
      if (event.type !== 'ReplacementStalled' && event.type !== 'SoakBroken') return false;
      const trouble = `${event.type} ${event.environment}/${event.wave}`;
      const heard = troubles.has(trouble);
      troubles.add(trouble);
      return heard;
    },
  };
}
