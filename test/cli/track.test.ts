import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { minute } from '../../src/shared/time.ts';
import type { TrackReport } from '../../src/tracking/track-report.ts';
import {
  cluster,
  manifests,
  newAlias,
  newImages,
  oldImage,
  startForTest,
} from '../sandbox/kubernetes/start-for-test.ts';
import { amiable } from './captured.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { groupOf, listOf, objectServer } from './object-server.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

async function start(options: Parameters<typeof startForTest>[0] = {}) {
  const world = await startForTest(options);
  onTestFinished(() => world.standIn.close());
  const { standIn } = world;
  const path = kubeconfigFor({
    prod: { server: standIn.serverUrl(cluster), token: standIn.token(cluster) },
    expired: { server: standIn.serverUrl(cluster), token: 'not-ours' },
  });
  const track = (...argv: string[]) => amiable(['track', '--kubeconfig', path, ...argv]);
  return {
    ...world,
    track,
    async report(...argv: string[]): Promise<TrackReport> {
      const { out, err, code } = await track('--json', ...argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      return JSON.parse(out) as TrackReport;
    },
  };
}

test('a cluster at rest is complete, with what is not handled counted', async () => {
  const { report, track } = await start({
    spec: {
      otherNodes: [
        { kind: 'managed-node-group', count: 18 },
        { kind: 'auto-mode', count: 6 },
      ],
    },
  });
  expect(await report()).toEqual({
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    nodeClasses: [
      {
        name: 'default',
        wanted: [oldImage, oldImage.replace('amd64', 'arm64')],
        ready: true,
        nodes: { total: 4, current: 4, drifted: 0, draining: 0, launching: 0, failed: 0 },
        state: 'complete',
        because: null,
      },
    ],
    blockers: [],
    forecast: null,
    applications: [
      {
        name: 'karpenter-config',
        namespace: 'argocd',
        nodeClasses: ['default'],
        sync: 'Synced',
        health: 'Healthy',
        revision: '1'.repeat(40),
        autoSync: true,
        message: null,
      },
    ],
    notHandled: { managedNodeGroup: 18, autoMode: 6, fargate: 0, other: 0 },
    notChecked: [],
  });
  const { out } = await track();
  expect(out).toContain('EC2NodeClass default: complete: 4 of 4 nodes run ami-');
  expect(out).toContain('And 18 managed-node-group, 6 Auto Mode nodes not handled.');
});

test('the counts are those of the simulation, and blockers name object, owner and time', async () => {
  const { git, standIn, pass, nodes, report, track, clock } = await start({
    spec: {
      pdbs: [{ namespace: 'default', name: 'web', app: 'web-general', minAvailable: '100%' }],
    },
  });
  git.push(manifests({ alias: newAlias }));
  standIn.notifyPush('acme/gitops');
  await pass(4 * minute);
  const { nodeClasses, blockers } = await report('--node-class', 'default');
  expect(new Set(nodeClasses[0]?.wanted)).toEqual(newImages);
  expect(nodes().filter(({ drifted }) => drifted)).toHaveLength(4);
  expect(nodeClasses[0]?.nodes).toEqual({
    total: 4,
    current: 0,
    drifted: 4,
    draining: 0,
    launching: 0,
    failed: 0,
  });
  const byNode = blockers.filter(({ cause }) => cause === 'pdb');
  expect(byNode.map(({ node }) => node).sort()).toEqual(
    nodes()
      .map(({ nodeName }) => nodeName)
      .sort(),
  );
  expect(byNode[0]).toMatchObject({
    cause: 'pdb',
    object: 'PodDisruptionBudget/default/web',
    owner: 'Deployment default/web-general',
    opensAt: null,
    message: expect.stringContaining(
      'PodDisruptionBudget default/web allows no disruption',
    ) as string,
  });
  expect(Date.parse(byNode[0]?.since ?? '')).toBeLessThanOrEqual(clock.now());
  expect((await track()).out).toContain('The same of 3 more.');
});

test('an alias that resolves to nothing is not ready, and nothing counts as current', async () => {
  const { git, standIn, pass, report } = await start();
  git.push(manifests({ alias: 'al2023@v19990101' }));
  standIn.notifyPush('acme/gitops');
  await pass(minute);
  const { nodeClasses, blockers } = await report();
  expect(nodeClasses).toMatchObject([
    { wanted: [], ready: false, state: 'unresolved', nodes: { total: 4, current: 0 } },
  ]);
  expect(blockers).toContainEqual(
    expect.objectContaining({ cause: 'no-image', object: 'EC2NodeClass/default', node: null }),
  );
});

test('what may not be read is named as not checked', async () => {
  const { report } = await start({ spec: { denied: ['list pods', 'list events'] } });
  const { notChecked } = await report();
  expect(notChecked).toEqual([
    expect.stringMatching(/^pods: .*cannot list resource "pods"/) as string,
    expect.stringMatching(/^events: .*cannot list resource "events"/) as string,
  ]);
});

test.each([
  [['--context', 'nowhere'], 'the kubeconfig has no context nowhere'],
  [['--context', 'expired'], 'Unauthorized'],
  [['--node-class', 'gpu'], 'the cluster has no EC2NodeClass gpu.'],
])('%j ends with 1 and the reason', async (argv, reason) => {
  const { track } = await start();
  const { code, err } = await track(...argv);
  expect(code).toBe(1);
  expect(err).toContain(reason);
});

test.each([
  ['karpenter.sh', ['v1beta1'], 'serves karpenter.sh/v1beta1. Amiable reads karpenter.sh/v1'],
  ['karpenter.k8s.aws', ['v1beta1'], 'serves karpenter.k8s.aws/v1beta1.'],
  ['karpenter.sh', [], 'has no Karpenter'],
])('another version of %s is named, never guessed: %j', async (group, versions, reason) => {
  const { track, standIn } = await start();
  standIn.act(cluster, { do: 'serve-versions', group, versions });
  const { code, err, out } = await track('--json');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(reason);
});

test('Auto Mode alone has nodes that are counted and not handled', async () => {
  const { report, standIn } = await start({
    spec: { otherNodes: [{ kind: 'auto-mode', count: 3 }] },
  });
  standIn.act(cluster, { do: 'serve-versions', group: 'karpenter.k8s.aws', versions: [] });
  expect(await report()).toMatchObject({ nodeClasses: [], notHandled: { autoMode: 3 } });
});

test('hostile objects neither break the report nor reach the terminal', async () => {
  const server = await objectServer({
    '/apis/karpenter.sh': groupOf('karpenter.sh', 'v1'),
    '/apis/karpenter.k8s.aws': groupOf('karpenter.k8s.aws', 'v1'),
    '/apis/karpenter.k8s.aws/v1/ec2nodeclasses': listOf([
      { metadata: { name: 'a\u001b[2J\u202eb' }, spec: { amiSelectorTerms: 'none' }, status: 7 },
    ]),
    '/apis/karpenter.sh/v1/nodepools': listOf([{ metadata: { name: 'p' }, spec: null }]),
    '/apis/karpenter.sh/v1/nodeclaims': listOf([
      {
        metadata: { name: 'x', labels: { 'karpenter.k8s.aws/ec2nodeclass': 'a\u001b[2J\u202eb' } },
      },
    ]),
    '/api/v1/nodes': listOf([{ metadata: { name: 'n', labels: 'nothing' } }]),
    '/api/v1/pods': listOf([]),
    '/api/v1/events': '<html>',
    '/apis/policy/v1/poddisruptionbudgets': listOf([{ metadata: { name: 'b' }, spec: {} }]),
  });
  onTestFinished(() => server.close());
  const path = kubeconfigFor({ it: { server: server.url, token: 't' } });
  const { out, code } = await amiable(['track', '--kubeconfig', path]);
  expect(code).toBe(0);
  expect([...out].some((char) => char === '\u001b' || char === '\u202e')).toBe(false);
  expect(out).toContain('what its 1 nodes are to run is not known');
  expect(out).toContain('Not checked: events');
});

const samples = '../shared/reference/data/karpenter';

test.skipIf(!existsSync(samples))(
  'the samples of a cluster in mid-rollout are counted by phase',
  async () => {
    const read = (name: string) =>
      JSON.parse(readFileSync(`${samples}/${name}`, 'utf8')) as unknown;
    const server = await objectServer({
      '/apis/karpenter.sh': groupOf('karpenter.sh', 'v1'),
      '/apis/karpenter.k8s.aws': groupOf('karpenter.k8s.aws', 'v1'),
      '/apis/argoproj.io': groupOf('argoproj.io', 'v1alpha1'),
      '/apis/argoproj.io/v1alpha1/applications': {
        ...(JSON.parse(
          readFileSync('../shared/reference/data/argocd/applications.json', 'utf8'),
        ) as object),
      },
      '/apis/karpenter.k8s.aws/v1/ec2nodeclasses': {
        ...(read('ec2nodeclass-ready.json') as object),
      },
      '/apis/karpenter.sh/v1/nodepools': { ...(read('nodepools.json') as object) },
      '/apis/karpenter.sh/v1/nodeclaims': {
        ...(read('nodeclaims-mid-rollout.json') as object),
      },
      '/api/v1/nodes': { ...(read('nodes-mid-rollout.json') as object) },
      '/api/v1/pods': listOf([]),
      '/api/v1/events': { ...(read('events.json') as object) },
      '/apis/policy/v1/poddisruptionbudgets': { ...(read('pdbs.json') as object) },
    });
    onTestFinished(() => server.close());
    const path = kubeconfigFor({ it: { server: server.url, token: 't' } });
    const { out } = await amiable(['track', '--kubeconfig', path, '--json']);
    const { nodeClasses, blockers, applications } = JSON.parse(out) as TrackReport;
    expect(nodeClasses).toMatchObject([
      {
        name: 'default',
        ready: true,
        state: 'rolling',
        // what came up in July does not come up in its time any more
        nodes: { total: 9, current: 1, drifted: 4, draining: 2, launching: 0, failed: 2 },
      },
    ]);
    expect(blockers).toContainEqual(
      expect.objectContaining({
        node: 'ip-10-0-12-22.eu-west-1.compute.internal',
        cause: 'pdb',
        object: 'PodDisruptionBudget/payments/ledger-pdb',
      }),
    );
    expect(applications.length).toBeGreaterThan(0);
  },
);
