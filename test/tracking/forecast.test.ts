import { expect, test } from 'vitest';
import { hour, minute, second } from '../../src/shared/time.ts';
import { forecastOf } from '../../src/tracking/forecast.ts';
import {
  launchPace,
  type NodeTime,
  seenPace,
  seenRate,
  slotTime,
  usualPace,
} from '../../src/tracking/pace.ts';
import { playOut } from '../../src/tracking/play-out.ts';
import type { ClusterView, NodePoolView, PodView } from '../../src/tracking/types.ts';
import { claim, wanted } from './node-claims.ts';

const now = Date.parse('2026-07-27T10:00:00Z'); // a Monday
const at = Date.parse;
/** Ten minutes a node, with the five seconds that Karpenter takes to look again. */
const time = { launchMs: 4 * minute, drainMs: 6 * minute - 5 * second };
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
  const told = playOut(budgets, { nodes, total: 12, time, now });
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

/** Five nodes by two: three rounds between the notice of the drift and the end of the last instance. */
function endOf({ launchMs, drainMs }: NodeTime): number {
  return now + 30 * second + 3 * (launchMs + drainMs + 5 * second) + 30 * second;
}

test('replacements that are up count for a percentage, so that more may go at once', () => {
  const told = playOut([{ nodes: '10%' }], { nodes: 40, total: 40, time, now });
  expect(told?.surge).toBe(5);
});

test('what nodes took to come up is the pace, once there are three of them', () => {
  const born = (took: number) =>
    claim({
      detail: {
        createdAt: now,
        conditions: [
          { type: 'Initialized', status: 'True', reason: '', message: '', since: now + took },
        ],
        doNotDisrupt: false,
      },
    });
  const two = [born(50 * second), born(60 * second)];
  expect(launchPace(two)).toEqual(usualPace());
  // a condition that was written anew, and a node that was not read whole, tell nothing
  const others = [born(90 * second), born(5 * hour), claim()];
  expect(launchPace([...two, ...others]).p50.launchMs).toBe(60 * second);
});

test('a rollout tells its own pace, once three nodes were replaced', () => {
  expect(seenPace({ slotMs: 20 * minute, replaced: 2 })).toEqual(usualPace());
  const { p50, p80 } = seenPace({ slotMs: 40 * minute, replaced: 4 });
  expect(p50.launchMs + p50.drainMs).toBeCloseTo(10 * minute);
  expect(p80.launchMs + p80.drainMs).toBeCloseTo(14 * minute);
});

test('its rate is told once three nodes were replaced', () => {
  expect(seenRate({ replaced: 2, tookMs: 20 * minute })).toBeUndefined();
  expect(seenRate({ replaced: 3, tookMs: 0 })).toBeUndefined();
  expect(seenRate({ replaced: 3, tookMs: 30 * minute })).toBe(6);
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
  claim({
    name: `n${i}`,
    nodeName: `ip-${i}`,
    imageId: i === 0 ? 'ami-new' : 'ami-old',
    ...(i < 2 && { young: true as const }),
    ...(i > 0 && { vcpu: i === 5 ? ('Standard/Spot' as const) : ('Standard/OnDemand' as const) }),
  }),
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

test.each([
  [3, 3],
  [4, undefined],
  [6, undefined],
])('of six old nodes of which %i came up within a day, %o change a day', (young, told) => {
  const nodeClaims = Array.from({ length: 6 }, (_, i) =>
    claim({ name: `ip-${i}`, imageId: 'ami-old', ...(i < young && { young: true as const }) }),
  );
  const asked = { wanted: new Map([['default', wanted]]), surroundings: {}, now };
  expect(forecastOf({ ...view, nodeClaims }, asked).changeADay).toBe(told);
});

test('tells what would move, what would be away, what stands in the way, and until when', () => {
  const pods = [
    pod('web-1', 'ip-1'),
    pod('web-2', 'ip-0'),
    pod('db-0', 'ip-2', { owner: 'StatefulSet shop/db', claims: ['shop/data-db-0'], labels: {} }),
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
    surge: [
      {
        nodePool: 'general',
        nodes: 2,
        cpu: 16,
        vcpu: ['Standard/OnDemand', 'Standard/Spot', 'unknown'],
        beyondLimits: ['cpu'],
      },
    ],
    startsAt: now + 30 * second,
    endsAt: { p50: endOf(usualPace(3 / 5).p50), p80: endOf(usualPace(3 / 5).p80) },
    changeADay: 1,
    shutPools: [],
    plans: [
      {
        nodePool: 'general',
        nodeClass: 'default',
        nodes: 5,
        total: 6,
        budgets: [{ nodes: '2' }],
        pace: usualPace(3 / 5),
        noticed: false,
      },
    ],
  });
});

test('pods whose volumes are of one zone are counted by zone, as far as volumes were read', () => {
  const zonesOfClaims = new Map([
    ['shop/data-db-0', ['eu-west-1a']],
    // a regional disk does not hold its pod in a zone
    ['shop/shared', ['eu-west-1a', 'eu-west-1b']],
  ]);
  const pods = [
    pod('db-0', 'ip-2', { claims: ['shop/cache', 'shop/data-db-0'] }),
    pod('web-1', 'ip-1', { claims: ['shop/shared'] }),
    pod('web-2', 'ip-3', { claims: ['shop/every-zone'] }),
  ];
  const of = { wanted: new Map([['default', wanted]]), surroundings: { pods }, now };
  expect(forecastOf(view, { ...of, zonesOfClaims })).toMatchObject({
    withVolume: 3,
    boundTo: new Map([['eu-west-1a', 1]]),
  });
  expect(forecastOf(view, of)).not.toHaveProperty('boundTo');
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
  expect(told).toEqual({ nodes: 0, surge: [], changeADay: 0, shutPools: [], plans: [] });
});
