import { expect, test } from 'vitest';
import { type ForecastLine, forecastText } from '../../blocks/forecast.ts';
import { forecastDetails } from '../../blocks/forecast-details.ts';
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
      surge: [{ nodePool: 'general', nodes: 4, cpu: 32, beyondLimits: ['cpu'] }],
      withVolume: 3,
      changeADay: 35,
      ...changes,
    },
  };
}
const told = (one: ForecastLine) => forecastText(staging, new Map([[cluster, one]]));

test('a forecast tells how much, how long, and what stands in the way', () => {
  expect(told(line())).toBe(
    `Forecast: 34 nodes to replace, with 120 pods of 31 workloads; 1 h 30 min to 2 h 30 min by the budgets if it began now; at most 4 nodes and 32 vCPU more at once; blocked now by PodDisruptionBudget payments/ledger-pdb; 1 pod with karpenter.sh/do-not-disrupt; 1 workload with one pod, away while it moves; 3 pods with volumes, which may be bound to a zone; too little room in the limits of ${cluster}/general; about 35 nodes a day change regardless of budgets.`,
  );
});

test('volumes are told with their zones where these are known', () => {
  const boundTo = new Map([
    ['eu-west-1b', 1],
    ['eu-west-1a', 2],
  ]);
  expect(told(line({ boundTo }))).toContain(
    '; 3 pods with volumes that are bound to one zone (2 in eu-west-1a, 1 in eu-west-1b); ',
  );
  expect(told(line({ boundTo: new Map() }))).not.toContain('volumes');
  expect(forecastDetails('prod', line({ boundTo }))).toContain(
    '• Volumes: 3 pods with volumes that are bound to one zone (2 in eu-west-1a, 1 in eu-west-1b)',
  );
});

const subnet = { id: 'subnet-0aa', zone: 'eu-west-1a', free: 19 };
const reservation = {
  id: 'cr-0bb',
  instanceType: 'p5.48xlarge',
  zone: 'eu-west-1a',
  free: 0,
  total: 4,
};

test('subnets and reservations are named where they may not do for the peak, and not else', () => {
  // four nodes with four pods each, at most, take twenty addresses
  const scarce = told({ ...line(), room: { subnets: [subnet], reservations: [reservation] } });
  expect(scarce).toContain(
    'subnet-0aa (eu-west-1a) has 19 free addresses where the peak may take 20; reservation cr-0bb has none of its 4 p5.48xlarge free for a replacement beside the old node; about 35',
  );
  const enough = {
    subnets: [{ ...subnet, free: 20 }],
    reservations: [{ ...reservation, free: 1 }],
  };
  expect(told({ ...line(), room: enough })).not.toMatch(/subnet|reservation/);
});

test('Details names all of it, cluster by cluster', () => {
  const room = { subnets: [subnet], reservations: [reservation] };
  const text = forecastDetails('prod-eu-1', { ...line(), room, notChecked: ['vCPU quota'] });
  for (const fact of [
    '*prod-eu-1*: 34 nodes to replace, 120 pods of 31 workloads, as seen',
    'New nodes at once: 4 in general (32 vCPU), beyond its limit of cpu',
    'PodDisruptionBudgets that allow nothing: payments/ledger-pdb',
    'Pods with karpenter.sh/do-not-disrupt: batch/job',
    'Workloads with one pod: StatefulSet shop/db',
    'Volumes: 3 pods with volumes, which may be bound to a zone',
    'Nodes that change a day regardless of budgets: 35',
    'Left in AWS: free addresses: subnet-0aa (eu-west-1a) 19; free in reservations: cr-0bb 0 of 4 p5.48xlarge',
    'Not checked: vCPU quota',
  ])
    expect(text).toContain(fact);
  expect(forecastDetails('prod-eu-1', { at: noon })).toBeUndefined();
});

test('names from clusters are escaped in Details', () => {
  const text = forecastDetails('prod', line({ doNotDisrupt: ['<!channel>/x'] }));
  expect(text).toContain('&lt;!channel&gt;/x');
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

test('whatever was not checked is named, however much it is', () => {
  const notChecked = [
    'pods',
    'events',
    'nodes',
    'PodDisruptionBudgets',
    'free addresses',
    'vCPU quota',
  ];
  expect(told({ ...line(), notChecked })).toContain(`not checked: ${notChecked.join(', ')}.`);
});

test('before anybody asked there is no text, and no answer is said', () => {
  expect(forecastText(staging, new Map())).toBeUndefined();
  expect(told({ at: noon })).toBe('Forecast: not known, since the cluster does not answer.');
});
