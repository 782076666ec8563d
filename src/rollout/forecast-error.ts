import type { Instant } from '../shared/time.ts';
import type { RolloutEvent } from './events.ts';

/** How far a wave's forecast was from what happened. */
export type ForecastError = {
  readonly environment: string;
  readonly wave: string;
  /** Made right before the merge, from the pins in the clusters to the last node, in ms. */
  readonly expected: { readonly p50Ms: number; readonly p80Ms: number };
  /** From the last cluster that got its pins to the last replaced node, in ms. */
  readonly tookMs: number;
  /** Of p50, as a share of what it took; positive: it was expected later. */
  readonly error: number;
};

/** What a rollout's record says of its forecasts: one a wave whose nodes were all replaced, in their order. */
export function forecastErrors(events: readonly RolloutEvent[]): readonly ForecastError[] {
  const waves = new Map<string, Marks>();
  for (const event of events) {
    // A chain of ifs, as most events say nothing of the time.
    if (event.type === 'MergeStarted') {
      const { environment, wave, expected } = event;
      // a merge that was held starts anew, with a newer forecast
      if (expected !== undefined) waves.set(keyOf(event), { environment, wave, expected });
    } else if (event.type === 'SyncObserved') {
      const marks = waves.get(keyOf(event));
      if (marks !== undefined) marks.synced = event.at;
    } else if (event.type === 'ReplacementObserved' && event.replaced === event.total) {
      const marks = waves.get(keyOf(event));
      // what breaks after that is repaired, which is another thing
      if (marks !== undefined) marks.done ??= event.at;
    }
  }
  return [...waves.values()].flatMap(({ environment, wave, expected, synced, done }) => {
    if (synced === undefined || done === undefined || done <= synced) return [];
    const tookMs = done - synced;
    const error = (expected.p50Ms - tookMs) / tookMs;
    return [{ environment, wave, expected, tookMs, error }];
  });
}

type Marks = Pick<ForecastError, 'environment' | 'wave' | 'expected'> & {
  synced?: Instant;
  done?: Instant;
};

function keyOf({ environment, wave }: { readonly environment: string; readonly wave: string }) {
  return `${environment}/${wave}`;
}
