import { expect, onTestFinished, test } from 'vitest';
import { createClusters } from '../../../src/adapters/kubernetes/create-clusters.ts';
import { cluster, startForTest } from '../../sandbox/kubernetes/start-for-test.ts';

async function start(denied: readonly string[] = []) {
  const world = await startForTest({ spec: { denied } });
  onTestFinished(() => world.standIn.close());
  const clusters = createClusters({
    clock: world.clock,
    clusters: [
      {
        name: cluster,
        connection: {
          kind: 'server',
          server: world.standIn.serverUrl(cluster),
          token: world.standIn.token(cluster),
        },
      },
    ],
  });
  onTestFinished(() => clusters.close());
  const names = world.nodes().map(({ nodeName }) => nodeName ?? '');
  const annotations = () =>
    world.standIn.objects(cluster, 'nodes').map(({ metadata }) => metadata.annotations ?? {});
  return { ...world, clusters, names, annotations };
}

const held = { 'karpenter.sh/do-not-disrupt': 'true', 'amiable.dev/brake': 'ro_1' };

test('holds nodes with our mark, twice is the same, and lets go of ours alone', async () => {
  const { clusters, names, annotations } = await start();
  expect(await clusters.holdNodes(cluster, names.slice(0, 2), 'ro_1')).toEqual({
    held: names.slice(0, 2),
  });
  expect(annotations().filter((one) => 'amiable.dev/brake' in one)).toMatchObject([held, held]);
  expect(await clusters.holdNodes(cluster, names.slice(0, 2), 'ro_2')).toEqual({
    held: names.slice(0, 2),
  });
  expect(await clusters.releaseNodes(cluster, 'ro_2')).toEqual({ released: 0, left: 0 });
  expect(await clusters.releaseNodes(cluster, 'ro_1')).toEqual({ released: 2, left: 0 });
  expect(annotations().every((one) => !('karpenter.sh/do-not-disrupt' in one))).toBe(true);
});

test('a node that is gone is not held, and none is left behind for it', async () => {
  const { clusters } = await start();
  expect(await clusters.holdNodes(cluster, ['ip-10-0-0-1'], 'ro_1')).toEqual({ held: [] });
});

test('without the right, nothing is changed, and the words of RBAC come back', async () => {
  const { clusters, names, annotations } = await start(['patch nodes']);
  const done = await clusters.holdNodes(cluster, names, 'ro_1');
  expect(done).toMatchObject({ held: [], refused: expect.stringContaining('cannot patch') });
  expect(annotations().every((one) => !('amiable.dev/brake' in one))).toBe(true);
  expect(await clusters.rehearseBrake(cluster)).toMatchObject({
    nodes: names.length,
    refused: expect.stringContaining('cannot patch'),
  });
});

test('a rehearsal measures and changes nothing', async () => {
  const { clusters, names, annotations } = await start();
  const { nodes, wouldTakeMs, refused } = await clusters.rehearseBrake(cluster);
  expect(nodes).toBe(names.length);
  expect(wouldTakeMs).toBeGreaterThan(0);
  expect(refused).toBeUndefined();
  expect(annotations().every((one) => !('amiable.dev/brake' in one))).toBe(true);
});

test('a lost reply is made good by doing it again', async () => {
  const { clusters, names, faults } = await start();
  faults.order({ service: 'kubernetes', kind: 'lost-reply', match: 'PATCH', times: 1 });
  await expect(clusters.holdNodes(cluster, names, 'ro_1')).rejects.toThrow(cluster);
  expect((await clusters.holdNodes(cluster, names, 'ro_1')).held).toHaveLength(names.length);
  expect(await clusters.releaseNodes(cluster, 'ro_1')).toMatchObject({ released: names.length });
});
