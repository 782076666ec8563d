import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { type Answer, type Call, type Context, inputOf } from './call.ts';
import { getMetricData } from './usage-metrics.ts';

const types = ['MetricAlarm', 'CompositeAlarm'] as const;

const DescribeAlarms = z.object({
  AlarmNames: z.array(z.string().min(1).max(255)).max(100),
  AlarmTypes: z.array(z.enum(types)).optional(),
  MaxRecords: z.int().min(1).max(100).default(50),
});

/** CloudWatch, as far as it is asked: alarms by name, and EC2's usage metrics. */
export function cloudWatchApi(context: Context, call: Call): Answer {
  switch (call.operation) {
    case 'DescribeAlarms':
      return describeAlarms(context, call);
    case 'GetMetricData':
      return getMetricData(context, call);
    default:
      throw new ApiError('UnknownOperationException', '');
  }
}

/** Without `AlarmTypes`, metric alarms alone, as the real one. */
function describeAlarms({ world }: Context, call: Call): Answer {
  const { AlarmNames, AlarmTypes, MaxRecords } = inputOf(DescribeAlarms, call);
  const alarms = AlarmNames.flatMap((name) => world.alarms[call.region]?.[name] ?? []);
  const of = (type: (typeof types)[number]) =>
    alarms
      .slice(0, MaxRecords)
      .filter((alarm) => alarm.type === type)
      .map(({ name, state, reason }) => ({
        AlarmName: name,
        StateValue: state,
        StateReason: reason,
      }));
  return {
    json: {
      MetricAlarms: of('MetricAlarm'),
      CompositeAlarms: AlarmTypes?.includes('CompositeAlarm') === true ? of('CompositeAlarm') : [],
    },
  };
}
