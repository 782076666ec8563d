import { minute, second } from '../../shared/time.ts';
import type { VcpuQuota } from '../../tracking/room.ts';
import type { VcpuKind } from '../../tracking/vcpu-kind.ts';
import type { Capacity } from '../../workflow/ports/capacity.ts';
import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';

/** EC2 publishes its use every five minutes, some minutes late. */
const period = 5 * minute;
const lookBack = 6 * period;

/**
 * Asks CloudWatch how many vCPU run and how many may: EC2's usage metrics, and the function that gives their quota as it
 * is applied. A kind without a value, or whose quota this role may not see, is left out; so is one that fails beside
 * others that do not, for one query that CloudWatch does not take fails all of its request. @throws AwsError
 * Source: CloudWatch, `AWS/Usage` and metric math's SERVICE_QUOTA.
 */
export function createVcpuQuotas(connection: AwsConnection): Capacity['vcpu'] {
  const cloudWatchOf = once(async (region) => {
    const sdk = await import('@aws-sdk/client-cloudwatch');
    return { sdk, client: new sdk.CloudWatchClient(clientOptions(connection, region)) };
  });
  async function quotaOf(region: string, kind: VcpuKind): Promise<VcpuQuota | undefined> {
    const { sdk, client } = await cloudWatchOf(region);
    const now = connection.clock.now();
    const command = new sdk.GetMetricDataCommand({
      StartTime: new Date(now - lookBack),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [
        { Id: 'running', MetricStat: runningVcpu(kind) },
        { Id: 'quota', Expression: 'SERVICE_QUOTA(running)' },
      ],
    });
    const { MetricDataResults = [] } = await readAws(
      connection,
      'CloudWatch',
      'GetMetricData',
      (abortSignal) => client.send(command, { abortSignal }),
    );
    const newest = (id: string) => {
      const found = MetricDataResults.find(({ Id }) => Id === id);
      return found?.StatusCode === 'Complete' ? found.Values?.[0] : undefined;
    };
    const [running, quota] = [newest('running'), newest('quota')];
    return running === undefined || quota === undefined
      ? undefined
      : { kind, region, running, quota };
  }
  return async (region, kinds) => {
    const asked = await Promise.allSettled(kinds.map((kind) => quotaOf(region, kind)));
    const told = asked.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : []));
    const failed = asked.find((one) => one.status === 'rejected');
    if (told.length === 0 && failed !== undefined) throw failed.reason;
    return told;
  };
}

/** The metric of one kind, its four dimensions exactly: with any other set CloudWatch knows nothing. */
function runningVcpu(kind: VcpuKind) {
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
