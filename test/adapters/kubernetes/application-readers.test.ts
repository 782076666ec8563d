import { expect, test } from 'vitest';
import { applicationReaders } from '../../../src/adapters/kubernetes/application-readers.ts';
import { ClusterUnreachableError } from '../../../src/adapters/kubernetes/cluster-unreachable-error.ts';
import type { DeliveryOptions } from '../../../src/adapters/kubernetes/deliverers.ts';
import { silentLog } from '../../../src/workflow/log.ts';

const application = (
  name: string,
  destination: { readonly server?: string; readonly name?: string },
  kinds: readonly string[],
  namespace = 'argocd',
) => ({
  metadata: { name, namespace },
  spec: {
    destination,
    source: { repoURL: 'https://github.com/acme/gitops.git', path: `clusters/${name}` },
  },
  status: { resources: kinds.map((kind) => ({ kind, name: 'default' })) },
});

function setUp(
  delivery: Readonly<Record<string, DeliveryOptions>>,
  applications: Record<string, readonly unknown[]>,
) {
  const asked: string[] = [];
  const heard = { applications: new Map(), addresses: new Map() };
  const api = (cluster: string) =>
    ({
      async get(path: string) {
        asked.push(`${cluster} ${path}`);
        const items = applications[cluster];
        if (items === undefined)
          throw new ClusterUnreachableError({ cluster, doing: `GET ${path}` }, { status: 503 });
        return { items };
      },
    }) as never;
  const read = () =>
    applicationReaders({
      api,
      delivery: (cluster) => delivery[cluster] ?? {},
      server: async (cluster) => `https://${cluster}.example.com`,
      clusters: Object.keys(delivery),
      heard,
      log: silentLog,
    });
  return { asked, read };
}

const told = (found: Awaited<ReturnType<ReturnType<typeof setUp>['read']>>) =>
  found.readers.map(({ cluster, application: { name } }) => `${name} → ${cluster}`);

test('the Argo CD that the configuration names is listed once, for all its clusters', async () => {
  const { asked, read } = setUp(
    { tools: {}, stg: { cluster: 'tools' }, prod: { cluster: 'tools' }, other: 'external' },
    {
      tools: [
        application('a', { server: 'https://STG.example.com:443/' }, ['EC2NodeClass', 'NodePool']),
        application('b', { name: 'prod' }, ['EC2NodeClass']),
        application('c', { name: 'in-cluster' }, ['EC2NodeClass']),
        application('root', { name: 'in-cluster' }, ['Application']),
        application('d', { name: 'other' }, ['EC2NodeClass']),
        application('e', { server: 'https://elsewhere.example.com' }, ['EC2NodeClass']),
      ],
    },
  );
  const found = await read();
  expect(told(found)).toEqual(['a → stg', 'b → prod', 'c → tools']);
  // What goes to a cluster that something else delivers to is not elsewhere; what goes to none of them is.
  expect(found.elsewhere).toMatchObject([{ hub: 'tools', application: { name: 'e' } }]);
  expect(asked).toEqual(['tools /apis/argoproj.io/v1alpha1/applications']);
});

test('where nobody names one, each cluster is asked, and one that never answered is named', async () => {
  const { read } = setUp(
    { stg: {}, prod: {} },
    {
      stg: [application('a', { server: 'https://kubernetes.default.svc' }, ['EC2NodeClass'])],
    },
  );
  const found = await read();
  expect(told(found)).toEqual(['a → stg']);
  expect(found.unheard).toEqual(['prod']);
  expect(found.neverHeard).toEqual([{ cluster: 'prod', named: false }]);
});

test('where a cluster names its own Application, its own Argo CD is asked beside the one that others name', async () => {
  const { read } = setUp(
    {
      ...{ tools: {}, stg: { cluster: 'tools' }, prod: { application: 'karpenter' } },
      away: { application: 'karpenter' },
    },
    {
      tools: [application('a', { name: 'stg' }, ['EC2NodeClass'])],
      prod: [application('b', { name: 'in-cluster' }, ['EC2NodeClass'])],
    },
  );
  const found = await read();
  expect(told(found)).toEqual(['a → stg', 'b → prod']);
  // One cluster that is away must not stop a fleet: only a hub does.
  expect(found.neverHeard).toEqual([{ cluster: 'away', named: false }]);
});

test('of an Argo CD that falls silent, what it said last counts', async () => {
  const applications: Record<string, readonly unknown[]> = {
    tools: [application('a', { name: 'prod' }, ['EC2NodeClass'])],
  };
  const { read } = setUp({ prod: { cluster: 'tools' } }, applications);
  expect(await read()).toMatchObject({ unheard: [] });
  delete applications['tools'];
  const found = await read();
  expect(told(found)).toEqual(['a → prod']);
  expect(found).toMatchObject({ unheard: ['tools'], neverHeard: [] });
  applications['tools'] = [];
  expect(await read()).toMatchObject({ readers: [], unheard: [] });
  const { read: another } = setUp({ prod: { cluster: 'tools' } }, {});
  expect((await another()).neverHeard).toEqual([{ cluster: 'tools', named: true }]);
});

test('a fleet with more Argo CDs than are asked says who reads a file by declaration', async () => {
  const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`c${i}`, {}]));
  const { asked, read } = setUp(many, {});
  expect(await read()).toMatchObject({ readers: [], tooMany: 21 });
  expect(asked).toEqual([]);
});

test('two Applications of one name in different namespaces do not hide each other', async () => {
  const { read } = setUp(
    { stg: {}, prod: { cluster: 'stg' } },
    {
      stg: [
        application('karpenter', { name: 'in-cluster' }, ['EC2NodeClass'], 'team-a'),
        application('karpenter', { name: 'prod' }, ['EC2NodeClass'], 'team-b'),
      ],
    },
  );
  expect(told(await read())).toEqual(['karpenter → stg', 'karpenter → prod']);
});
