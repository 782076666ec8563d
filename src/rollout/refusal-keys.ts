import type { EventOf } from './events.ts';

/** The key under which a refusal is remembered, so that they can be counted. */
export function refusalKey(ask: number | undefined, by: string, reason: string): string {
  return [ask ?? 0, by, reason].join('|');
}

/** The key under which a request that was turned down is remembered, so that they can be counted. */
export function attemptKey({
  by,
  wanted,
  environment,
  ask,
  reason,
}: Omit<EventOf<'AttemptRefused'>, 'type' | 'at'>): string {
  return [wanted, environment ?? '', ask ?? 0, by, reason].join('|');
}
