import { limits } from '../limits.ts';
import {
  both,
  byType,
  type Check,
  fine,
  finite,
  isObject,
  list,
  may,
  need,
  object,
  oneOf,
  problem,
  string,
} from './check.ts';

const label = string(limits.chart.label);
const point = object({ label: need(label), value: need(finite) });
const series = list(
  object({ name: need(label), data: need(list(point, { max: limits.chart.points })) }),
  { max: limits.chart.series },
);

/** Each series has exactly one value for each category, in any order. */
const complete: Check = (value, at) => {
  if (!isObject(value) || !Array.isArray(value['series']) || !isObject(value['axis_config']))
    return fine;
  const categories = value['axis_config']['categories'];
  const wanted = (Array.isArray(categories) ? categories : []).toSorted().join('\n');
  return value['series'].flatMap((one: { data: { label: string }[] }, i) =>
    one.data
      .map((at) => at.label)
      .toSorted()
      .join('\n') === wanted
      ? fine
      : problem('must have one value for each category', `${at}/series/${i}/data`),
  );
};

function axisChart(type: string): Check {
  return both(
    object({
      type: need(oneOf(type)),
      series: need(series),
      axis_config: need(
        object({
          categories: need(list(label, { max: limits.chart.points })),
          x_label: may(string(limits.chart.title)),
          y_label: may(string(limits.chart.title)),
        }),
      ),
    }),
    complete,
  );
}

const slice: Check = both(point, (value, at) =>
  isObject(value) && Number(value['value']) > 0
    ? fine
    : problem('must be greater than 0', `${at}/value`),
);

/** The member `chart` of a `data_visualization` block. Source: Slack's reference page of June 2026. */
export const chart: Check = byType(() => ({
  bar: axisChart('bar'),
  line: axisChart('line'),
  area: axisChart('area'),
  pie: object({
    type: need(oneOf('pie')),
    segments: need(list(slice, { max: limits.chart.series })),
  }),
}));
