import type { Instant } from '../shared/time.ts';
import { second } from '../shared/time.ts';
import type { World } from './world.ts';

/** A replica that has not been heard of for this long is gone. */
const aliveMs = 90 * second;
/** A replica that was there is believed to be for this long. */
const believedMs = 20 * second;

/** Signs of life of a replica: one small write for all that it looks after, instead of one a rollout. */
export type Presence = {
  /** Says that we are here; writes only when the last sign grows old. */
  show(): Promise<void>;
  /** Whether a replica shows no sign of life any more. */
  isGone(other: string): Promise<boolean>;
  /** Says that we are not here any more; whoever is may go on with our work at once. */
  leave(): Promise<void>;
};

/** A replica's presence is a lease of its own name: whoever can take it from the replica knows that it is gone. */
export function createPresence(
  { clock, store: { leases }, log }: Pick<World, 'clock' | 'store' | 'log'>,
  owner: string,
): Presence {
  const askAgainAt = new Map<string, Instant>();
  const goneUntil = new Map<string, Instant>();
  let shownUntil: Instant = 0;
  return {
    async show() {
      const now = clock.now();
      if (shownUntil - now > aliveMs / 2) return;
      const until = now + aliveMs;
      // Refused: we were slow, and somebody took us for gone. Their sign ends, and then ours is there again.
      if (await leases.take(nameOf(owner), owner, now, until)) shownUntil = until;
    },
    async isGone(other) {
      const now = clock.now();
      if ((goneUntil.get(other) ?? 0) > now) return true;
      if ((askAgainAt.get(other) ?? 0) > now) return false;
      const until = now + aliveMs;
      if (await leases.take(nameOf(other), owner, now, until)) {
        log.info({ replica: other }, 'a replica is gone');
        goneUntil.set(other, until);
        return true;
      }
      askAgainAt.set(other, now + believedMs);
      return false;
    },
    async leave() {
      try {
        await leases.release(nameOf(owner), owner);
      } catch (cause) {
        log.warn({ cause }, 'our sign of life will end by itself');
      }
    },
  };
}

function nameOf(owner: string): string {
  return `replica-${owner}`;
}
