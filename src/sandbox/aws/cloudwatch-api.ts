import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { type Answer, type Call, type Context, inputOf } from './call.ts';

const types = ['MetricAlarm', 'CompositeAlarm'] as const;

const DescribeAlarms = z.object({
  AlarmNames: z.array(z.string().min(1).max(255)).max(100),
  AlarmTypes: z.array(z.enum(types)).optional(),
  MaxRecords: z.int().min(1).max(100).default(50),
});

/** CloudWatch, describing alarms by name: without `AlarmTypes`, metric alarms alone, as the real one. */
export function cloudWatchApi({ world }: Context, call: Call): Answer {
  if (call.operation !== 'DescribeAlarms') throw new ApiError('UnknownOperationException', '');
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
