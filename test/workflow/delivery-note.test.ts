import { beforeEach, expect, test } from 'vitest';
import { minute } from '../../src/shared/time.ts';
import type { ApplicationView } from '../../src/tracking/types.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { fleetStory } from './fleet-story.ts';

const older = 'a'.repeat(40);

let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  fleet = await fleetStory(memoryWorld());
});

function argocd(view: Partial<ApplicationView> = {}, above: readonly ApplicationView[] = []) {
  const application: ApplicationView = {
    name: 'karpenter-stg',
    namespace: 'argocd',
    sync: 'OutOfSync',
    health: 'Healthy',
    autoSync: true,
    conditions: [],
    sources: [{ repository: fleet.git.repository, folder: 'clusters', valueFiles: [] }],
    ...view,
  };
  fleet.deliverers.set('stg', { kind: 'argocd', applications: [application], above });
  return application;
}

async function merged(): Promise<string> {
  await fleet.approved();
  const [wave] = (await fleet.settle(3)).environments[0]?.waves ?? [];
  return wave?.parts[0]?.mergeSha ?? '';
}

async function note() {
  await fleet.settle(1);
  const seen = fleet.world.sightings(fleet.id).clusters.get('stg');
  return seen?.note;
}

test('tells in whose words a change is on its way', async () => {
  const revision = await merged();
  argocd({ revision: older, sync: 'Synced' });
  expect(await note()).toBe('karpenter-stg: Synced at aaaaaaa, without the merge as far as known');
  argocd({ revision });
  expect(await note()).toBe('karpenter-stg: OutOfSync, Argo CD has yet to sync it');
  argocd({ revision, operation: { phase: 'Running', message: 'waiting for hook', revision } });
  expect(await note()).toBe('karpenter-stg: waiting for hook');
  argocd({ revision, operation: { phase: 'Failed', message: 'no such CRD', revision } });
  expect(await note()).toBe('karpenter-stg: the sync failed: no such CRD');
  argocd({ revision, conditions: [{ type: 'ComparisonError', message: 'no kustomization' }] });
  expect(await note()).toBe('karpenter-stg: ComparisonError: no kustomization');
  argocd({ sources: [{ repository: fleet.git.repository, revision: 'v7', valueFiles: [] }] });
  expect(await note()).toBe(
    `karpenter-stg: it follows v7 of ${fleet.git.repository}, not main: the merge does not reach it`,
  );
});

test('a sync window is named, with when it opens and whether a person may', async () => {
  const revision = await merged();
  const opensAt = Date.parse('2026-07-27T17:00:00Z');
  const words = 'deny 0 8 * * 1-5 (UTC) for 9h';
  argocd({ revision, held: { manual: true, opensAt, words } });
  expect(await note()).toBe(
    'karpenter-stg: OutOfSync, held by a sync window (deny 0 8 * * 1-5 (UTC) for 9h); it is open from 2026-07-27T17:00:00Z; a sync by hand is allowed',
  );
  argocd({ revision, held: { manual: false, words } });
  expect(await note()).toBe(
    'karpenter-stg: OutOfSync, held by a sync window (deny 0 8 * * 1-5 (UTC) for 9h)',
  );
  // who has to sync by hand anyway is held by what lets no person through
  argocd({ revision, autoSync: false, held: { manual: true, words } });
  expect(await note()).toMatch(/auto-sync is off/);
});

test('of several sources, each has to be at the merge of its own repository', async () => {
  const compared = await merged();
  const chart = { repository: 'https://charts.example.com', compared: '2.0.0', valueFiles: [] };
  const git = { repository: fleet.git.repository, folder: 'clusters', valueFiles: [] };
  argocd({ sources: [chart, { ...git, compared: older }] });
  expect(await note()).toBe('karpenter-stg: OutOfSync; the merge is not compared yet');
  argocd({ sources: [chart, { ...git, compared }] });
  expect(await note()).toBe('karpenter-stg: OutOfSync, Argo CD has yet to sync it');
});

test('without auto-sync it says who has to sync, and what else a full sync would change', async () => {
  const revision = await merged();
  const outOfSync = ['EC2NodeClass default', 'NodePool a', 'NodePool b', 'NodePool c', 'Role d'];
  const parent = { kind: 'ApplicationSet', name: 'karpenter' } as const;
  argocd({ revision, autoSync: false, outOfSync, parent, url: 'https://argocd.example.com/x' });
  expect(await note()).toBe(
    'karpenter-stg: OutOfSync, and auto-sync is off: somebody has to sync it in Argo CD, or its ApplicationSet karpenter; a full sync would also change NodePool a, NodePool b, NodePool c and 1 more',
  );
  expect(fleet.world.sightings(fleet.id).clusters.get('stg')?.noteUrl).toBe(
    'https://argocd.example.com/x',
  );
});

test('an Application above that is behind is what people are told', async () => {
  const revision = await merged();
  const root = argocd({ name: 'root', autoSync: false, revision });
  argocd({ revision: older, sync: 'Synced' }, [root]);
  expect(await note()).toMatch(/^root: OutOfSync, and auto-sync is off/);
});

test('where something else delivers, only the live class counts', async () => {
  await merged();
  fleet.deliverers.set('stg', { kind: 'external' });
  expect(await note()).toBeUndefined();
  fleet.clock.advance(5 * minute);
  expect(await note()).toBe('waits for what delivers it, which is not Argo CD');
  fleet.deliverers.set('stg', { kind: 'unknown', because: 'they may not be listed' });
  expect(await note()).toBe('Argo CD is not asked: they may not be listed');
  fleet.sync('stg');
  const { environments } = await fleet.settle(2);
  expect(environments[0]?.waves[0]?.phase.name).toBe('replacing');
});

test('a later commit counts as the merge once Git says so, and is asked about once', async () => {
  await merged();
  fleet.git.by.push('main', 'README.md', 'later');
  const later = await fleet.git.host.head(fleet.git.repository, 'main');
  argocd({ revision: later ?? '' });
  expect(await note()).toMatch(/without the merge as far as known$/);
  fleet.clock.advance(5 * minute);
  expect(await note()).toBe('karpenter-stg: OutOfSync, Argo CD has yet to sync it');
  expect([...fleet.world.sightings(fleet.id).ancestry.values()]).toEqual([true]);
});
