import { z } from 'zod';
import { minute, second } from '../../shared/time.ts';
import { ApiError } from './api-error.ts';
import { type Answer, type Call, type Context, inputOf } from './call.ts';
import type { StoredVcpu } from './world.ts';

/** EC2 publishes every five minutes, and the newest value is that late. */
const every = 5 * minute;
const mostQueries = 500;

const MetricStat = z.object({
  Metric: z.object({
    Namespace: z.string(),
    MetricName: z.string(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).max(30),
  }),
  Period: z.int().min(1),
  Stat: z.string(),
});

const GetMetricData = z.object({
  /** In seconds, as JSON protocols write instants. */
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MetricDataQueries: z.array(
    z.object({
      Id: z.string().regex(/^[a-z][A-Za-z0-9_]{0,254}$/),
      MetricStat: MetricStat.optional(),
      Expression: z.string().optional(),
    }),
  ),
});

type Query = z.infer<typeof GetMetricData>['MetricDataQueries'][number];
type Point = { readonly at: number; readonly value: number };

/**
 * EC2's usage metrics, and the function SERVICE_QUOTA over one of them; other metrics have no values, other expressions
 * are not played. One query that is wrong fails them all.
 */
export function getMetricData({ world, clock }: Context, call: Call): Answer {
  const asked = inputOf(GetMetricData, call);
  const queries = asked.MetricDataQueries;
  const ids = queries.map(({ Id }) => Id);
  if (queries.length > mostQueries)
    throw invalid(
      `The collection MetricDataQueries must not have a size greater than ${mostQueries}.`,
    );
  if (new Set(ids).size < ids.length)
    throw invalid('The values for parameter id in MetricDataQueries are not unique.');
  if (asked.StartTime >= asked.EndTime)
    throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  const of = (query: Query) => storedFor(world.vcpu[call.region] ?? {}, query);

  const pointsOf = (query: Query): readonly Point[] => {
    const { Period = 0 } = query.MetricStat ?? {};
    if (Period % 60 !== 0) throw invalid('Period must be a multiple of 60.');
    const newest = Math.floor((clock.now() - every) / every) * every;
    return (of(query)?.running ?? [])
      .toReversed()
      .map((value, i) => ({ at: (newest - i * every) / second, value }))
      .filter(({ at }) => at >= asked.StartTime && at < asked.EndTime);
  };

  const resultOf = (query: Query) => {
    if (query.Expression === undefined) return { points: pointsOf(query), StatusCode: 'Complete' };
    const [, id] = /^SERVICE_QUOTA\((\w+)\)$/.exec(query.Expression) ?? [];
    const metric = queries.find(({ Id, MetricStat: its }) => Id === id && its !== undefined);
    if (metric === undefined) throw invalid(`Error in expression '${query.Id}'`);
    const quota = of(metric)?.quota;
    if (of(metric) !== undefined && quota === undefined)
      throw invalid('There is no service quota associated to this metric');
    if (quota === 'Forbidden') return { points: [], StatusCode: 'Forbidden' };
    return {
      points: pointsOf(metric).map(({ at }) => ({ at, value: quota ?? 0 })),
      StatusCode: 'Complete',
    };
  };

  return {
    json: {
      MetricDataResults: queries.map((query) => {
        const { points, StatusCode } = resultOf(query);
        const sorted = asked.ScanBy === 'TimestampDescending' ? points : points.toReversed();
        return {
          Id: query.Id,
          Label: query.Id,
          Timestamps: sorted.map(({ at }) => at),
          Values: sorted.map(({ value }) => value),
          StatusCode,
        };
      }),
      Messages: [],
    },
  };
}

/** A metric is its dimensions, all of them and no other. */
function storedFor(
  kinds: Readonly<Record<string, StoredVcpu>>,
  { MetricStat: asked }: Query,
): StoredVcpu | undefined {
  const { Namespace, MetricName, Dimensions = [] } = asked?.Metric ?? {};
  const { Class = '', ...others } = Object.fromEntries(
    Dimensions.map(({ Name, Value }) => [Name, Value]),
  );
  const isVcpu =
    Namespace === 'AWS/Usage' &&
    MetricName === 'ResourceCount' &&
    Object.keys(others).length === 3 &&
    others['Service'] === 'EC2' &&
    others['Type'] === 'Resource' &&
    others['Resource'] === 'vCPU';
  return isVcpu ? kinds[Class] : undefined;
}

function invalid(message: string): ApiError {
  return new ApiError('ValidationError', message);
}
