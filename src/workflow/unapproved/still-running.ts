import { familyOf } from '../../images/releases.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import type { ReleaseId, RolloutId } from '../../shared/ids.ts';
import type { Instant } from '../../shared/time.ts';
import { minute } from '../../shared/time.ts';
import { runningImages } from '../../tracking/unapproved-images.ts';
import { clusterNow } from '../control-planes.ts';
import { floatingPins } from '../floating-pins.ts';
import type { Placed } from '../placed-pins.ts';
import type { World } from '../world.ts';
import { intendedClass } from './intended-class.ts';
import { imagesRunning } from './read-images.ts';

/** An open ask is looked at every few seconds; nodes of a floating class move with a publication. */
const freshFor = minute;
const seen = new WeakMap<
  World['clusters'],
  Map<RolloutId, { readonly at: Instant; readonly why: string | undefined }>
>();

/** Why a proposal to pin would replace nodes by now; `undefined` for every other rollout too. */
export async function whyPinningMoves(
  world: World,
  { release, pinsCluster }: Pick<Rollout, 'release' | 'pinsCluster'>,
): Promise<string | undefined> {
  if (pinsCluster === undefined) return undefined;
  const floating = await floatingPins(world, await world.pins.read(), pinsCluster, release);
  return whyNotRunning(world, floating, release);
}

/** As `whyPinningMoves`, at most once a minute. */
export async function whyPinningMovesLately(
  world: World,
  rollout: Pick<Rollout, 'id' | 'release' | 'pinsCluster'>,
): Promise<string | undefined> {
  if (rollout.pinsCluster === undefined) return undefined;
  const known = seen.get(world.clusters) ?? new Map<RolloutId, never>();
  seen.set(world.clusters, known);
  const now = world.clock.now();
  const last = known.get(rollout.id);
  if (last !== undefined && now >= last.at && now - last.at < freshFor) return last.why;
  const why = await whyPinningMoves(world, rollout);
  known.set(rollout.id, { at: now, why });
  return why;
}

/** Pinning must replace no node: every node that the pins feed has to run the release, in each cluster. */
export async function whyNotRunning(
  world: World,
  floating: readonly Placed[],
  release: ReleaseId,
): Promise<string | undefined> {
  const { pins } = await world.pins.read();
  for (const name of new Set(floating.map(({ cluster }) => cluster.name))) {
    const found = world.fleet.clusters.find((one) => one.name === name);
    if (found === undefined) continue;
    const cluster = await clusterNow(world.controlPlanes, found);
    const view = await world.clusters.glance(name);
    const images = await imagesRunning(world, cluster, view, floating);
    for (const nodeClass of view.nodeClasses) {
      const intended = intendedClass(nodeClass, name, pins, []);
      if (intended.kind !== 'floating' || !intended.value.startsWith(`${familyOf(release)}@`))
        continue;
      const other = runningImages(view.nodeClaims, nodeClass.name, images).find(
        ({ what }) => what !== release,
      );
      if (other !== undefined)
        return `${other.nodes} of the nodes of ${name} run ${other.what}; pinning ${release} would replace them`;
    }
  }
  return undefined;
}
