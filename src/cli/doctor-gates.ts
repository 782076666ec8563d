import { composeGates } from '../compose/gates.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';
import type { Attempt } from './attempts.ts';

/** Alarms that may halt a rollout, asked once for each cluster of an environment that names some. */
export async function tryGates(
  config: Config,
  attempt: Attempt,
  seen: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  const gates = composeGates(config, seen);
  const withAlarms = new Set(
    config.environments.flatMap(({ name, health }) =>
      health.promql.length + health.cloudwatch.length > 0 ? [name] : [],
    ),
  );
  await Promise.all(
    config.clusters
      .filter(({ environment }) => withAlarms.has(environment))
      .map(({ name, environment }) =>
        attempt(`Alarms: ${environment}, ${name}`, async () => {
          const readings = await gates(environment, name);
          const silent = readings.filter(({ verdict }) => verdict === 'not-checked');
          return silent.length === 0
            ? undefined
            : silent.map(({ evidence }) => evidence).join('; ');
        }),
      ),
  );
}
