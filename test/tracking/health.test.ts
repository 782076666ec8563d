import { expect, test } from 'vitest';
import { hour, minute } from '../../src/shared/time.ts';
import { healthOf, podHealth } from '../../src/tracking/health.ts';
import type { NodeClaimView, PodView } from '../../src/tracking/types.ts';
import { claim, unlaunched, wanted } from './node-claims.ts';

const now = Date.parse('2026-07-27T10:00:00Z');
const fresh = ['new-1', 'new-2', 'new-3'].map((name) => claim({ name, nodeName: name }));
const old = ['old-1', 'old-2'].map((name) => claim({ name, nodeName: name, imageId: 'ami-old' }));

function verdictOf(
  check: string,
  {
    claims = [...fresh, ...old],
    lost = 0,
    argocd,
  }: { claims?: readonly NodeClaimView[]; lost?: number; argocd?: string } = {},
) {
  const checks = healthOf({ claims, wanted, podChecks: [], argocd, lostLaunches: lost, now });
  return checks.find((one) => one.check === check);
}

function pod(nodeName: string, changes: Partial<PodView> = {}): PodView {
  return {
    namespace: 'shop',
    name: `web-${nodeName}`,
    labels: { 'pod-template-hash': 'a1' },
    nodeName,
    owner: 'Deployment shop/web',
    startedAt: now - hour,
    stays: false,
    deleting: false,
    ready: true,
    crashing: false,
    ...changes,
  };
}

function podVerdicts(pods: readonly PodView[] | undefined) {
  const checks = podHealth({ claims: [...fresh, ...old], wanted, pods, now });
  return Object.fromEntries(checks.map(({ check, verdict }) => [check, verdict]));
}
const onOld = [pod('old-1'), pod('old-2')];

test('a fleet that comes up well is well, and says what it saw', () => {
  expect(verdictOf('new-nodes')).toEqual({
    check: 'new-nodes',
    verdict: 'well',
    evidence: '0 of 3 nodes on the new image are not Ready (NodeClaims)',
  });
});

test('a new node that does not offer what pods asked for is a breach, once it had its time', () => {
  const gpuless = (minutes: number) =>
    claim({
      name: 'gpu-1',
      initialized: false,
      ready: false,
      detail: {
        createdAt: now - minutes * minute,
        conditions: [
          {
            type: 'Initialized',
            status: 'Unknown',
            reason: 'ResourceNotRegistered',
            message: 'Resource "nvidia.com/gpu" was requested but not registered',
          },
        ],
        doNotDisrupt: false,
      },
    });
  expect(verdictOf('resources', { claims: [...fresh, gpuless(10)] })?.verdict).toBe('well');
  const breach = verdictOf('resources', { claims: [...fresh, gpuless(11)] });
  expect(breach?.verdict).toBe('breached');
  expect(breach?.evidence).toBe(
    '1 of 4 nodes on the new image do not offer a resource that pods asked for (NodeClaims): Resource "nvidia.com/gpu" was requested but not registered',
  );
  // the old image may lack it as well: that is none of this rollout's
  const oldOne = { ...gpuless(60), imageId: 'ami-old' };
  expect(verdictOf('resources', { claims: [...fresh, oldOne] })?.verdict).toBe('well');
});

test('two new nodes that broke are a breach, one is an accident', () => {
  const broken = (count: number) => fresh.map((one, i) => ({ ...one, ready: i >= count }));
  expect(verdictOf('new-nodes', { claims: broken(1) })?.verdict).toBe('well');
  expect(verdictOf('new-nodes', { claims: broken(2) })?.verdict).toBe('breached');
});

test('a node may take its time to come up, and then no longer', () => {
  const coming = (createdAt: number) =>
    [1, 2].map((i) =>
      claim({
        name: `n${i}`,
        initialized: false,
        ready: false,
        detail: { createdAt, conditions: [], doNotDisrupt: false },
      }),
    );
  expect(verdictOf('new-nodes', { claims: coming(now - 5 * minute) })?.verdict).toBe('well');
  expect(verdictOf('new-nodes', { claims: coming(now - 11 * minute) })?.verdict).toBe('breached');
  expect(verdictOf('new-nodes', { claims: [unlaunched()] })?.verdict).toBe('well');
});

test('replacements that go away again and again are a breach', () => {
  expect(verdictOf('launches', { lost: 2 })?.verdict).toBe('well');
  expect(verdictOf('launches', { lost: 3 })?.verdict).toBe('breached');
});

test('what Argo CD does not say is not checked', () => {
  expect(verdictOf('argocd')?.verdict).toBe('not-checked');
  expect(verdictOf('argocd', { argocd: 'Healthy' })?.verdict).toBe('well');
  expect(verdictOf('argocd', { argocd: 'Degraded' })?.verdict).toBe('breached');
  for (const argocd of ['Unknown', 'Missing'])
    expect(verdictOf('argocd', { argocd })?.verdict).toBe('not-checked');
});

test('a ReplicaSet that fails on new nodes and not on old ones is a breach, with the numbers', () => {
  const pods = [
    pod('new-1', { crashing: true, ready: false }),
    pod('new-2', { crashing: true }),
    ...onOld,
  ];
  expect(podVerdicts(pods)['workloads']).toBe('breached');
  expect(podHealth({ claims: [...fresh, ...old], wanted, pods, now })[1]?.evidence).toBe(
    'Deployment shop/web: 2 of 2 pods fail on new nodes, 0 of 2 on old ones (Pods)',
  );
});

test.each<[string, readonly PodView[] | undefined, string]>([
  [
    'a workload that fails everywhere',
    [
      pod('new-1', { crashing: true }),
      pod('new-2', { crashing: true }),
      ...onOld.map((one) => ({ ...one, crashing: true })),
    ],
    'well',
  ],
  [
    'a workload that was changed since',
    [
      pod('new-1', { crashing: true, labels: { 'pod-template-hash': 'b2' } }),
      pod('new-2', { crashing: true, labels: { 'pod-template-hash': 'b2' } }),
      ...onOld,
    ],
    'not-checked',
  ],
  ['one pod on new nodes', [pod('new-1', { crashing: true }), ...onOld], 'not-checked'],
  [
    'pods that are young',
    [
      pod('new-1', { ready: false, startedAt: now - minute }),
      pod('new-2', { ready: false, startedAt: now - minute }),
      ...onOld,
    ],
    'well',
  ],
  [
    'pods that leave',
    [pod('new-1', { crashing: true, deleting: true }), pod('new-2'), pod('new-3'), ...onOld],
    'well',
  ],
  ['pods that were not read', undefined, 'not-checked'],
])('%s: %s', (_, pods, verdict) => {
  expect(podVerdicts(pods)['workloads']).toBe(verdict);
});

test('workloads that were changed meanwhile are named, and those that only moved are not', () => {
  const changedTo = (owner: string, nodeName: string, hash: string) =>
    pod(nodeName, { owner, labels: { 'pod-template-hash': hash } });
  const pods = [
    // its new ReplicaSet stands on new nodes alone
    changedTo('Deployment shop/cart', 'old-1', 'a1'),
    changedTo('Deployment shop/cart', 'new-1', 'b2'),
    changedTo('Deployment shop/cart', 'new-2', 'b2'),
    // changed as well, and far enough to be compared
    changedTo('Deployment shop/tax', 'old-1', 'a1'),
    ...['old-1', 'old-2', 'new-1', 'new-2'].map((node) =>
      changedTo('Deployment shop/tax', node, 'b2'),
    ),
    // nothing of it is left on old nodes
    changedTo('Deployment shop/mail', 'new-1', 'a1'),
    pod('new-1'),
    pod('new-2'),
    ...onOld,
  ];
  const [, workloads] = podHealth({ claims: [...fresh, ...old], wanted, pods, now });
  expect(workloads).toMatchObject({ verdict: 'well', changed: ['Deployment shop/cart'] });
  const [, plain] = podHealth({ claims: [...fresh, ...old], wanted, pods: onOld, now });
  expect(plain).not.toHaveProperty('changed');
});

test('pods of a DaemonSet that are not Ready on new nodes are a breach', () => {
  const agent = (nodeName: string, ready: boolean) =>
    pod(nodeName, { owner: 'DaemonSet kube-system/agent', stays: true, ready, labels: {} });
  const pods = [
    agent('new-1', false),
    agent('new-2', false),
    agent('old-1', true),
    agent('old-2', true),
  ];
  expect(podVerdicts(pods)).toEqual({ daemonsets: 'breached', workloads: 'not-checked' });
});
