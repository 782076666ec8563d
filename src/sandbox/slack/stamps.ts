import { randomBytes } from 'node:crypto';
import type { Clock } from '../../shared/time.ts';

export type Stamps = ReturnType<typeof createStamps>;

/** Time stamps and identifiers as Slack spells them. */
export function createStamps(clock: Clock, last = 0) {
  let newest = last;
  return {
    /** `1700000000.000100`: seconds and microseconds, never the same twice and never going back. */
    ts(): string {
      newest = Math.max(newest + 100, clock.now() * 1_000);
      return `${Math.floor(newest / 1_000_000)}.${String(newest % 1_000_000).padStart(6, '0')}`;
    },
    /** The newest stamp, in microseconds, to go on from after a restart. */
    newest: () => newest,
    /** A prefix and random upper-case letters and digits. */
    id: (prefix: string) => `${prefix}${randomBytes(6).toString('hex').toUpperCase()}`,
    /** Opaque and unguessable. */
    secret: () => randomBytes(16).toString('hex'),
  };
}
