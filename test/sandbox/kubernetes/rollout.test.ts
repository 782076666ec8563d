import { afterEach, expect, test } from 'vitest';
import type { KubernetesStandIn } from '../../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import { minute, second } from '../../../src/shared/time.ts';
import {
  cluster,
  imageOf,
  manifests,
  newAlias,
  newImage,
  oldImage,
  startForTest,
} from './start-for-test.ts';

let standIn: KubernetesStandIn | undefined;
afterEach(async () => {
  await standIn?.close();
  standIn = undefined;
});

async function start(options: Parameters<typeof startForTest>[0] = {}) {
  const world = await startForTest(options);
  standIn = world.standIn;
  const claims = () => world.standIn.objects(cluster, 'nodeclaims');
  const conditionsOf = (plural: 'ec2nodeclasses' | 'nodepools') =>
    Object.fromEntries(
      (world.standIn.objects(cluster, plural)[0]?.status?.conditions ?? []).map((condition) => [
        condition.type,
        condition,
      ]),
    );
  const events = () =>
    world.standIn.objects(cluster, 'events').map(({ reason, message }) => `${reason}: ${message}`);
  return { ...world, claims, conditionsOf, events };
}

test('a cluster begins with its nodes running on what Git says, synced and healthy', async () => {
  const { nodes, standIn: it } = await start();
  expect(nodes().map(({ imageId, state }) => [imageId, state])).toEqual(
    Array.from({ length: 4 }, () => [oldImage, 'ready']),
  );
  expect(it.applications()[0]?.status).toMatchObject({
    sync: { status: 'Synced' },
    health: { status: 'Healthy' },
    operationState: { phase: 'Succeeded' },
  });
  expect(it.objects(cluster, 'pods').every(({ status }) => status?.phase === 'Running')).toBe(true);
});

test('a push rolls every node over within the budget, replacements first', async () => {
  const { git, standIn: it, nodes, claims, pass } = await start();
  git.push(manifests({ alias: newAlias }));
  it.notifyPush('acme/gitops');
  let mostDisrupted = 0;
  let fewestReady = 4;
  for (let passed = 0; passed < 20 * minute; passed += 5 * second) {
    await pass(5 * second);
    const taken = claims().filter(
      ({ metadata, status }) =>
        metadata.deletionTimestamp !== undefined ||
        status?.conditions.some(({ type }) => type === 'DisruptionReason'),
    );
    // those whose instance is terminating no longer count against the budget
    const counted = taken.filter(
      ({ status }) => !status?.conditions.some(({ type }) => type === 'InstanceTerminating'),
    );
    mostDisrupted = Math.max(mostDisrupted, counted.length);
    fewestReady = Math.min(fewestReady, nodes().filter(({ state }) => state === 'ready').length);
  }
  expect(nodes().map(({ imageId, state }) => [imageId, state])).toEqual(
    Array.from({ length: 4 }, () => [newImage, 'ready']),
  );
  expect(mostDisrupted).toBe(2);
  expect(fewestReady).toBe(4);
});

test('the same seed tells the same story, another seed another', async () => {
  const story = async (seed: number) => {
    const { git, standIn: it, nodes, pass } = await start({ seed });
    git.push(manifests({ alias: newAlias }));
    const told: unknown[] = [];
    for (let turn = 0; turn < 30; turn += 1) {
      await pass(10 * second);
      told.push(nodes());
    }
    await it.close();
    standIn = undefined;
    return JSON.stringify(told);
  };
  const once = await story(5);
  expect(await story(5)).toBe(once);
  expect(await story(6)).not.toBe(once);
});

test('drift is marked with a lag and taken back when the pin goes back', async () => {
  const {
    git,
    standIn: it,
    nodes,
    pass,
  } = await start({
    content: manifests({ budgets: [{ nodes: '0' }] }),
  });
  git.push(manifests({ alias: newAlias, budgets: [{ nodes: '0' }] }));
  it.notifyPush('acme/gitops');
  await pass(12 * second, second);
  expect(nodes().some(({ drifted }) => drifted)).toBe(false);
  await pass(2 * minute);
  expect(nodes().every(({ drifted, imageId }) => drifted && imageId === oldImage)).toBe(true);
  git.push(manifests({ budgets: [{ nodes: '0' }] }));
  it.notifyPush('acme/gitops');
  await pass(3 * minute);
  expect(nodes().some(({ drifted }) => drifted)).toBe(false);
  expect(
    it.objects(cluster, 'nodeclaims').flatMap(({ status }) => status?.conditions ?? []),
  ).not.toContainEqual(expect.objectContaining({ type: 'Drifted' }));
});

test('a closed budget holds everything and says so on the NodePool', async () => {
  const budgets = [{ nodes: '0', reasons: ['Drifted'] }];
  const { git, events, nodes, pass } = await start({ content: manifests({ budgets }) });
  git.push(manifests({ alias: newAlias, budgets }));
  await pass(15 * minute);
  expect(nodes().every(({ imageId }) => imageId === oldImage)).toBe(true);
  expect(events()).toContain(
    'DisruptionBlocked: No allowed disruptions for disruption reason Drifted due to blocking budget',
  );
});

test('an alias that resolves to nothing stalls in silence: old images stay, nothing new launches', async () => {
  const { git, standIn: it, conditionsOf, nodes, pass } = await start();
  git.push(manifests({ alias: 'al2023@v19990101' }));
  it.notifyPush('acme/gitops');
  await pass(3 * minute);
  const { AMIsReady, Ready, SubnetsReady } = conditionsOf('ec2nodeclasses');
  expect(AMIsReady).toMatchObject({ status: 'True', observedGeneration: 1 });
  expect(SubnetsReady).toMatchObject({ status: 'True', observedGeneration: 2 });
  expect(Ready).toMatchObject({
    status: 'Unknown',
    reason: 'ReconcilingDependents',
    message: 'AMIsReady=True',
    observedGeneration: 2,
  });
  expect(conditionsOf('nodepools')['NodeClassReady']).toMatchObject({
    status: 'False',
    reason: 'NodeClassReadinessUnknown',
  });
  expect(it.applications()[0]?.status?.health.status).toBe('Degraded');
  expect(nodes().some(({ drifted }) => drifted)).toBe(false);
  it.act(cluster, { do: 'kill-node' });
  await pass(10 * minute);
  expect(nodes()).toHaveLength(3);
});

test('a drifted node stays while its pool cannot launch a replacement', async () => {
  const closed = [{ nodes: '0' }];
  const { git, nodes, claims, pass } = await start({ content: manifests({ budgets: closed }) });
  git.push(manifests({ alias: newAlias, budgets: closed }));
  await pass(6 * minute);
  expect(nodes().every(({ drifted }) => drifted)).toBe(true);
  git.push(manifests({ alias: 'al2023@v19990101' }));
  for (let turn = 0; turn < 20; turn += 1) {
    await pass(30 * second);
    expect(claims()).toHaveLength(4);
    expect(nodes().some(({ disrupting }) => disrupting)).toBe(false);
  }
});

test('a selector that matches nothing fails openly', async () => {
  const byId = (id: string) =>
    manifests({ classSpec: '  amiFamily: AL2023\n' }).replace(
      'alias: al2023@v20260714',
      `id: ${id}`,
    );
  const { git, standIn: it, conditionsOf, pass } = await start();
  git.push(byId('ami-0123'));
  it.notifyPush('acme/gitops');
  await pass(2 * minute);
  expect(conditionsOf('ec2nodeclasses')['AMIsReady']).toMatchObject({
    status: 'False',
    reason: 'AMINotFound',
  });
  expect(it.objects(cluster, 'ec2nodeclasses')[0]?.status).not.toHaveProperty('amis');
});

test('a blocked PodDisruptionBudget keeps nodes from being chosen until it is released', async () => {
  const { git, standIn: it, nodes, events, pass } = await start();
  it.act(cluster, { do: 'block-pdb' });
  git.push(manifests({ alias: newAlias }));
  await pass(15 * minute);
  expect(nodes().every(({ imageId }) => imageId === oldImage)).toBe(true);
  expect(events()).toContain(
    'DisruptionBlocked: Pdb prevents pod evictions (PodDisruptionBudget=[default/web-general-pdb])',
  );
  it.act(cluster, { do: 'unblock-pdb' });
  await pass(30 * minute);
  expect(nodes().every(({ imageId }) => imageId === newImage)).toBe(true);
});

test('do-not-disrupt on a Node holds it, which is how the brake works', async () => {
  const { git, standIn: it, nodes, get, pass } = await start({ spec: { denied: [] } });
  const held = nodes()[0]?.nodeName ?? '';
  const url = `${it.serverUrl(cluster)}/api/v1/nodes/${held}`;
  const patch = (annotations: Record<string, string | null>) =>
    fetch(url, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${it.token(cluster)}`,
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify({ metadata: { annotations } }),
    });
  expect(
    (await patch({ 'karpenter.sh/do-not-disrupt': 'true', 'amiable.dev/brake': 'x' })).status,
  ).toBe(200);
  git.push(manifests({ alias: newAlias }));
  await pass(25 * minute);
  expect(
    nodes()
      .map(({ imageId }) => imageId)
      .sort(),
  ).toEqual([oldImage, newImage, newImage, newImage].sort());
  await patch({ 'karpenter.sh/do-not-disrupt': null, 'amiable.dev/brake': null });
  expect(await (await get(`/api/v1/nodes/${held}`)).json()).not.toHaveProperty([
    'metadata',
    'annotations',
    'karpenter.sh/do-not-disrupt',
  ]);
  await pass(10 * minute);
  expect(nodes().every(({ imageId }) => imageId === newImage)).toBe(true);
});

test('a bad image shows as claims that come and go while the old nodes stay', async () => {
  const { git, standIn: it, nodes, claims, conditionsOf, pass } = await start();
  it.act(cluster, { do: 'launch-failures', how: 'never-registers' });
  git.push(manifests({ alias: newAlias }));
  const seen = new Set<string>();
  for (let turn = 0; turn < 45; turn += 1) {
    await pass(minute);
    for (const { metadata, status } of claims())
      if (status?.imageID === newImage) seen.add(metadata.name);
  }
  expect(seen.size).toBeGreaterThan(3);
  expect(
    nodes()
      .filter(({ state }) => state === 'ready')
      .map(({ imageId }) => imageId),
  ).toEqual(Array.from({ length: 4 }, () => oldImage));
  expect(conditionsOf('nodepools')['NodeRegistrationHealthy']).toMatchObject({ status: 'False' });
});

test('a killed node comes back on the image that new nodes get', async () => {
  const budgets = [{ nodes: '0' }];
  const { git, standIn: it, nodes, pass } = await start({ content: manifests({ budgets }) });
  git.push(manifests({ alias: newAlias, budgets }));
  await pass(5 * minute);
  it.act(cluster, { do: 'kill-node' });
  await pass(5 * minute);
  const ready = nodes().filter(({ state }) => state === 'ready');
  expect(ready.map(({ imageId }) => imageId).sort()).toEqual(
    [oldImage, oldImage, oldImage, newImage].sort(),
  );
});

test('a control plane upgrade replaces every node though the pin stays', async () => {
  const { standIn: it, nodes, pass } = await start();
  it.act(cluster, { do: 'upgrade-control-plane', to: '1.36' });
  await pass(40 * minute);
  const upgraded = imageOf('v20260714', 'amd64', '1.36');
  expect(nodes().every(({ imageId }) => imageId === upgraded)).toBe(true);
});

test('an edit with kubectl stands until Argo CD heals it, and says which program made it', async () => {
  const { standIn: it, pass } = await start();
  const edited = () => it.objects(cluster, 'ec2nodeclasses')[0];
  const alias = () => edited()?.spec.amiSelectorTerms[0]?.alias;
  const before = alias();
  it.act(cluster, { do: 'auto-sync', on: false });
  it.act(cluster, { do: 'edit-node-class', alias: 'al2023@v20260701' });
  await pass(10 * minute);
  expect(alias()).toBe('al2023@v20260701');
  expect(edited()?.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['kubectl-edit']);
  it.act(cluster, { do: 'auto-sync', on: true });
  await pass(10 * minute);
  expect(alias()).toBe(before);
  expect(edited()?.metadata.managedFields?.map(({ manager }) => manager)).toEqual([
    'argocd-controller',
  ]);
});

test('a change of the NodePool template is drift of another kind', async () => {
  const budgets = [{ nodes: '0' }];
  const { git, claims, pass } = await start({ content: manifests({ budgets }) });
  git.push(manifests({ budgets }).replace('720h', '360h'));
  await pass(10 * minute);
  const reasons = claims().map(
    ({ status }) => status?.conditions.find(({ type }) => type === 'Drifted')?.reason,
  );
  expect(reasons).toEqual(Array.from({ length: 4 }, () => 'NodePoolDrifted'));
});

test('both architectures get their own image', async () => {
  const { git, nodes, pass } = await start({
    nodes: [
      { nodePool: 'general', count: 2, arch: 'x86_64' },
      { nodePool: 'general', count: 1, arch: 'arm64' },
    ],
  });
  git.push(manifests({ alias: newAlias }));
  await pass(30 * minute);
  expect(
    nodes()
      .map(({ imageId }) => imageId)
      .sort(),
  ).toEqual([newImage, newImage, imageOf('v20260724', 'arm64')].sort());
});

test('a node without pods is removed, and nothing comes in its place', async () => {
  const { git, standIn: it, nodes, pass } = await start();
  it.act(cluster, { do: 'add-node', nodePool: 'general' });
  await pass(3 * minute);
  expect(nodes()).toHaveLength(5);
  git.push(manifests({ alias: newAlias }));
  await pass(30 * minute);
  expect(nodes()).toHaveLength(4);
});

test('a control call that fits nothing is an error', async () => {
  const { standIn: it } = await start();
  expect(() => it.act(cluster, { do: 'kill-node', name: 'general-none' })).toThrow('general-none');
  expect(() => it.act('nowhere', { do: 'kill-node' })).toThrow('nowhere');
});
