import type { AwsConnection } from './connection.ts';
import { clientOptions, once, readAws } from './connection.ts';

/** Where an alarm stands. Source: CloudWatch, `StateValue` and `StateReason` of MetricAlarm and CompositeAlarm. */
export type Alarm = {
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** CloudWatch's own words. */
  readonly reason: string;
};

export type AlarmNames = { readonly region: string; readonly names: readonly string[] };

/** Most names of one DescribeAlarms. */
const namesPerRequest = 100;

/** Asks CloudWatch for alarms by name, metric and composite ones; those that do not exist are left out. @throws AwsError */
export function createAlarms(
  connection: AwsConnection,
): (asked: AlarmNames) => Promise<ReadonlyMap<string, Alarm>> {
  const cloudWatchOf = once(async (region) => {
    const { CloudWatchClient, DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
    const client = new CloudWatchClient(clientOptions(connection, region));
    return (names: readonly string[], abortSignal: AbortSignal) =>
      client.send(
        new DescribeAlarmsCommand({
          AlarmNames: [...names],
          // Left out, composite alarms are not among the answers.
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: namesPerRequest,
        }),
        { abortSignal },
      );
  });
  return async ({ region, names }) => {
    const send = await cloudWatchOf(region);
    const found = new Map<string, Alarm>();
    for (let at = 0; at < names.length; at += namesPerRequest) {
      const some = names.slice(at, at + namesPerRequest);
      const { MetricAlarms = [], CompositeAlarms = [] } = await readAws(
        connection,
        'CloudWatch',
        'DescribeAlarms',
        (signal) => send(some, signal),
      );
      for (const { AlarmName, StateValue, StateReason = '' } of [
        ...MetricAlarms,
        ...CompositeAlarms,
      ])
        if (AlarmName !== undefined && StateValue !== undefined)
          found.set(AlarmName, { state: StateValue, reason: StateReason });
    }
    return found;
  };
}
