import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ClusterUnreachableError } from '../../../src/adapters/kubernetes/cluster-unreachable-error.ts';
import {
  type ClusterOptions,
  createClusters,
} from '../../../src/adapters/kubernetes/create-clusters.ts';
import { minute, second } from '../../../src/shared/time.ts';
import {
  cluster,
  manifests,
  newAlias,
  startForTest,
} from '../../sandbox/kubernetes/start-for-test.ts';

const moved = {
  nodeClasses: ['default'],
  files: [{ repository: 'acme/gitops', branch: 'main', path: 'clusters/prod/karpenter.yaml' }],
};

async function start(options: Parameters<typeof startForTest>[0] = {}) {
  const world = await startForTest(options);
  onTestFinished(() => world.standIn.close());
  const connectWithin = (requestTimeoutMs: number, ...clusters: readonly ClusterOptions[]) => {
    const connected = createClusters({ clusters, clock: world.clock, requestTimeoutMs });
    onTestFinished(() => connected.close());
    return connected;
  };
  const connect = (...clusters: readonly ClusterOptions[]) => connectWithin(10_000, ...clusters);
  const direct = (name = cluster): ClusterOptions => ({
    name,
    connection: {
      kind: 'server',
      server: world.standIn.serverUrl(name),
      token: world.standIn.token(name),
    },
  });
  return { ...world, connect, connectWithin, direct };
}

test('reaches a cluster through a kubeconfig and its context', async () => {
  const { standIn, connect } = await start();
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'config');
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'c',
          cluster: { server: standIn.serverUrl(cluster), 'insecure-skip-tls-verify': true },
        },
      ],
      users: [{ name: 'u', user: { token: standIn.token(cluster) } }],
      contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'prod',
    }),
  );
  const clusters = connect(
    { name: cluster, connection: { kind: 'kubeconfig', path, context: 'prod' } },
    { name: 'typo', connection: { kind: 'kubeconfig', path, context: 'pord' } },
    { name: 'none', connection: { kind: 'kubeconfig', path: `${path}.no`, context: 'prod' } },
  );
  const view = await clusters.glance(cluster);
  expect(view.nodeClaims).toHaveLength(4);
  await expect(clusters.glance('typo')).rejects.toThrow('the kubeconfig has no context pord');
  await expect(clusters.glance('none')).rejects.toBeInstanceOf(ClusterUnreachableError);
});

test('reads a few NodeClaims at rest whole where that is asked for', async () => {
  const { connect, direct } = await start();
  const clusters = connect(direct());
  const details = async (options?: { samples: number }) =>
    (await clusters.glance(cluster, options)).nodeClaims.filter(({ detail }) => detail).length;
  expect(await details()).toBe(0);
  expect(await details({ samples: 3 })).toBe(3);
  expect(await details({ samples: 9 })).toBe(4);
});

test('asks for a token anew with each request, so that it may be renewed', async () => {
  const { standIn, connect } = await start();
  let asked = 0;
  const token = async () => {
    asked += 1;
    return standIn.token(cluster);
  };
  const connection = { kind: 'server', server: standIn.serverUrl(cluster), token } as const;
  await connect({ name: cluster, connection }).glance(cluster);
  expect(asked).toBe(5);
});

test('a token that never comes does not hold a call up', async () => {
  const { standIn, connectWithin } = await start();
  const token = () => new Promise<string>(() => undefined);
  const connection = { kind: 'server', server: standIn.serverUrl(cluster), token } as const;
  const clusters = connectWithin(300, { name: cluster, connection });
  await expect(clusters.glance(cluster)).rejects.toBeInstanceOf(ClusterUnreachableError);
});

test.each([
  { who: 'nobody listens', server: 'http://127.0.0.1:1' },
  { who: 'there is no such host', server: 'http://cluster.invalid' },
])('says that a cluster cannot be reached when $who', async ({ server }) => {
  const { connect } = await start();
  const connection = { kind: 'server', server, token: 'x' } as const;
  const clusters = connect({ name: 'far', connection });
  const failure = await clusters.observe('far').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ClusterUnreachableError);
  expect(failure).toMatchObject({ cluster: 'far', status: undefined });
});

test('a wrong token is a refusal in the words of the server', async () => {
  const { standIn, connect } = await start();
  const connection = { kind: 'server', server: standIn.serverUrl(cluster), token: 'no' } as const;
  const failure = await connect({ name: cluster, connection })
    .observe(cluster)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ status: 401, message: expect.stringContaining('Unauthorized') });
});

test('something else that answers in JSON is not taken for an empty cluster', async () => {
  const { connect } = await start();
  const impostor = createServer((_, response) => response.end('{"items": 3}'));
  await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    impostor.close();
  });
  const server = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
  const connection = { kind: 'server', server, token: 'x' } as const;
  const clusters = connect({ name: 'odd', connection });
  await expect(clusters.glance('odd')).rejects.toBeInstanceOf(ClusterUnreachableError);
});

test('finds the Application where Argo CD runs', async () => {
  const { connect, direct } = await start({
    application: { hub: 'hub' },
    clusters: [{ name: 'hub', region: 'eu-west-1', kubernetes: '1.35', nodes: [] }],
  });
  const application = 'karpenter-config';
  const clusters = connect(
    { ...direct(), delivery: { application, cluster: 'hub' } },
    { ...direct('hub'), delivery: { application } },
  );
  expect(await clusters.deliverers(cluster, moved)).toMatchObject({
    kind: 'argocd',
    applications: [
      {
        name: 'karpenter-config',
        sync: 'Synced',
        health: 'Healthy',
        autoSync: true,
        revision: '1'.repeat(40),
        operation: { phase: 'Succeeded', revision: '1'.repeat(40) },
      },
    ],
  });
});

test.each([
  { where: 'in the cluster itself', hub: undefined, spec: {} },
  { where: 'in the hub that another cluster names', hub: 'hub', spec: {} },
  {
    where: 'in one namespace, where not all may be listed',
    hub: undefined,
    spec: { denied: ['list applications everywhere'] },
  },
])('finds the Application that manages the class $where', async ({ hub, spec }) => {
  const { connect, direct, standIn } = await start({
    spec,
    application: hub === undefined ? {} : { hub },
    clusters: [{ name: 'hub', region: 'eu-west-1', kubernetes: '1.35', nodes: [] }],
  });
  const url = 'https://argocd.example.com/';
  const clusters = connect(
    { ...direct(), delivery: { url } },
    { ...direct('hub'), delivery: { cluster: 'hub' } },
  );
  const found = await clusters.deliverers(cluster, moved);
  expect(found).toMatchObject({
    kind: 'argocd',
    applications: [
      {
        name: 'karpenter-config',
        nodeClasses: ['default'],
        revision: '1'.repeat(40),
        url: 'https://argocd.example.com/applications/argocd/karpenter-config',
      },
    ],
    above: [],
  });
  const { list } = standIn.requests();
  await clusters.deliverers(cluster, moved);
  expect(standIn.requests().list).toBe(list);
});

test('what a sync window of the project holds says so, where the project may be read', async () => {
  const held = async (denied: readonly string[]) => {
    const { connect, direct, standIn, git, pass } = await start({ spec: { denied } });
    const window = { kind: 'deny', schedule: '0 12 * * *', duration: '90m' } as const;
    const windows = [{ ...window, clusters: ['https://kubernetes.default.svc'] }];
    standIn.act(cluster, { do: 'sync-windows', windows });
    git.push(manifests({ alias: newAlias }));
    standIn.notifyPush('acme/gitops');
    await pass(10 * second);
    const found = await connect(direct()).deliverers(cluster, moved);
    return found.kind === 'argocd' ? found.applications[0]?.held : found;
  };
  expect(await held([])).toEqual({
    manual: false,
    opensAt: Date.parse('2026-07-27T13:30:00Z'),
    words: 'deny 0 12 * * * (UTC) for 90m',
  });
  expect(await held(['get appprojects'])).toBeUndefined();
});

test('an Argo CD that was found and falls silent is no answer, not nobody', async () => {
  const { connect, direct, clock, faults } = await start();
  const clusters = connect(direct());
  expect(await clusters.deliverers(cluster, moved)).toMatchObject({ kind: 'argocd' });
  clock.advance(11 * minute);
  faults.order({ service: 'kubernetes', kind: 'error-500', times: 2 });
  await expect(clusters.deliverers(cluster, moved)).rejects.toMatchObject({ status: 500 });
});

test('says why it found nobody, and does not ask where something else delivers', async () => {
  const { connect, direct, standIn } = await start({ spec: { denied: ['list applications'] } });
  expect(await connect(direct()).deliverers(cluster, moved)).toEqual({
    kind: 'unknown',
    because: `the Applications of ${cluster} may not be listed`,
  });
  const before = standIn.requests();
  const external = connect({ ...direct(), delivery: 'external' });
  expect(await external.deliverers(cluster, moved)).toEqual({ kind: 'external' });
  expect(standIn.requests()).toEqual(before);
  const others = { nodeClasses: ['other'], files: [] };
  const { connect: reach, direct: way } = await start();
  expect(await reach(way()).deliverers(cluster, others)).toEqual({
    kind: 'unknown',
    because: `no Application of ${cluster} manages or reads it`,
  });
});

test('no Application is told apart from no answer', async () => {
  const { connect, direct, faults } = await start();
  const clusters = connect({ ...direct(), delivery: { application: 'another' } });
  expect(await clusters.deliverers(cluster, moved)).toEqual({
    kind: 'unknown',
    because: 'there is no Application argocd/another',
  });
  faults.order({ service: 'kubernetes', kind: 'error-500', times: 1 });
  await expect(clusters.deliverers(cluster, moved)).rejects.toMatchObject({ status: 500 });
});

test.each([
  [
    ['v1beta1'],
    'prod-eu-1 serves karpenter.sh/v1beta1, karpenter.k8s.aws/v1, and Amiable reads v1',
  ],
  [[], 'prod-eu-1 serves karpenter.k8s.aws/v1, and Amiable reads v1'],
])('a Karpenter that serves %j is named, not taken for silence', async (versions, said) => {
  const { connect, direct, standIn } = await start();
  standIn.act(cluster, { do: 'serve-versions', group: 'karpenter.sh', versions });
  const clusters = connect(direct());
  for (const look of [clusters.glance(cluster), clusters.observe(cluster)])
    await expect(look).rejects.toMatchObject({
      name: 'KarpenterUnsupportedError',
      message: expect.stringContaining(said),
    });
});

test('says which rights are missing', async () => {
  const { connect, direct } = await start({
    spec: { denied: ['list pods', 'watch nodeclaims', 'patch nodes', 'get applications'] },
  });
  const delivery = { application: 'karpenter-config' };
  const clusters = connect({ ...direct(), delivery });
  expect(await clusters.access(cluster)).toEqual({
    version: 'v1.35.0-eks-3f9d1e7',
    missing: [
      'watch nodeclaims.karpenter.sh',
      'list pods',
      'get applications.argoproj.io in argocd',
    ],
    mayBrake: false,
  });
});

test('says that nothing is missing, and that the brake is there', async () => {
  const { connect, direct } = await start({ spec: { denied: [] } });
  expect(await connect(direct()).access(cluster)).toMatchObject({ missing: [], mayBrake: true });
});
