import { afterEach, expect, test } from 'vitest';
import { minute, second } from '../../../src/shared/time.ts';
import { cluster, manifests, newAlias, settled } from '../../sandbox/kubernetes/start-for-test.ts';
import { type ObservedWorld, observedWorld } from './observed-world.ts';

let world: ObservedWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function start(options: Parameters<typeof observedWorld>[0] = {}) {
  world = await observedWorld(options);
  return world;
}

test('of a cluster at rest only rows are read, an order of magnitude less than whole objects', async () => {
  const it = await start({ nodes: [{ nodePool: 'general', count: 100, arch: 'arm64' }] });
  const view = await it.observe();
  await settled();
  const { get, bytes } = it.standIn.requests();
  expect(get).toBe(0);
  const whole = it.standIn.objects(cluster, 'nodeclaims').map((claim) => JSON.stringify(claim));
  expect(bytes).toBeLessThan(whole.join().length / 2);
  expect(view.nodeClaims.every(({ detail }) => detail === undefined)).toBe(true);
  expect(view.nodeClaims.every(({ vcpu }) => vcpu === 'Standard/OnDemand')).toBe(true);
});

test('a claim that comes up is read whole, and is a row again once it is Ready', async () => {
  const it = await start();
  await it.observe();
  it.standIn.act(cluster, { do: 'add-node', nodePool: 'general' });
  const coming = await it.eventually(({ nodeClaims }) =>
    nodeClaims.some(({ detail }) => detail !== undefined),
  );
  expect(coming.nodeClaims.filter(({ detail }) => detail !== undefined)).toHaveLength(1);
  await it.eventually(
    ({ nodeClaims }) =>
      nodeClaims.length === 5 &&
      nodeClaims.every(({ detail, ready }) => detail === undefined && ready),
  );
});

test('a claim that was leaving before anybody looked is seen to leave', async () => {
  const it = await start({
    spec: {
      pdbs: [{ namespace: 'default', name: 'web', app: 'web-general', minAvailable: '100%' }],
    },
  });
  it.standIn.act(cluster, { do: 'interrupt-node' });
  await it.pass(10 * second);
  const view = await it.observe();
  expect(view.nodeClaims.filter(({ deleting }) => deleting)).toHaveLength(1);
});

test('claims that wait after a sync are read whole, for the reasons why they wait', async () => {
  const it = await start({ content: manifests({ budgets: [{ nodes: '0' }] }) });
  it.git.push(manifests({ alias: newAlias, budgets: [{ nodes: '0' }] }));
  it.standIn.notifyPush('acme/gitops');
  await it.pass(2 * minute);
  const view = await it.observe();
  expect(view.nodeClaims.map(({ drifted, detail }) => drifted && detail !== undefined)).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

test('a whole object that cannot be read leaves what the row tells, and is asked for again', async () => {
  const it = await start();
  await it.observe();
  await settled();
  it.faults.order({
    service: 'kubernetes',
    kind: 'error-500',
    match: 'GET /clusters/prod-eu-1/apis/karpenter.sh/v1/nodeclaims/',
    times: 2,
  });
  it.standIn.act(cluster, { do: 'add-node', nodePool: 'general' });
  await it.eventually(({ nodeClaims }) => nodeClaims.some(({ ready }) => !ready));
  expect(it.logged.some(({ message }) => message === 'NodeClaim not read')).toBe(true);
  await it.eventually(
    ({ nodeClaims }) => nodeClaims.length === 5 && nodeClaims.every(({ ready }) => ready),
  );
});
