import { minute, second } from '../../shared/time.ts';
import type { VcpuQuota } from '../../tracking/room.ts';
import type { Capacity } from '../../workflow/ports/capacity.ts';
import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';

/** EC2 publishes its use every five minutes, some minutes late. */
const period = 5 * minute;
const lookBack = 6 * period;

/**
 * Asks CloudWatch how many vCPU run and how many may: EC2's usage metrics, and the function that gives their quota as it
 * is applied. A kind without a value, or whose quota this role may not see, is left out. @throws AwsError
 * Source: CloudWatch, `AWS/Usage` and metric math's SERVICE_QUOTA.
 */
export function createVcpuQuotas(connection: AwsConnection): Capacity['vcpu'] {
  const cloudWatchOf = once(async (region) => {
    const sdk = await import('@aws-sdk/client-cloudwatch');
    return { sdk, client: new sdk.CloudWatchClient(clientOptions(connection, region)) };
  });
  return async (region, kinds) => {
    if (kinds.length === 0) return [];
    const { sdk, client } = await cloudWatchOf(region);
    const now = connection.clock.now();
    const command = new sdk.GetMetricDataCommand({
      StartTime: new Date(now - lookBack),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: kinds.flatMap((kind, i) => [
        { Id: `running${i}`, MetricStat: runningVcpu(kind) },
        { Id: `quota${i}`, Expression: `SERVICE_QUOTA(running${i})` },
      ]),
    });
    const { MetricDataResults = [] } = await readAws(
      connection,
      'CloudWatch',
      'GetMetricData',
      (abortSignal) => client.send(command, { abortSignal }),
    );
    const newest = new Map(
      MetricDataResults.flatMap(({ Id, StatusCode, Values: [value] = [] }) =>
        StatusCode === 'Complete' && value !== undefined ? [[Id, value] as const] : [],
      ),
    );
    return kinds.flatMap((kind, i): VcpuQuota[] => {
      const running = newest.get(`running${i}`);
      const quota = newest.get(`quota${i}`);
      return running === undefined || quota === undefined ? [] : [{ kind, region, running, quota }];
    });
  };
}

/** The metric of one kind, its four dimensions exactly: with any other set CloudWatch knows nothing. */
function runningVcpu(kind: string) {
  const dimensions = { Service: 'EC2', Type: 'Resource', Resource: 'vCPU', Class: kind };
  return {
    Metric: {
      Namespace: 'AWS/Usage',
      MetricName: 'ResourceCount',
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: period / second,
    Stat: 'Maximum',
  };
}
