import { z } from 'zod';
import type { Rollout } from '../rollout/rollout.ts';
import { digestFor } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import { Digest, RolloutId } from '../shared/ids.ts';
import { day } from '../shared/time.ts';
import { progressOf } from '../tracking/progress.ts';
import { tailSentences } from '../tracking/tail-text.ts';
import { recordedChange } from './change-record.ts';
import { clusterBlockers } from './cluster-blockers.ts';
import { nodeClassesOf } from './node-classes.ts';
import { wantedNow } from './wanted-now.ts';
import type { World } from './world.ts';

/** Clusters where nodes were left for later. By hint only: the rollout's record says that they were. */
const Noted = z.array(
  z.object({
    rollout: RolloutId,
    release: z.string(),
    environment: z.string(),
    cluster: z.string(),
    digest: Digest,
  }),
);
type Noted = z.infer<typeof Noted>;

const keptForMs = 90 * day;
const mostNoted = 100;

/** Nodes of a cluster that were left when its wave went on. */
export type Tail = {
  readonly environment: string;
  readonly cluster: string;
  readonly release: string;
  /** Absent: the cluster did not answer. */
  readonly nodes?: number;
  /** Why they wait, a sentence each. */
  readonly why: readonly string[];
};

/** Remembers where a wave leaves nodes for later: read only then, so other waves cost nothing. */
export async function noteTail(
  world: Pick<World, 'store' | 'fleet'>,
  rollout: Rollout,
  wave: Wave,
): Promise<void> {
  const digest = digestFor(rollout, wave);
  if (digest === undefined) return;
  const noted = await notedTails(world);
  const { environment } = wave;
  const fresh = wave.clusters
    .filter((cluster) => !noted.some((one) => one.cluster === cluster && one.digest === digest))
    .map((cluster) => ({
      rollout: rollout.id,
      release: rollout.release,
      environment,
      cluster,
      digest,
    }));
  if (fresh.length > 0) await remember(world, [...noted, ...fresh].slice(-mostNoted));
}

/** The tails that are still there, looked at now; those that moved, or were overtaken by another image, are let go. */
export async function openTails(
  world: World,
  isOpen: (id: RolloutId) => boolean,
): Promise<readonly Tail[]> {
  const noted = await notedTails(world);
  const tails: Tail[] = [];
  const kept: Noted = [];
  for (const one of noted) {
    const tail = await look(world, one);
    if (!isOpen(one.rollout)) world.sightings.forget(one.rollout);
    if (tail === undefined) continue;
    kept.push(one);
    tails.push(tail);
  }
  if (kept.length < noted.length) await remember(world, kept);
  return tails;
}

async function look(world: World, noted: Noted[number]): Promise<Tail | undefined> {
  const { environment, cluster, release } = noted;
  const told = { environment, cluster, release };
  try {
    const change = await recordedChange(world, noted.digest);
    const view = await world.clusters.glance(cluster);
    const wanted = await wantedNow(world, change, cluster);
    const nodeClasses = nodeClassesOf(change, cluster, view.nodeClasses);
    const live = view.nodeClasses.filter(({ name }) => nodeClasses.has(name));
    // Another image is on its way: its own rollout tells of these nodes.
    if (!live.some(({ amis }) => amis.some((id) => wanted.has(id)))) return undefined;
    const claims = view.nodeClaims.filter((claim) => nodeClasses.has(claim.nodeClass));
    const { remaining } = progressOf(claims, wanted);
    const left = claims.filter(({ name }) => remaining.includes(name));
    if (remaining.length === 0) return undefined;
    const { blockers } = await clusterBlockers(world, noted.rollout, {
      cluster,
      view,
      nodeClasses,
      wanted,
    });
    return { ...told, nodes: remaining.length, why: tailSentences(left, blockers) };
  } catch (cause) {
    world.log.warn({ cluster, cause }, 'tail not seen');
    return { ...told, why: [] };
  }
}

async function notedTails({ store, fleet }: Pick<World, 'store' | 'fleet'>): Promise<Noted> {
  const key = keyOf(fleet.scope);
  const { data = [] } = Noted.safeParse((await store.memory.get([key])).get(key));
  return data;
}

async function remember(
  { store, fleet }: Pick<World, 'store' | 'fleet'>,
  noted: Noted,
): Promise<void> {
  await store.memory.put(keyOf(fleet.scope), noted, keptForMs);
}

function keyOf(scope: string): string {
  return `tail#${scope}`;
}
