/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/**
 * Where time comes from. The service never reads the machine's clock itself, so a test or the sandbox can run an hour
 * in a second.
 */
export type Clock = {
  now(): Instant;
  /** Milliseconds of real time from an arbitrary start; never runs faster or backward. For limits on network calls. */
  monotonic(): number;
  /** Resolves after `ms` of this clock's time; at once, without error, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** The first of some points in time, as far as they are known; `undefined` where none is. */
export function earliest(...times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Spells an instant as ISO 8601 in UTC, to the second. */
export function isoOf(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
