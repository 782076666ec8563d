import { createAlarmGates } from '../adapters/aws/alarm-gates.ts';
import { createAlarms } from '../adapters/aws/cloudwatch-alarms.ts';
import { createGates } from '../adapters/prometheus/create-gates.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { HealthThresholds } from '../tracking/health.ts';
import { defaultThresholds } from '../tracking/health.ts';
import type { Log } from '../workflow/log.ts';
import type { Gates } from '../workflow/ports/gates.ts';
import { awsConnection } from './aws-connection.ts';

/** Alarms of one's own, by environment. */
export function composeGates(
  { environments, clusters, aws }: Pick<Config, 'environments' | 'clusters' | 'aws'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Gates {
  const regions = new Map(clusters.map(({ name, region }) => [name, region]));
  const ofCloudWatch = createAlarmGates(
    new Map(
      environments.map(({ name, health }) => [
        name,
        health.cloudwatch.map(({ region, ...gate }) => ({ ...gate, region })),
      ]),
    ),
    {
      alarms: createAlarms(awsConnection({ aws }, clock)),
      regionOf: (cluster) => regions.get(cluster) ?? aws.region,
      log,
    },
  );
  const queries = new Map(
    environments.map(({ name, health }) => [
      name,
      health.promql.map(({ token, ...gate }) => ({
        ...gate,
        ...(token === undefined ? {} : { token: token.reveal() }),
      })),
    ]),
  );
  const ofPrometheus = createGates(queries, { log });
  return async (environment, cluster) => {
    const readings = [ofPrometheus, ofCloudWatch].map((gates) => gates(environment, cluster));
    return (await Promise.all(readings)).flat();
  };
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
