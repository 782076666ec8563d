import { type Instant, second } from '../../shared/time.ts';

/** Spells an end as TTL reads it: whole seconds since 1970, rounded up so that nothing goes early. */
export const expiresAt = (now: Instant, keepMs: number): number =>
  Math.ceil((now + keepMs) / second);

/** Whether an item is over. DynamoDB still serves it for up to two days, so a reader must ask. */
export const isOver = (endSeconds: number | undefined, now: Instant): boolean =>
  endSeconds !== undefined && endSeconds * second <= now;
