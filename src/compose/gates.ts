import { createGates } from '../adapters/prometheus/create-gates.ts';
import type { Config } from '../config/config.ts';
import type { HealthThresholds } from '../tracking/health.ts';
import { defaultThresholds } from '../tracking/health.ts';
import type { Log } from '../workflow/log.ts';
import type { Gates } from '../workflow/ports/gates.ts';

/** Alarms of one's own, by environment. */
export function composeGates({ environments }: Pick<Config, 'environments'>, log: Log): Gates {
  const gates = new Map(
    environments.map(({ name, health }) => [
      name,
      health.promql.map(({ token, ...gate }) => ({
        ...gate,
        ...(token === undefined ? {} : { token: token.reveal() }),
      })),
    ]),
  );
  return createGates(gates, { log });
}

/** When health is breached, by environment: what the configuration says, and the defaults for the rest. */
export function healthThresholds({
  environments,
}: Pick<Config, 'environments'>): ReadonlyMap<string, HealthThresholds> {
  const usual = defaultThresholds;
  return new Map(
    environments.map(({ name, health }) => [
      name,
      {
        notReadyNodes: health.notReadyNodes ?? usual.notReadyNodes,
        notReadyShare: health.notReadyPercent ?? usual.notReadyShare,
        lostLaunches: health.lostLaunches ?? usual.lostLaunches,
        sample: health.samplePods ?? usual.sample,
        newShare: health.newPercent ?? usual.newShare,
        oldShare: health.oldPercent ?? usual.oldShare,
        graceMs: health.grace ?? usual.graceMs,
      },
    ]),
  );
}
