import type { Wave } from '../rollout/wave.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { minute } from '../shared/time.ts';
import type { Blocker } from '../tracking/blocker.ts';
import { ownedBlockers } from '../tracking/owned-blockers.ts';
import type { NodeClaimView } from '../tracking/types.ts';
import type { Slot } from './ports/store.ts';
import type { Sightings } from './sightings.ts';
import { waveKey } from './sightings.ts';
import type { World } from './world.ts';

/** What ends sooner is not worth a word to anybody. */
const tellAfterMs = 10 * minute;

/** A line in an owner's channel. */
export type OwnerLine = {
  /** Names cluster and owner, so that another process can tell what it was about. */
  readonly slot: string;
  readonly channel: string;
  readonly cluster: string;
  readonly what: string;
  /** Empty: it holds nothing any more. */
  readonly blockers: readonly Blocker[];
};

/** Notes what of teams' holds nodes of a cluster now, and since when this process knows. */
export function noteOwned(
  { fleet, clock, sightings }: Pick<World, 'fleet' | 'clock' | 'sightings'>,
  { rollout, wave }: { readonly rollout: RolloutId; readonly wave: Wave },
  {
    cluster,
    claims,
    blockers,
  }: {
    readonly cluster: string;
    readonly claims: readonly NodeClaimView[];
    readonly blockers: readonly Blocker[];
  },
): void {
  const { owners = [] } = fleet;
  if (owners.length === 0) return;
  const { owned } = sightings(rollout);
  const key = `${waveKey(wave)} ${cluster}`;
  const before = new Map(owned.get(key)?.blockers.map(({ what, since }) => [what, since]));
  const nodePoolOf = new Map(
    claims.map(({ name, nodeName, nodePool }) => [nodeName ?? name, nodePool]),
  );
  const now = clock.now();
  owned.set(key, {
    cluster,
    blockers: ownedBlockers(blockers, { owners, nodePoolOf }).map((one) => ({
      ...one,
      since: before.get(one.what) ?? now,
    })),
  });
}

/**
 * What the channels of owners are to say: of what holds nodes for a while, and that it does no longer.
 * @param posted messages that stand.
 */
export function ownerLines(
  owned: Sightings['owned'],
  posted: readonly Pick<Slot, 'name' | 'channel'>[],
  now: Instant,
): readonly OwnerLine[] {
  const lines = new Map<string, OwnerLine>();
  const seen = new Set<string>();
  for (const { cluster, blockers } of owned.values()) {
    seen.add(cluster);
    for (const { what, channel, since, blockers: of } of blockers) {
      const slot = slotOf(cluster, what);
      if (posted.some(({ name }) => name === slot) || now - since >= tellAfterMs)
        lines.set(slot, { slot, channel, cluster, what, blockers: of });
    }
  }
  for (const cluster of seen) {
    const begins = slotOf(cluster, '');
    for (const { name: slot, channel } of posted) {
      if (!slot.startsWith(begins) || lines.has(slot)) continue;
      const what = slot.slice(begins.length);
      lines.set(slot, { slot, channel, cluster, what, blockers: [] });
    }
  }
  return [...lines.values()];
}

function slotOf(cluster: string, what: string): string {
  return `owner ${cluster} ${what}`;
}
