import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { hour } from '../shared/time.ts';
import type { Head } from './ports/store.ts';
import type { Presence } from './presence.ts';
import type { World } from './world.ts';

/** How long a replica keeps a rollout to itself; one that shows no sign of life loses it at once. */
const leaseMs = 6 * hour;

/** Which rollouts this replica looks after. It only spares work: what is true follows from the sequence. */
export type RolloutLeases = {
  /** Takes the rollout's lease or keeps it; one held by a replica that is gone is taken from it. */
  hold(head: Head, now: Instant): Promise<boolean>;
  /** Lets go of what is known of a closed rollout. */
  forget(id: RolloutId): void;
};

export function createRolloutLeases(
  { store: { heads } }: Pick<World, 'store'>,
  owner: string,
  presence: Presence,
): RolloutLeases {
  const heldUntil = new Map<RolloutId, Instant>();
  return {
    async hold({ rollout: id, lease }, now) {
      const theirs = lease !== undefined && lease.owner !== owner && lease.until > now;
      if (!theirs && (heldUntil.get(id) ?? 0) > now + leaseMs / 3) return true;
      // Whoever shows signs of life keeps it, and asking for it would only cost writes.
      if (theirs && !(await presence.isGone(lease.owner))) return false;
      const until = now + leaseMs;
      const taken = await heads.lease(id, owner, theirs ? lease.until : now, until);
      heldUntil.set(id, taken ? until : 0);
      return taken;
    },
    forget: (id) => void heldUntil.delete(id),
  };
}
