import { isWindowLifted } from '../rollout/expedite.ts';
import type { Closed } from '../rollout/merge-hours.ts';
import { mergeHours } from '../rollout/merge-hours.ts';
import type { EnvironmentPolicy } from '../rollout/policy.ts';
import { windowsOf } from '../rollout/policy.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { environmentNamed } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import { waveKey } from './sightings.ts';
import type { World } from './world.ts';

/** What the clock says of a wave's merge, noted for the card; with what `decide` needs to say the same. */
export async function hoursOf(
  world: World,
  rollout: Rollout,
  wave: Wave,
  policy: EnvironmentPolicy,
): Promise<{ readonly closed?: Closed; readonly forecastMs?: number }> {
  const environment = environmentNamed(rollout, wave.environment);
  const forecastMs = windowsOf(policy).some(({ finishBefore }) => finishBefore === true)
    ? await world.forecast?.(rollout, wave)
    : undefined;
  const known = forecastMs === undefined ? {} : { forecastMs };
  const hours = mergeHours(policy, world.clock.now(), {
    bypass: environment !== undefined && isWindowLifted(environment),
    ...known,
  });
  const key = waveKey(wave);
  const { hours: shown } = world.sightings(rollout.id);
  if (hours.open && hours.forecastUnknown !== true) shown.delete(key);
  else shown.set(key, hours.open ? 'forecast-unknown' : hours);
  return hours.open ? known : { closed: hours, ...known };
}

/** Why a merge waits, for the record. */
export function closedText({ because, reason, opensAt }: Closed): string {
  const next =
    opensAt === undefined
      ? 'no later time within a year fits'
      : `the next time that fits is ${new Date(opensAt).toISOString().slice(0, 16)}Z`;
  switch (because) {
    case 'freeze':
      return `merges are frozen here (${reason ?? ''}); ${next}`;
    case 'window':
      return `the window is closed; ${next}`;
    case 'forecast':
      return `it would not end before the window does; ${next}`;
  }
}
