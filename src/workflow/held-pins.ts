import { releaseOf } from '../images/image-name.ts';
import { compareReleases } from '../images/releases.ts';
import type { Feeds, Hold } from '../rollout/hold.ts';
import { badText, holds, isBadFor, scopeText } from '../rollout/hold.ts';
import { nodeClassNamed } from '../rollout/share.ts';
import type { ReleaseId } from '../shared/ids.ts';
import { minute } from '../shared/time.ts';
import type { ClusterView } from '../tracking/types.ts';
import { furtherReaders } from './further-readers.ts';
import type { KeptBack } from './kept-back.ts';
import { keptBack } from './kept-back.ts';
import type { Placed } from './placed-pins.ts';
import { pinLabel } from './watched-pins.ts';
import type { World } from './world.ts';

/** A cluster that stays behind, and why. `hold`: where it is one; absent: the release is marked bad. */
export type HeldCluster = {
  readonly cluster: string;
  readonly why: string;
  readonly hold?: Hold;
};

export type WithoutHeld = {
  readonly placed: readonly Placed[];
  readonly held: readonly HeldCluster[];
  /** Pins that reach further than they are bound to, and why they stay. */
  readonly tooFar: readonly { readonly at: Placed['at']; readonly why: string }[];
};

type Reader = Pick<World, 'store' | 'fleet' | 'clock' | 'clusters' | 'images' | 'log'>;

/**
 * Leaves out what is kept back on purpose: it is no part of the change, and so of no wave. A pin that one held cluster
 * reads stays where it is for all that read it.
 */
export async function withoutHeld(
  world: Reader,
  all: readonly Placed[],
  release: ReleaseId,
): Promise<WithoutHeld> {
  const { further } = await furtherReaders(
    world,
    all.map(({ at }) => at),
  );
  // Where it reaches other environments that are known, it was bound to all of them before, or comes too early.
  const tooFar = [...further].map(([at, { leftAlone, because, environments }]) => ({
    at,
    why: leftAlone ?? `${because} (${environments.join(', ')}) too`,
  }));
  const placed = further.size === 0 ? all : all.filter(({ at }) => !further.has(at));
  const kept = await keptRecently(world);
  const bad = kept.bad.filter((one) => compareReleases(one.release, release) === 0);
  if (kept.holds.length === 0 && bad.length === 0) return { placed, held: [], tooFar };
  // The nodes have to be looked at only where pools, variants or architectures are spoken of.
  const looks =
    kept.holds.some(({ kind }) => kind !== 'cluster') ||
    bad.some(({ variant, architecture }) => (variant ?? architecture) !== undefined);
  const seen = new Map<string, ClusterView | undefined>();
  const held: HeldCluster[] = [];
  const keptPins = new Set<string>();
  for (const one of placed) {
    const { name } = one.cluster;
    if (looks && !seen.has(name)) seen.set(name, await viewOf(world, name));
    const feeds = await feedsOf(world, one, seen.get(name));
    const hold = kept.holds.find((candidate) => holds(candidate, feeds));
    const mark = bad.find((candidate) => isBadFor(candidate, feeds));
    if (hold === undefined && mark === undefined) continue;
    keptPins.add(keyOf(one));
    held.push({
      cluster: name,
      ...(hold === undefined ? {} : { hold }),
      why:
        hold === undefined
          ? `${mark === undefined ? release : badText(mark)} is marked bad: ${mark?.reason ?? ''}`
          : `${scopeText(hold)} is held until ${new Date(hold.until).toISOString().slice(0, 10)}: ${hold.reason}`,
    });
  }
  return { placed: placed.filter((one) => !keptPins.has(keyOf(one))), held, tooFar };
}

/** An open ask is looked at every few seconds, and reading the stream costs each time: another replica's hold is seen within a minute. */
const seenForMs = minute;
const recent = new WeakMap<World['store'], { readonly at: number; readonly kept: KeptBack }>();

async function keptRecently(world: Reader): Promise<KeptBack> {
  const now = world.clock.now();
  const known = recent.get(world.store);
  if (known !== undefined && now >= known.at && now - known.at < seenForMs) return known.kept;
  const kept = await keptBack(world);
  recent.set(world.store, { at: now, kept });
  return kept;
}

/** What this process itself writes is seen at once. */
export function forgetKeptBack(store: World['store']): void {
  recent.delete(store);
}

function keyOf({ at }: Placed): string {
  return [at.repository, at.branch, at.path, pinLabel(at.pin)].join('\n');
}

async function viewOf(
  { clusters, log }: Reader,
  cluster: string,
): Promise<ClusterView | undefined> {
  try {
    return await clusters.glance(cluster);
  } catch (cause) {
    log.warn({ cluster, cause }, 'cluster not seen, so whatever may be held there stays');
    return undefined;
  }
}

/** What is known of the nodes a pin feeds: an id's own image, and what runs in the class it names. */
async function feedsOf(
  { images }: Reader,
  { at, cluster, slot }: Placed,
  view: ClusterView | undefined,
): Promise<Feeds> {
  const feeds: Feeds = { cluster: cluster.name, kubernetes: cluster.kubernetes };
  const named = nodeClassNamed(pinLabel(at.pin));
  const ofSlot =
    slot === undefined ? {} : { variants: [slot.variant], architectures: [slot.architecture] };
  if (view === undefined) return { ...feeds, ...ofSlot };
  const pools = view.nodePools
    .filter(({ nodeClass }) => named === undefined || nodeClass === named)
    .map(({ name }) => name);
  if (slot !== undefined) return { ...feeds, ...ofSlot, pools };
  const ids = view.nodeClaims
    .filter(({ nodeClass }) => named === undefined || nodeClass === named)
    .flatMap(({ imageId }) => imageId ?? []);
  const described = await images.describe(cluster.region, [...new Set(ids)]);
  const known = described.flatMap(({ name }) => releaseOf(name) ?? []);
  return {
    ...feeds,
    pools,
    variants: [...new Set(known.map(({ variant }) => variant))],
    architectures: [...new Set(known.map(({ architecture }) => architecture))],
  };
}
