import type { EventOf } from './events.ts';
import type { Rollout } from './rollout.ts';

/** A brake that is set again while it is let go holds on, in all clusters that may carry our marks. */
export function brakeSetIn(rollout: Rollout, event: EventOf<'BrakeSet'>): Rollout {
  const { clusters, by, at } = event;
  const { brake } = rollout;
  const all = [...new Set([...(brake?.clusters ?? []), ...clusters])];
  return {
    ...rollout,
    brake: {
      clusters: all,
      ...(by === undefined ? {} : { by }),
      at,
      releasing: false,
      observed: brake?.releasing === false ? brake.observed : {},
    },
  };
}

export function brakeObserved(rollout: Rollout, event: EventOf<'BrakeObserved'>): Rollout {
  const { cluster, held, moving, refused } = event;
  const { brake } = rollout;
  if (brake === undefined) return rollout;
  const seen = { held, moving, ...(refused === undefined ? {} : { refused }) };
  return { ...rollout, brake: { ...brake, observed: { ...brake.observed, [cluster]: seen } } };
}

export function brakeReleased(rollout: Rollout, { cluster }: EventOf<'BrakeReleased'>): Rollout {
  const { brake, ...rest } = rollout;
  if (brake === undefined) return rollout;
  const clusters = brake.clusters.filter((name) => name !== cluster);
  return clusters.length === 0 ? rest : { ...rollout, brake: { ...brake, clusters } };
}
