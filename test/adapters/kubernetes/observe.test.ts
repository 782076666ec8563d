import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { ClusterUnreachableError } from '../../../src/adapters/kubernetes/cluster-unreachable-error.ts';
import type { Fault } from '../../../src/sandbox/faults.ts';
import { minute, second } from '../../../src/shared/time.ts';
import { progressOf } from '../../../src/tracking/progress.ts';
import { resolutionOf } from '../../../src/tracking/resolution.ts';
import {
  cluster,
  manifests,
  newAlias,
  newImages,
  noon,
  settled,
} from '../../sandbox/kubernetes/start-for-test.ts';
import { imagesOf, type ObservedWorld, observedWorld } from './observed-world.ts';

let world: ObservedWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function start(options: Parameters<typeof observedWorld>[0] = {}) {
  world = await observedWorld(options);
  return world;
}

const fault = (kind: Fault['kind'], match: string, times = 1): Fault => ({
  service: 'kubernetes',
  kind,
  match,
  times,
});

function truth({ nodes }: ObservedWorld) {
  return nodes()
    .map(({ name, imageId = '-' }) => `${name} ${imageId}`)
    .sort();
}

test('shows classes, pools and claims as they are, at the time of the list', async () => {
  const it = await start();
  const view = await it.observe();
  expect(view.observedAt).toBe(noon);
  expect(view.nodeClasses).toMatchObject([
    { name: 'default', generation: 1, terms: [{ alias: 'al2023@v20260714', other: false }] },
  ]);
  expect(view.nodePools).toMatchObject([
    {
      name: 'general',
      nodeClass: 'default',
      managedHere: true,
      architectures: ['x86_64', 'arm64'],
    },
  ]);
  expect(imagesOf(view)).toEqual(truth(it));
  expect(view.nodeClaims.every(({ ready, initialized }) => ready && initialized)).toBe(true);
});

test('a rollout is counted as it truly is, at every tick from push to the last node', async () => {
  const it = await start({ nodes: [{ nodePool: 'general', count: 6, arch: 'x86_64' }] });
  await it.observe();
  it.git.push(manifests({ alias: newAlias }));
  it.standIn.notifyPush('acme/gitops');
  const kinds = new Set<string>();
  for (let passed = 0; passed < 20 * minute; passed += 10 * second) {
    await it.pass(10 * second);
    const nodes = it.nodes();
    const isNew = ({ imageId = '' }: { imageId?: string }) => newImages.has(imageId);
    const expected = {
      total: nodes.length,
      replaced: nodes.filter((node) => isNew(node) && node.state === 'ready').length,
      draining: nodes.filter(({ state }) => state === 'draining').length,
      launching: nodes.filter(({ state }) => state === 'launching').length,
      drifted: nodes.filter((node) => !isNew(node) && node.state === 'ready').length,
      notReady: 0,
    };
    const view = await it.seen(({ nodeClaims }) =>
      isDeepStrictEqual(progressOf(nodeClaims, newImages).counts, expected),
    );
    const progress = progressOf(view.nodeClaims, newImages);
    kinds.add(progress.kind);
    expect(progress.kind === 'replaced').toBe(expected.replaced === expected.total);
  }
  expect([...kinds]).toEqual(['replacing', 'replaced']);
  const { nodeClasses } = await it.observe();
  expect(nodeClasses.map((nodeClass) => resolutionOf(nodeClass, newImages).kind)).toEqual([
    'resolved',
  ]);
});

test('the silent stall of an unknown alias is named within a minute', async () => {
  const it = await start();
  await it.observe();
  it.git.push(manifests({ alias: 'al2023@v19990101' }));
  it.standIn.notifyPush('acme/gitops');
  await it.pass(minute);
  // the minute is over: the clock stands still
  const { nodeClasses } = await it.seen(({ nodeClasses: classes }) =>
    classes.some((nodeClass) => resolutionOf(nodeClass, newImages).kind === 'unresolvable'),
  );
  expect(nodeClasses).toHaveLength(1);
});

test('a claim whose Node is not Ready is not Ready, whatever the claim says', async () => {
  const it = await start();
  await it.observe();
  it.standIn.act(cluster, { do: 'degrade' });
  const view = await it.eventually(({ nodeClaims }) => nodeClaims.some(({ ready }) => !ready));
  expect(view.nodeClaims.filter(({ ready }) => !ready)).toHaveLength(1);
});

test('a quiet cluster costs one list and one watch a resource, and one of draining Nodes, and stays fresh by bookmarks', async () => {
  const it = await start();
  await it.observe();
  await settled();
  const before = it.standIn.requests();
  for (let passed = 0; passed < 4 * minute; passed += 20 * second) {
    await it.pass(20 * second);
    const { observedAt } = await it.observe();
    expect(it.clock.now() - observedAt).toBeLessThanOrEqual(minute + 20 * second);
  }
  expect(before).toMatchObject({ list: 5, watch: 4 });
  expect(it.standIn.requests()).toMatchObject({ list: 5, watch: 4 });
});

test.each(['cut-watch', 'gone-410'] as const)('numbers come right again after %s', async (kind) => {
  const it = await start({ historyLimit: 5 });
  await it.observe();
  await settled();
  it.faults.order(fault(kind, 'WATCH', 4));
  it.git.push(manifests({ alias: newAlias }));
  await it.pass(2 * second);
  for (let turn = 0; turn < 120; turn += 1) await it.pass(10 * second);
  const view = await it.eventually((seen) => imagesOf(seen).join() === truth(it).join());
  expect(progressOf(view.nodeClaims, newImages).kind).toBe('replaced');
  // what fell out of the history can only have come from a new list
  expect(it.standIn.requests().list).toBeGreaterThan(4);
});

test('a watch whose version is too old lists anew, and does not ask for that version again', async () => {
  const it = await start();
  await it.observe();
  await settled();
  it.faults.order(fault('gone-410', 'WATCH', 4));
  await it.pass(second, second);
  await it.pass(second, second);
  await settled();
  expect(it.standIn.requests()).toMatchObject({ list: 10, watch: 8 });
  expect(it.clock.now() - (await it.observe()).observedAt).toBeLessThanOrEqual(second);
});

test('a cut watch goes on where it was, without a new list', async () => {
  const it = await start();
  await it.observe();
  await settled();
  it.faults.order(fault('cut-watch', 'WATCH', 4));
  await it.pass(2 * second, second);
  await it.pass(20 * second, second);
  it.standIn.act(cluster, { do: 'add-node', nodePool: 'general' });
  await it.eventually(({ nodeClaims }) => nodeClaims.length === 5);
  expect(it.standIn.requests()).toMatchObject({ list: 5, watch: 8 });
});

test('a watch that freezes is noticed: the age grows, then it is left and all is fresh again', async () => {
  const it = await start();
  it.faults.order(fault('hang', 'WATCH /clusters/prod-eu-1/apis/karpenter.sh/v1/nodeclaims'));
  await it.observe();
  await settled();
  it.standIn.act(cluster, { do: 'add-node', nodePool: 'general' });
  for (let turn = 0; turn < 14; turn += 1) await it.pass(10 * second);
  const stale = await it.observe();
  expect(stale.nodeClaims).toHaveLength(4);
  expect(it.clock.now() - stale.observedAt).toBe(140 * second);
  const fresh = await it.eventually(({ nodeClaims }) => nodeClaims.length === 5);
  expect(it.clock.now() - fresh.observedAt).toBeLessThan(minute);
});

test.each([
  { kind: 'error-500', status: 500 },
  { kind: 'rate-limited', status: 429 },
  { kind: 'lost-reply', status: undefined },
  { kind: 'hang', status: undefined },
] as const)('a first look that meets $kind says so, and a later look is fine', async (given) => {
  const it = await start({ requestTimeoutMs: given.kind === 'hang' ? 1_000 : 10_000 });
  it.faults.order(fault(given.kind, 'GET /clusters/prod-eu-1/apis/karpenter.sh/v1/nodeclaims'));
  const failure = await it.observe().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ClusterUnreachableError);
  expect(failure).toMatchObject({ cluster, status: given.status });
  let later = await it.observe().catch(() => undefined);
  for (let turn = 0; turn < 20 && later === undefined; turn += 1) {
    await it.pass(second, second);
    later = await it.observe().catch(() => undefined);
  }
  expect(later === undefined ? undefined : imagesOf(later)).toEqual(truth(it));
});

test('waits as long as the server asks when it is limited', async () => {
  const it = await start();
  it.faults.order(fault('rate-limited', 'nodeclaims'));
  const failure = await it.observe().catch((error: unknown) => error);
  expect(failure).toMatchObject({ retryAfterMs: second });
  const { list } = it.standIn.requests();
  await it.pass(0.9 * second, 0.1 * second);
  expect(it.standIn.requests().list).toBe(list);
  await it.pass(0.2 * second, 0.1 * second);
  expect(it.standIn.requests().list).toBe(list + 2); // and the Nodes that drain
});

test('watches that nobody asks about end after ten minutes, and begin anew', async () => {
  const it = await start();
  await it.observe();
  await settled();
  expect(it.standIn.openWatches(cluster)).toBe(4);
  for (let turn = 0; turn < 19; turn += 1) await it.pass(30 * second);
  expect(it.standIn.openWatches(cluster)).toBe(4);
  await it.pass(30 * second);
  await settled();
  expect(it.standIn.openWatches(cluster)).toBe(0);
  const view = await it.observe();
  expect(view.observedAt).toBe(it.clock.now());
});

test('a glance reads every page and leaves no watch behind', async () => {
  const it = await start({ nodes: [{ nodePool: 'general', count: 1_100, arch: 'arm64' }] });
  const view = await it.clusters.glance(cluster);
  expect(imagesOf(view)).toEqual(truth(it));
  expect(view.nodeClaims).toHaveLength(1_100);
  expect(it.standIn.requests()).toMatchObject({ list: 11, get: 0, watch: 0 });
});

test('two that ask at once share one list', async () => {
  const it = await start();
  await Promise.all([it.observe(), it.observe(), it.observe()]);
  expect(it.standIn.requests().list).toBe(5);
});

test('asking for a cluster nobody configured is a bug, not an outage', async () => {
  const it = await start();
  await expect(it.clusters.observe('nowhere')).rejects.toThrow('No cluster nowhere is configured');
});
