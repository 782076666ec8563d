import { expect, test } from 'vitest';
import { type ForecastLine, forecastText } from '../../blocks/forecast.ts';
import { minute } from '../../src/shared/time.ts';
import { after, noon } from '../rollout/story.ts';
import { stories } from './stories.ts';

const [staging] = after(...(stories['needs-approval'] ?? [])).environments;
if (staging === undefined) throw new Error('the story has no environment');
const cluster = staging.waves[0]?.clusters[0] ?? '';

function line(changes: Partial<NonNullable<ForecastLine['forecast']>> = {}): ForecastLine {
  return {
    at: noon,
    notChecked: [],
    forecast: {
      nodes: 34,
      pods: 120,
      workloads: 31,
      singleReplica: ['StatefulSet shop/db'],
      doNotDisrupt: ['batch/job'],
      blockingBudgets: ['payments/ledger-pdb'],
      endsAt: { p50: noon + 90 * minute, p80: noon + 150 * minute },
      shutPools: [],
      surge: [{ nodePool: 'general', beyondLimits: ['cpu'] }],
      ...changes,
    },
  };
}
const told = (one: ForecastLine) => forecastText(staging, new Map([[cluster, one]]));

test('a forecast tells how much, how long, and what stands in the way', () => {
  expect(told(line())).toBe(
    `Forecast: 34 nodes to replace, with 120 pods of 31 workloads; 1 h 30 min to 2 h 30 min by the budgets if it began now; blocked now by PodDisruptionBudget payments/ledger-pdb; 1 pod with karpenter.sh/do-not-disrupt; 1 workload with one pod, away while it moves; too little room in the limits of ${cluster}/general.`,
  );
});

test('budgets that never open are named, and no time is told', () => {
  const { endsAt: _, ...rest } = line().forecast ?? { nodes: 0, shutPools: [], surge: [] };
  const text = told({ at: noon, forecast: { ...rest, shutPools: ['general'] } });
  expect(text).toContain(`budgets never open for ${cluster}/general`);
  expect(text).not.toContain('began now');
});

test('what was not read is said', () => {
  const {
    pods: _,
    workloads: __,
    ...rest
  } = line().forecast ?? { nodes: 0, shutPools: [], surge: [] };
  expect(told({ at: noon, notChecked: ['pods'], forecast: rest })).toMatch(
    /^Forecast: 34 nodes to replace; .*not checked: pods\.$/,
  );
});

test('nodes that nobody replaces here are counted', () => {
  const notHandled = { managedNodeGroup: 18, autoMode: 6, fargate: 0, other: 0 };
  expect(told({ ...line(), notHandled })).toContain(
    '; and 18 managed-node-group, 6 Auto Mode nodes not handled.',
  );
});

test('nothing known is no text', () => {
  expect(forecastText(staging, new Map())).toBeUndefined();
  expect(told({ at: noon })).toBeUndefined();
});
