import { beforeEach, expect, test } from 'vitest';
import { healthTexts } from '../../blocks/health-texts.ts';
import type { ApplicationView, PodView } from '../../src/tracking/types.ts';
import { clusterHealth } from '../../src/workflow/cluster-health.ts';
import { claim, wanted } from '../tracking/node-claims.ts';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  fleet = await fleetStory();
});

function argocdSays(health: ApplicationView['health']): void {
  const application: ApplicationView = {
    name: 'karpenter-stg',
    namespace: 'argocd',
    sync: 'Synced',
    health,
    autoSync: true,
    conditions: [],
  };
  fleet.deliverers.set('stg', { kind: 'argocd', applications: [application], above: [] });
}

test('an Argo CD that cannot tell the health does not let a soak end', async () => {
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  fleet.replace('stg');
  await fleet.settle();
  argocdSays('Unknown');
  expect(standing(await fleet.settle(120))[0]).toBe('staging rolling [soaking]');
  expect(fleet.troubles()).toContain('stg: Argo CD says Unknown');
  argocdSays('Healthy');
  expect(standing(await fleet.settle(70))[0]).toBe('staging complete [complete]');
});

test('while Argo CD is silent nodes are counted all the same, and the card is edited for no tick of them', async () => {
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle(1);
  fleet.argoDown.add('stg');
  fleet.replace('stg', 2);
  const rollout = await fleet.settle(2);
  expect(rollout.environments[0]?.waves[0]?.phase).toMatchObject({ replaced: 2 });
  expect(fleet.troubles()).toEqual(['stg: Argo CD does not answer']);
  fleet.replace('stg');
  expect(standing(await fleet.settle(90))[0]).toBe('staging rolling [replacing]');
  fleet.argoDown.delete('stg');
  expect(standing(await fleet.settle(3))[0]).toBe('staging rolling [soaking]');
});

const claims = ['new-1', 'new-2', 'old-1', 'old-2'].map((nodeName) =>
  claim({ name: nodeName, nodeName, imageId: nodeName.startsWith('new') ? 'ami-new' : 'ami-old' }),
);

function pod(app: string, nodeName: string, hash: string, crashing = false): PodView {
  return {
    namespace: 'shop',
    name: `${app}-${nodeName}`,
    labels: { 'pod-template-hash': hash },
    nodeName,
    owner: `Deployment shop/${app}`,
    stays: false,
    deleting: false,
    ready: !crashing,
    crashing,
  };
}

async function said(pods: readonly PodView[]) {
  const clusters = {
    ...fleet.world.clusters,
    surroundings: async () => ({ surroundings: { pods, allPods: true as const }, notChecked: [] }),
  };
  const about = { environment: 'staging', cluster: 'stg', claims, wanted, argocd: undefined };
  return clusterHealth({ ...fleet.world, clusters }, fleet.id, about);
}

test('workloads that were changed meanwhile are named as not checked', async () => {
  const changed = ['ad', 'bar', 'cart', 'desk'].flatMap((app) => [
    pod(app, 'old-1', 'a1'),
    pod(app, 'new-1', 'b2', true),
    pod(app, 'new-2', 'b2', true),
  ]);
  const { text, breaches } = await said(changed);
  expect(breaches).toEqual([]);
  expect(text).toContain(
    'workloads changed meanwhile (Deployment shop/ad, Deployment shop/bar, Deployment shop/cart and 1 more)',
  );
});

test('however long names are, what was not checked stays in the line', async () => {
  const long = 'x'.repeat(250);
  const changed = ['a', 'b', 'c'].flatMap((app) => [
    pod(`${app}${long}`, 'old-1', 'a1'),
    pod(`${app}${long}`, 'new-1', 'b2'),
  ]);
  const [line = ''] = healthTexts([{ cluster: 'stg', health: (await said(changed)).text }]);
  expect(line).toContain('metrics and alarms.');
});

test('a check that is breached is said with its source, and not left out', async () => {
  const { text } = await said(claims.map(({ name }) => pod('web', name, 'a1', name < 'old')));
  expect(text).toMatch(
    /^New nodes are not well by Pods \(pods of the same ReplicaSet on old nodes\)\. Health of new nodes checked by NodeClaims \([^)]*\)\. Not checked: DaemonSet pods, Argo CD, /,
  );
});

test('an Application that stays Degraded halts, and one that is on its way does not', async () => {
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  await fleet.settle();
  argocdSays('Degraded');
  const halted = async (minutes: number) => (await fleet.settle(minutes)).paused?.reason;
  expect(await halted(8)).toBeUndefined();
  argocdSays('Progressing');
  expect(await halted(2)).toBeUndefined();
  argocdSays('Degraded');
  expect(await halted(9)).toBeUndefined();
  expect(await halted(3)).toBe(
    'a check of health in staging is breached: stg: the Application is Degraded (Argo CD)',
  );
});

test('a class that is not Ready for minutes is known on the way to the cluster and after the last node', async () => {
  const { world } = fleet;
  const { observe } = world.clusters;
  let notReadySince: number | undefined;
  world.clusters.observe = async (name) => {
    const view = await observe(name);
    const since = notReadySince;
    if (since === undefined) return view;
    const nodeClasses = view.nodeClasses.map((nodeClass) => ({
      ...nodeClass,
      conditions: nodeClass.conditions.map((one) =>
        one.type === 'Ready' ? { ...one, status: 'False' as const, since } : one,
      ),
    }));
    return { ...view, nodeClasses };
  };
  const noLaunch = () => world.sightings(fleet.id).clusters.get('stg')?.noLaunch;
  await fleet.approved();
  await fleet.settle();
  notReadySince = fleet.clock.now();
  fleet.sync('stg');
  await fleet.settle(4);
  expect(noLaunch()).toBeUndefined();
  expect(standing(await fleet.settle(2))[0]).toBe('staging rolling [syncing]');
  expect(noLaunch()).toContain('cannot launch nodes');
  notReadySince = undefined;
  fleet.replace('stg');
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [soaking]');
  expect(noLaunch()).toBeUndefined();
  notReadySince = fleet.clock.now();
  await fleet.settle(6);
  expect(noLaunch()).toContain('cannot launch nodes');
});

test('launches that were lost on the way forward are not told of the way back', async () => {
  const look = async (images: ReadonlySet<string>, coming?: string) => {
    const about = { environment: 'staging', cluster: 'stg', wanted: images, argocd: undefined };
    const launching =
      coming === undefined ? [] : [claim({ name: coming, initialized: false, ready: false })];
    return clusterHealth(fleet.world, fleet.id, { ...about, claims: [...claims, ...launching] });
  };
  for (const name of ['a', 'b', 'c']) await look(wanted, name);
  expect((await look(wanted)).breaches).toMatchObject([{ check: 'launches' }]);
  const back = await look(new Set(['ami-old']));
  expect(back.breaches).toEqual([]);
  expect(back.text).not.toContain('not well');
});
