import { afterEach, expect, test } from 'vitest';
import type { KubernetesStandIn } from '../../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import { minute, second } from '../../../src/shared/time.ts';
import { cluster, manifests, newAlias, newImage, startForTest } from './start-for-test.ts';

let standIn: KubernetesStandIn | undefined;
afterEach(async () => {
  await standIn?.close();
  standIn = undefined;
});

async function start(options: Parameters<typeof startForTest>[0] = {}) {
  const world = await startForTest(options);
  standIn = world.standIn;
  const status = () => {
    const found = world.standIn.applications()[0]?.status;
    if (found === undefined) throw new Error('the Application has no status');
    return found;
  };
  const selector = () =>
    world.standIn.objects(cluster, 'ec2nodeclasses')[0]?.spec.amiSelectorTerms[0]?.alias;
  return { ...world, status, selector };
}

test('without a push the change is seen by polling, within two to three minutes', async () => {
  const { git, status, pass, selector } = await start();
  const merge = git.push(manifests({ alias: newAlias }));
  await pass(190 * second);
  expect(status().sync).toMatchObject({ status: 'Synced', revision: merge });
  expect(selector()).toBe(newAlias);
});

test('a push makes it seconds', async () => {
  const { git, standIn: it, selector, pass } = await start();
  git.push(manifests({ alias: newAlias }));
  it.notifyPush('git@github.com:Acme/gitops.git');
  await pass(12 * second, second);
  expect(selector()).toBe(newAlias);
});

test('goes OutOfSync, Running, then Synced with a new entry of history', async () => {
  const { git, standIn: it, status, pass } = await start();
  const merge = git.push(manifests({ alias: newAlias }));
  it.notifyPush('acme/gitops');
  const seen: string[] = [];
  for (let turn = 0; turn < 15; turn += 1) {
    await pass(second, second);
    const now = `${status().sync.status} ${status().operationState?.phase}`;
    if (seen.at(-1) !== now) seen.push(now);
  }
  expect(seen).toEqual(['Synced Succeeded', 'OutOfSync Running', 'Synced Succeeded']);
  expect(status().history.map((entry) => entry['revision'])).toEqual(['1'.repeat(40), merge]);
});

test('the compared revision moves on with commits that change nothing here; the operation stays', async () => {
  const { git, status, pass } = await start();
  const later = git.push(manifests());
  await pass(4 * minute);
  expect(status().sync).toMatchObject({ status: 'Synced', revision: later });
  expect(status().operationState?.syncResult.revision).toBe('1'.repeat(40));
});

test('with a manual policy it stays OutOfSync until somebody syncs', async () => {
  const {
    git,
    standIn: it,
    status,
    selector,
    pass,
  } = await start({
    application: { autoSync: false },
  });
  git.push(manifests({ alias: newAlias }));
  await pass(10 * minute);
  expect(status().sync.status).toBe('OutOfSync');
  expect(selector()).not.toBe(newAlias);
  it.act(cluster, { do: 'sync' });
  await pass(20 * second);
  expect(status().sync.status).toBe('Synced');
  expect(selector()).toBe(newAlias);
});

test('what the API server refuses fails after five retries, and is not tried again by itself', async () => {
  const { git, status, selector, pass } = await start();
  const bad = git.push(manifests({ alias: `${newAlias}\n    - id: ami-0123` }));
  await pass(15 * minute);
  expect(status().operationState).toMatchObject({
    phase: 'Failed',
    retryCount: 5,
    syncResult: { revision: bad },
  });
  expect(status().operationState?.message).toContain(
    `EC2NodeClass.karpenter.k8s.aws "default" is invalid: spec.amiSelectorTerms: Invalid value: "array": 'alias' is mutually exclusive, cannot be set with a combination of other amiSelectorTerms (retried 5 times).`,
  );
  expect(status().conditions?.[0]?.message).toContain(`Failed last sync attempt to [${bad}]`);
  const { finishedAt } = status().operationState ?? {};
  await pass(15 * minute);
  expect(status().operationState?.finishedAt).toBe(finishedAt);
  expect(selector()).not.toBe(newAlias);
  git.push(manifests({ alias: newAlias }));
  await pass(4 * minute);
  expect(status()).toMatchObject({ sync: { status: 'Synced' } });
  expect(status().conditions).toBeUndefined();
});

test('manifests that do not parse are a comparison error beside the old revision', async () => {
  const { git, status, pass } = await start();
  git.push('kind: [');
  await pass(4 * minute);
  expect(status().sync).toMatchObject({ status: 'Unknown', revision: '1'.repeat(40) });
  expect(status().conditions?.[0]).toMatchObject({ type: 'ComparisonError' });
});

test('a folder that is not there is a comparison error as well', async () => {
  const { status } = await start({ application: { path: 'clusters/nowhere' }, nodes: [] });
  expect(status().conditions?.[0]?.message).toContain('app path does not exist');
});

test('an Application may live in another cluster than it delivers to', async () => {
  const {
    standIn: it,
    git,
    nodes,
    pass,
  } = await start({
    application: { hub: 'hub' },
    clusters: [{ name: 'hub', region: 'eu-west-1', kubernetes: '1.35', nodes: [] }],
  });
  expect(it.objects(cluster, 'applications')).toEqual([]);
  expect(it.objects('hub', 'applications')[0]?.spec.destination).toMatchObject({ name: cluster });
  git.push(manifests({ alias: newAlias }));
  await pass(30 * minute);
  expect(nodes().every(({ imageId }) => imageId === newImage)).toBe(true);
});

test('a closed sync window holds auto-sync without a word, and a person as far as it says', async () => {
  const { git, standIn: it, status, selector, pass } = await start();
  const window = {
    kind: 'deny',
    schedule: '0 12 * * *',
    duration: '1h',
    applications: ['*'],
  } as const;
  it.act(cluster, { do: 'sync-windows', windows: [window] });
  git.push(manifests({ alias: newAlias }));
  await pass(10 * minute);
  expect(status()).toMatchObject({ sync: { status: 'OutOfSync' } });
  expect(status().conditions).toBeUndefined();
  expect(() => it.act(cluster, { do: 'sync' })).toThrow('karpenter-config cannot be synced now');
  it.act(cluster, { do: 'sync-windows', windows: [{ ...window, manualSync: true }] });
  it.act(cluster, { do: 'sync' });
  await pass(20 * second);
  expect(selector()).toBe(newAlias);
  it.act(cluster, { do: 'sync-windows', windows: [window] });
  git.push(manifests());
  await pass(55 * minute);
  expect(selector()).not.toBe(newAlias);
});
