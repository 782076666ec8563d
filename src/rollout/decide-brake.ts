import type { Instant } from '../shared/time.ts';
import { brakeOrders, clustersToBrake } from './brake.ts';
import type { CommandOf } from './command.ts';
import { stopUnfitness } from './decide-steering.ts';
import { type Decision, happened, nothingHappened, refused } from './decision.ts';
import type { EventOf } from './events.ts';
import type { Rollout } from './rollout.ts';

/** Stops further merges, and holds the old nodes that would be replaced by themselves. */
export function brake(rollout: Rollout, { by, may, reason, now }: CommandOf<'Brake'>): Decision {
  if (rollout.outcome !== undefined) return refused({ code: 'nothing-to-stop' });
  const unfit = stopUnfitness(may);
  if (unfit !== undefined) return refused({ code: unfit });
  if (clustersToBrake(rollout).length === 0) return refused({ code: 'nothing-to-brake' });
  const why = reason === undefined ? {} : { reason };
  const events = [
    // on the way back there is nothing left that a pause could stop
    ...(rollout.paused === undefined && rollout.rollback === undefined
      ? [{ type: 'RolloutPaused' as const, by, ...why, at: now }]
      : []),
    ...brakeSet(rollout, now, { by, ...why }),
  ];
  return events.length === 0 ? nothingHappened : happened(...events);
}

/** The brake that goes with a halt, or with a window's end: empty where all that moves is held already. */
export function brakeSet(
  rollout: Rollout,
  at: Instant,
  of: Pick<EventOf<'BrakeSet'>, 'by' | 'reason'>,
): readonly EventOf<'BrakeSet'>[] {
  const clusters = clustersToBrake(rollout);
  const held = new Set(rollout.brake?.releasing === false ? rollout.brake.clusters : []);
  return clusters.every((cluster) => held.has(cluster))
    ? []
    : [{ type: 'BrakeSet', clusters: [...clusters], ...of, at }];
}

/** What came of it in a cluster, once, and again when it turns from refused to held or back. */
export function recordBrake(rollout: Rollout, command: CommandOf<'RecordBrake'>): Decision {
  const { cluster, held, moving, refused: why, now } = command;
  const order = brakeOrders(rollout).find((one) => one.cluster === cluster);
  if (order?.hold !== true) return nothingHappened;
  const before = rollout.brake?.observed[cluster];
  if (before !== undefined && (before.refused === undefined) === (why === undefined))
    return nothingHappened;
  return happened({
    type: 'BrakeObserved',
    cluster,
    held,
    moving,
    ...(why === undefined ? {} : { refused: why.slice(0, 500) }),
    at: now,
  });
}

/** Our marks are gone from a cluster that is no longer to be held. */
export function recordReleased(rollout: Rollout, command: CommandOf<'RecordReleased'>): Decision {
  const { cluster, nodes, now } = command;
  const order = brakeOrders(rollout).find((one) => one.cluster === cluster);
  return order?.hold === false
    ? happened({ type: 'BrakeReleased', cluster, nodes, at: now })
    : nothingHappened;
}
