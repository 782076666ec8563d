import { expect, onTestFinished, test } from 'vitest';
import { createClusters } from '../../../src/adapters/kubernetes/create-clusters.ts';
import { second } from '../../../src/shared/time.ts';
import type { Compared } from '../../../src/tracking/compared-by.ts';
import {
  cluster,
  manifests,
  newAlias,
  startForTest,
} from '../../sandbox/kubernetes/start-for-test.ts';

const path = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/karpenter-config';

/** An Application without auto-sync whose class and pool both differ from Git. */
async function start(denied: readonly string[] = []) {
  const world = await startForTest({ spec: { denied }, application: { autoSync: false } });
  onTestFinished(() => world.standIn.close());
  const { standIn } = world;
  const clusters = createClusters({
    clock: world.clock,
    clusters: [
      {
        name: cluster,
        connection: {
          kind: 'server',
          server: standIn.serverUrl(cluster),
          token: standIn.token(cluster),
        },
      },
    ],
  });
  onTestFinished(() => clusters.close());
  world.git.push(manifests({ alias: newAlias, budgets: [{ nodes: '7' }] }));
  standIn.notifyPush('acme/gitops');
  await world.pass(10 * second);
  const sync = (mark = 'ro_1/staging', compared?: readonly Compared[]) =>
    clusters.syncNodeClasses(cluster, {
      namespace: 'argocd',
      application: 'karpenter-config',
      nodeClasses: ['default'],
      mark,
      ...(compared === undefined ? {} : { compared }),
    });
  const patch = (body: unknown) =>
    fetch(`${standIn.serverUrl(cluster)}${path}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${standIn.token(cluster)}`,
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify(body),
    });
  const live = () => ({
    alias: standIn.objects(cluster, 'ec2nodeclasses')[0]?.spec.amiSelectorTerms[0]?.alias,
    budget: standIn.objects(cluster, 'nodepools')[0]?.spec.disruption?.budgets?.[0]?.nodes,
  });
  const application = () => standIn.applications()[0];
  return { ...world, clusters, sync, patch, live, application };
}

test('syncs the EC2NodeClass and nothing else, and once for a mark', async () => {
  const { sync, live, pass, application } = await start();
  expect(await sync()).toEqual({ kind: 'started' });
  expect(await sync()).toEqual({ kind: 'already' });
  await pass(10 * second);
  expect(live()).toEqual({ alias: newAlias, budget: '2' });
  expect(application()).toMatchObject({
    status: { sync: { status: 'OutOfSync' }, operationState: { phase: 'Succeeded' } },
  });
  // what was synced in part is no entry of the history, and done is done
  expect(application()?.status?.history).toHaveLength(1);
  expect(application()?.operation).toBeUndefined();
  expect(await sync()).toEqual({ kind: 'already' });
});

test('refuses what Argo CD compared after somebody looked', async () => {
  const { sync, application, live, pass } = await start();
  const { revision: commit = '' } = application()?.status?.sync ?? {};
  const repository = application()?.spec.source?.repoURL ?? '';
  const before = [{ repository, commit: '0'.repeat(40) }];
  expect(await sync('m', before)).toMatchObject({ kind: 'refused' });
  await pass(10 * second);
  expect(live().alias).not.toBe(newAlias);
  expect(await sync('m', [{ repository, commit }])).toEqual({ kind: 'started' });
});

test('leaves an operation that runs alone', async () => {
  const { sync, standIn, pass } = await start();
  standIn.act(cluster, { do: 'sync' });
  expect(await sync()).toEqual({ kind: 'busy' });
  await pass(10 * second);
});

test('a lost reply is made good by doing it again', async () => {
  const { sync, faults, standIn } = await start();
  faults.order({ service: 'kubernetes', kind: 'lost-reply', match: 'amiable-sync', times: 1 });
  await expect(sync()).rejects.toThrow();
  const { patch } = standIn.requests();
  expect(await sync()).toEqual({ kind: 'already' });
  expect(standIn.requests().patch).toBe(patch);
});

test('without the right, nothing is changed, and the words of RBAC come back', async () => {
  const { sync, live, pass } = await start(['patch applications']);
  expect(await sync()).toEqual({
    kind: 'refused',
    words: expect.stringContaining('cannot patch resource "applications"'),
  });
  await pass(10 * second);
  expect(live().alias).not.toBe(newAlias);
});

test('without a class there is nothing to ask for: it would be a sync of everything', async () => {
  const { clusters, standIn } = await start();
  const before = standIn.requests();
  const what = { namespace: 'argocd', application: 'karpenter-config', nodeClasses: [], mark: 'm' };
  await expect(clusters.syncNodeClasses(cluster, what)).rejects.toThrow('no EC2NodeClass to sync');
  expect(standIn.requests()).toEqual(before);
});

const one = { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' };

test.each<[string, (revision: string) => unknown, string]>([
  ['the whole Application', (revision) => ({ operation: { sync: { revision } } }), 'never a whole'],
  [
    'a NodePool',
    (revision) => ({
      operation: {
        sync: { revision, resources: [one, { ...one, group: 'karpenter.sh', kind: 'NodePool' }] },
      },
    }),
    'EC2NodeClasses only',
  ],
  [
    'what Git no longer has, by pruning it',
    (revision) => ({ operation: { sync: { revision, prune: true, resources: [one] } } }),
    'removes nothing',
  ],
  [
    'another revision',
    () => ({ operation: { sync: { revision: '0'.repeat(40), resources: [one] } } }),
    'that Argo CD compared last',
  ],
  [
    'auto-sync',
    (revision) => ({
      spec: { syncPolicy: { automated: {} } },
      operation: { sync: { revision, resources: [one] } },
    }),
    'change nothing else',
  ],
  [
    'what has no name',
    (revision) => ({ operation: { sync: { revision, resources: [{ kind: 'EC2NodeClass' }] } } }),
    'resources[0].name: Required value',
  ],
])('the admission policy lets nobody sync or change %s', async (_, body, said) => {
  const { patch, application, live, pass } = await start();
  const answer = await patch(body(application()?.status?.sync.revision ?? ''));
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain(said);
  await pass(10 * second);
  expect(live().alias).not.toBe(newAlias);
});
