import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ConnectedClusters,
  createClusters,
} from '../../src/adapters/kubernetes/create-clusters.ts';
import { systemClock } from '../../src/shared/clock.ts';
import type { ClusterView } from '../../src/tracking/types.ts';
import { readObjects } from '../infra/read-infra.ts';
import { cluster, oldAlias, oldImage, startForTest } from '../sandbox/kubernetes/start-for-test.ts';
import { type RealApiServer, startApiServer } from './api-server.ts';
import { customResources, pathOf } from './custom-resources.ts';

const assets = process.env['KUBEBUILDER_ASSETS'];
type Plain = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Record<string, unknown> & {
    readonly name: string;
    readonly namespace?: string;
  };
  readonly status?: unknown;
};

// `setup-envtest use` prints the folder; without it these are skipped, and the stand-in has to be believed
describe.skipIf(assets === undefined)('a real API server (KUBEBUILDER_ASSETS)', () => {
  let server: RealApiServer;
  let clusters: ConnectedClusters;

  beforeAll(async () => {
    server = await startApiServer(assets ?? '');
    for (const object of customResources() as readonly Plain[])
      await server.ask('POST', pathOf(object), object);
    for (const name of ['amiable', 'argocd'])
      await server.ask('POST', '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
      });
    // what people apply: roles, and the policies whose CEL it compiles
    for (const file of ['cluster-role', 'argocd-role', 'argocd-sync', 'brake'])
      for (const object of readObjects(`infra/kubernetes/${file}.yaml`) as readonly Plain[])
        await server.ask('POST', pathOf(object), object);
    await established();
    const world = await startForTest();
    for (const plural of ['ec2nodeclasses', 'nodepools', 'nodeclaims', 'nodes'] as const)
      for (const object of world.standIn.objects(cluster, plural)) await put(object as Plain);
    await world.standIn.close();
    clusters = createClusters({
      clock: systemClock,
      clusters: [
        {
          name: cluster,
          connection: { kind: 'server', server: server.url, token: server.token, ca: server.ca },
        },
      ],
    });
  }, 180_000);

  afterAll(async () => {
    await clusters?.close();
    await server?.close();
  });

  /** CRDs are served, and policies enforced, a moment after they were written. */
  async function established(): Promise<void> {
    for (let turn = 0; turn < 100; turn += 1) {
      const { status } = await server.asAmiable('GET', '/apis/karpenter.sh/v1/nodeclaims');
      if (status === 200) break;
      await pause(200);
    }
    await pause(2_000);
  }

  async function put(object: Plain): Promise<void> {
    const { name, namespace, labels, annotations } = object.metadata;
    const metadata = { name, ...(namespace !== undefined && { namespace }), labels, annotations };
    const { status, ...rest } = object;
    await server.ask('POST', pathOf(object), { ...rest, metadata });
    if (status !== undefined)
      await server.ask('PATCH', `${pathOf(object)}/${name}/status`, { status });
  }

  async function seen(holds: (view: ClusterView) => boolean): Promise<ClusterView> {
    for (let turn = 0; turn < 100; turn += 1) {
      const view = await clusters.observe(cluster).catch(() => undefined);
      if (view !== undefined && holds(view)) return view;
      await pause(200);
    }
    throw new Error('the view never came to what was expected');
  }

  test('the rights of infra/kubernetes are all that is asked for', async () => {
    const { missing, mayBrake } = await clusters.access(cluster);
    expect({ missing, mayBrake }).toEqual({ missing: [], mayBrake: true });
  });

  test('lists and watches show what is there, and what changes', async () => {
    const view = await seen(({ nodeClaims }) => nodeClaims.length === 4);
    expect(view.nodeClaims.every(({ imageId, ready }) => imageId === oldImage && ready)).toBe(true);
    expect(view.nodeClasses[0]?.terms).toEqual([{ kind: 'alias', value: oldAlias }]);
    const [first, second] = view.nodeClaims;
    const path = '/apis/karpenter.sh/v1/nodeclaims';
    await server.ask('PATCH', `${path}/${first?.name}/status`, { status: { imageID: 'ami-0new' } });
    await server.ask('DELETE', `${path}/${second?.name}`);
    const later = await seen(({ nodeClaims }) => nodeClaims.length === 3);
    expect(later.nodeClaims.find(({ name }) => name === first?.name)?.imageId).toBe('ami-0new');
  }, 60_000);

  test('the brake sets its mark and takes it away, and its policy permits no more', async () => {
    const { nodeClaims } = await seen(() => true);
    const node = nodeClaims[0]?.nodeName ?? '';
    const path = `/api/v1/nodes/${node}`;
    expect(await clusters.holdNodes(cluster, [node], 'ro_1')).toEqual({ held: [node] });
    expect(await server.ask('GET', path)).toMatchObject({
      metadata: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } },
    });
    for (const [metadata, said] of [
      [{ annotations: { 'example.com/a': 'b' } }, 'its own annotations only'],
      [{ labels: { 'example.com/a': 'b' } }, 'annotations of a node and nothing else'],
      [{ annotations: { 'karpenter.sh/do-not-disrupt': null } }, 'and take that away again'],
    ] as const) {
      const answer = await server.asAmiable('PATCH', path, { metadata });
      expect({ status: answer.status, said: JSON.stringify(answer.body) }).toEqual({
        status: 422,
        said: expect.stringContaining(said),
      });
    }
    expect(await clusters.releaseNodes(cluster, 'ro_1')).toEqual({ released: 1, left: 0 });
  }, 60_000);

  test('a sync is asked for of EC2NodeClasses alone, once, and its policy permits no more', async () => {
    const revision = 'a'.repeat(40);
    const source = { repoURL: 'https://github.com/acme/gitops', path: '.', targetRevision: 'main' };
    const application = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'karpenter', namespace: 'argocd' },
      spec: { project: 'default', source, destination: { name: 'in-cluster' } },
      status: {
        sync: { status: 'OutOfSync', revision, comparedTo: { source, destination: {} } },
        resources: [
          {
            group: 'karpenter.k8s.aws',
            kind: 'EC2NodeClass',
            name: 'default',
            status: 'OutOfSync',
          },
        ],
      },
    };
    await server.ask('POST', pathOf(application), application);
    const path = `${pathOf(application)}/karpenter`;
    const whole = await server.asAmiable('PATCH', path, { operation: { sync: { revision } } });
    expect({ status: whole.status, said: JSON.stringify(whole.body) }).toEqual({
      status: 422,
      said: expect.stringContaining('never a whole Application'),
    });
    const sync = { namespace: 'argocd', application: 'karpenter', nodeClasses: ['default'] };
    expect(await clusters.syncNodeClasses(cluster, { ...sync, mark: 'm' })).toEqual({
      kind: 'started',
    });
    expect(await clusters.syncNodeClasses(cluster, { ...sync, mark: 'm' })).toEqual({
      kind: 'already',
    });
    expect(await clusters.syncNodeClasses(cluster, { ...sync, mark: 'n' })).toEqual({
      kind: 'busy',
    });
    expect(await server.ask('GET', path)).toMatchObject({
      operation: { sync: { revision, resources: [{ kind: 'EC2NodeClass', name: 'default' }] } },
    });
  }, 60_000);
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
