import { expect, test } from 'vitest';
import { hour, minute } from '../../src/shared/time.ts';
import { forecastOf } from '../../src/tracking/forecast.ts';
import { endOf, slotTime, usualPace } from '../../src/tracking/pace.ts';
import type { ClusterView, NodePoolView, PodView } from '../../src/tracking/types.ts';
import { claim, wanted } from './node-claims.ts';

const now = Date.parse('2026-07-27T10:00:00Z'); // a Monday
const at = Date.parse;
const nodeMs = 10 * minute;
const closedByDay = [
  { nodes: '2' },
  { nodes: '0', reasons: ['Drifted'], schedule: '0 8 * * mon-fri', duration: '9h' },
];

test.each([
  ['two at a time', [{ nodes: '2' }], 12, '2026-07-27T10:00:00Z', '2026-07-27T11:00:00Z'],
  ['a tenth, rounded up', [{ nodes: '10%' }], 12, '2026-07-27T10:00:00Z', '2026-07-27T11:00:00Z'],
  [
    'Karpenter’s default without any',
    undefined,
    12,
    '2026-07-27T10:00:00Z',
    '2026-07-27T11:00:00Z',
  ],
  [
    'all at once without an active one',
    [{ nodes: '0', schedule: '0 1 * * *', duration: '1h' }],
    12,
    '2026-07-27T10:00:00Z',
    '2026-07-27T10:10:00Z',
  ],
  ['after the working day', closedByDay, 12, '2026-07-27T17:00:00Z', '2026-07-27T18:00:00Z'],
  [
    'a window of an hour a night, three nights',
    [{ nodes: '0', schedule: '0 3 * * *', duration: '23h' }, { nodes: '2' }],
    30,
    '2026-07-28T02:00:00Z',
    '2026-07-30T02:30:00Z',
  ],
  ['never', [{ nodes: '0' }], 12, undefined, undefined],
])('%s', (_, budgets, nodes, start, end) => {
  const told = endOf(budgets, { nodes, total: 12, nodeMs, now });
  expect(told?.start).toBe(start === undefined ? undefined : at(start));
  expect(told?.end).toBe(end === undefined ? undefined : at(end));
});

test('slot time counts what budgets left open, and nothing while they were shut', () => {
  const times = { total: 12, from: at('2026-07-27T16:00:00Z'), to: at('2026-07-27T19:00:00Z') };
  expect(slotTime(closedByDay, times)).toBe(2 * 2 * hour);
  expect(slotTime([{ nodes: '0', schedule: '@yearly', duration: '1h' }], times)).toBe(
    12 * 3 * hour,
  );
});

const nodePool: NodePoolView = {
  name: 'general',
  nodeClass: 'default',
  managedHere: true,
  architectures: ['x86_64'],
  budgets: [{ nodes: '2' }],
  limits: { cpu: 50 },
  used: { cpu: 48 },
};
const nodes = Array.from({ length: 6 }, (_, i) =>
  claim({ name: `n${i}`, nodeName: `ip-${i}`, imageId: i === 0 ? 'ami-new' : 'ami-old' }),
);
const view: ClusterView = {
  nodeClasses: [],
  nodePools: [nodePool],
  nodeClaims: nodes,
  observedAt: now,
};
const pod = (name: string, nodeName: string, more: Partial<PodView> = {}): PodView => ({
  namespace: 'shop',
  name,
  labels: { app: 'web' },
  nodeName,
  owner: 'Deployment shop/web',
  stays: false,
  deleting: false,
  ready: true,
  crashing: false,
  hasVolume: false,
  ...more,
});
const pdb = {
  namespace: 'shop',
  name: 'web',
  selector: { matchLabels: { app: 'web' }, matchExpressions: [] },
  allowed: 0,
  healthy: 2,
  desired: 2,
  expected: 2,
};

test('tells what would move, what would be away, what stands in the way, and until when', () => {
  const pods = [
    pod('web-1', 'ip-1'),
    pod('web-2', 'ip-0'),
    pod('db-0', 'ip-2', { owner: 'StatefulSet shop/db', hasVolume: true, labels: {} }),
    pod('job-1', 'ip-3', { owner: 'Job shop/job', doNotDisrupt: true, labels: {} }),
    pod('agent', 'ip-3', { owner: 'DaemonSet kube-system/agent', stays: true, labels: {} }),
  ];
  expect(
    forecastOf(view, {
      wanted: new Map([['default', wanted]]),
      surroundings: { pods, allPods: true, budgets: [pdb] },
      now,
    }),
  ).toEqual({
    nodes: 5,
    pods: 3,
    workloads: 3,
    singleReplica: ['StatefulSet shop/db'],
    withVolume: 1,
    doNotDisrupt: ['shop/job-1'],
    blockingBudgets: ['shop/web'],
    surge: [{ nodePool: 'general', nodes: 2, beyondLimits: ['cpu'] }],
    startsAt: now,
    endsAt: { p50: now + 3 * usualPace.p50Ms, p80: now + 3 * usualPace.p80Ms },
    shutPools: [],
  });
});

test('what was not read is not told', () => {
  const told = forecastOf(view, { wanted: new Map([['default', wanted]]), surroundings: {}, now });
  expect(told).not.toHaveProperty('pods');
  expect(told).not.toHaveProperty('blockingBudgets');
});

test('a pool whose budgets never open has no end, and is named', () => {
  const shut = { ...nodePool, budgets: [{ nodes: '0' }] };
  expect(
    forecastOf(
      { ...view, nodePools: [shut] },
      { wanted: new Map([['default', wanted]]), surroundings: {}, now },
    ),
  ).toMatchObject({ nodes: 5, shutPools: ['general'] });
});

test('nothing to replace takes no time', () => {
  const told = forecastOf(
    { ...view, nodeClaims: [claim()] },
    { wanted: new Map([['default', wanted]]), surroundings: {}, now },
  );
  expect(told).toEqual({ nodes: 0, surge: [], shutPools: [] });
});
