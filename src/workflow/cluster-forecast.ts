import type { Change } from '../rollout/change.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { digestFor } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RolloutId } from '../shared/ids.ts';
import { hour, minute } from '../shared/time.ts';
import { forecastOf } from '../tracking/forecast.ts';
import { expectedMs, type PoolPlan } from '../tracking/replay.ts';
import { recordedChange } from './change-record.ts';
import { clusterRoom } from './cluster-room.ts';
import { nodeClassesOf } from './node-classes.ts';
import type { ClusterForecast } from './sightings.ts';
import { wantedNow } from './wanted-now.ts';
import type { World } from './world.ts';

/** The pods of a cluster cost more than all the rest, and change little in what they tell. */
const againAfterMs = 6 * hour;
/** A cluster that did not answer is asked again sooner. */
const retryAfterMs = hour / 2;

/** So many nodes of a NodePool tell how long its launches take. */
const samples = 5;

/** What replacing a cluster's nodes would mean, read at most every six hours; `undefined` when it does not answer. */
async function clusterForecast(
  world: World,
  rollout: RolloutId,
  change: Change,
  cluster: string,
): Promise<ClusterForecast | undefined> {
  const { clusters, clock, log, sightings } = world;
  const { forecasts } = sightings(rollout);
  const now = clock.now();
  const known = forecasts.get(cluster);
  if (known !== undefined && now - known.at < ('forecast' in known ? againAfterMs : retryAfterMs))
    return 'forecast' in known ? known : undefined;
  try {
    const [view, around, wanted, others] = await Promise.all([
      clusters.glance(cluster, { samples }),
      clusters.surroundings(cluster, 'all'),
      wantedNow(world, change, cluster),
      clusters.notHandled(cluster).catch(() => undefined),
    ]);
    const classes = nodeClassesOf(change, cluster, view.nodeClasses);
    const { surroundings } = around;
    const mounts = surroundings.pods?.some(({ claims }) => claims !== undefined) === true;
    const zonesOfClaims = mounts ? await zonesOf(world, cluster) : undefined;
    const forecast = forecastOf(view, {
      wanted: new Map([...classes].map((name) => [name, wanted])),
      surroundings,
      now,
      zonesOfClaims,
    });
    const nodeClasses = view.nodeClasses.filter(({ name }) => classes.has(name));
    const { room, notChecked: roomless } = await clusterRoom(world, cluster, {
      nodeClasses,
      vcpu: forecast.surge.flatMap(({ nodes, cpu, vcpu }) =>
        nodes === 0 ? [] : cpu === undefined ? ['unknown' as const] : vcpu,
      ),
    });
    const notChecked = around.notChecked.map((what) => what.replace(/:.*$/s, ''));
    const told = {
      forecast,
      room,
      notChecked: [
        ...notChecked,
        ...(mounts && zonesOfClaims === undefined ? ['zones of volumes'] : []),
        ...roomless,
        ...(forecast.changeADay === undefined ? ['how many nodes change a day'] : []),
        ...(others === undefined ? ['other nodes'] : []),
      ],
      ...(others === undefined ? {} : { notHandled: others }),
      at: now,
    };
    forecasts.set(cluster, told);
    return told;
  } catch (cause) {
    log.warn({ rollout, cluster, cause }, 'no forecast');
    forecasts.set(cluster, { at: now });
    return undefined;
  }
}

/** `undefined` where it is not permitted, or fails: a forecast goes without it. */
async function zonesOf({ clusters, log }: World, cluster: string) {
  try {
    return await clusters.volumeZones(cluster);
  } catch (cause) {
    log.info({ cluster, cause }, 'volumes not read');
    return undefined;
  }
}

/** Reads the forecast of every cluster of an environment, for the card. It never fails. */
export async function environmentForecast(
  world: World,
  rollout: RolloutId,
  change: Change,
): Promise<void> {
  const names = new Set(change.pins.flatMap(({ clusters }) => clusters));
  for (const cluster of [...names].slice(0, mostClusters))
    await clusterForecast(world, rollout, change, cluster);
}

/** More would cost more than a card can show. */
const mostClusters = 50;

/** Argo CD looks at Git every three minutes, and a sync takes some time. */
const deliveryMs = 5 * minute;

/** From a wave's merge now to its last node, in ms, at p80; `undefined` when one of its clusters cannot be told. */
export async function waveForecastMs(
  world: World,
  rollout: Rollout,
  wave: Wave,
): Promise<number | undefined> {
  const digest = digestFor(rollout, wave);
  if (digest === undefined) return undefined;
  const change = await recordedChange(world, digest);
  for (const cluster of wave.clusters)
    if ((await clusterForecast(world, rollout.id, change, cluster)) === undefined) return undefined;
  const expected = expectedNow(world, rollout, wave);
  return expected === undefined ? undefined : deliveryMs + expected.p80Ms;
}

/**
 * From the pins in a wave's clusters to their last node, if they got there now, by the facts that were read last; reads
 * nothing. `undefined`: a cluster was not read, or its budgets never let it end.
 */
export function expectedNow(
  { clock, sightings }: Pick<World, 'clock' | 'sightings'>,
  rollout: Rollout,
  { clusters, nodeClasses, otherThan }: Wave,
): ReturnType<typeof expectedMs> {
  const { forecasts } = sightings(rollout.id);
  const plans: PoolPlan[] = [];
  for (const cluster of clusters) {
    const told = forecasts.get(cluster);
    if (told === undefined || !('forecast' in told)) return undefined;
    plans.push(
      ...told.forecast.plans.filter(
        ({ nodeClass }) =>
          nodeClasses?.includes(nodeClass) !== false && otherThan?.includes(nodeClass) !== true,
      ),
    );
  }
  return expectedMs(plans, clock.now());
}
