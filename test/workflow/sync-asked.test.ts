import { beforeEach, expect, test } from 'vitest';
import { liveProgress } from '../../blocks/live-progress.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { minute } from '../../src/shared/time.ts';
import type { ApplicationView } from '../../src/tracking/types.ts';
import { memoryWorld, newRelease } from '../fakes/memory-world.ts';
import { ann } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
let revision: string;
beforeEach(async () => {
  fleet = await fleetStory(memoryWorld());
  await fleet.approved();
  const [wave] = (await fleet.settle(3)).environments[0]?.waves ?? [];
  revision = wave?.parts[0]?.mergeSha ?? '';
});

function argocd(view: Partial<ApplicationView> = {}) {
  const application: ApplicationView = {
    name: 'karpenter-stg',
    namespace: 'argocd',
    sync: 'OutOfSync',
    health: 'Healthy',
    autoSync: false,
    conditions: [],
    sources: [
      {
        repository: fleet.git.repository,
        folder: 'clusters',
        valueFiles: [],
        compared: view.revision ?? revision,
      },
    ],
    outOfSync: ['EC2NodeClass default', 'NodePool general', 'EC2NodeClass gpu'],
    hub: { cluster: 'hub', maySync: true },
    revision,
    ...view,
  };
  fleet.deliverers.set('stg', { kind: 'argocd', applications: [application], above: [] });
}

const path = demoPath('staging', 'stg');
const edited = (from: string, to: string) => (git: typeof fleet.git) =>
  git.by.push('main', path, git.text('main', path).replace(from, to));

const seen = () => fleet.world.sightings(fleet.id).clusters.get('stg');
const press = (by = ann) => fleet.ask({ kind: 'sync', environment: 'staging', cluster: 'stg', by });

async function shown(): Promise<string> {
  const rollout = await fleet.settle(1);
  const lines = [...fleet.world.sightings(fleet.id).clusters.values()];
  return JSON.stringify(liveProgress(rollout, lines)?.blocks);
}

test('without auto-sync a button syncs the EC2NodeClass that was moved, and says what it leaves', async () => {
  argocd();
  const card = await shown();
  expect(card).toContain('"action_id":"rollout:sync"');
  expect(card).toContain(
    'Argo CD applies EC2NodeClass default in stg and nothing else. Other differences stay as they are: NodePool general, EC2NodeClass gpu.',
  );
  expect(fleet.askedSyncs).toEqual([]);
});

test.each<[string, Partial<ApplicationView>]>([
  ['the configuration does not permit it', { hub: { cluster: 'hub', maySync: false } }],
  ['Argo CD syncs by itself', { autoSync: true }],
  ['a sync window lets no person through', { held: { manual: false, words: 'deny' } }],
  ['the class differs in nothing', { outOfSync: ['NodePool general'] }],
  ['the merge is not compared yet', { revision: 'a'.repeat(40) }],
  ['an operation runs', { operation: { phase: 'Running', message: '' } }],
])('there is no button where %s, and a press does nothing', async (_, view) => {
  argocd(view);
  expect(await shown()).not.toContain('rollout:sync');
  await press();
  await fleet.settle(2);
  expect(fleet.askedSyncs).toEqual([]);
});

test('a press asks Argo CD once, for that class alone, however often it is looked at', async () => {
  argocd();
  await fleet.settle(1);
  expect((await press()).stored).toBe(true);
  expect((await press()).refusal?.code).toBe('already-decided');
  await lookOnce(fleet.world, fleet.id);
  expect(seen()?.note).toBe('karpenter-stg: Argo CD is asked to sync the EC2NodeClass alone');
  await fleet.settle(3);
  const [asked, ...more] = fleet.askedSyncs;
  expect(more).toEqual([]);
  expect(asked).toMatchObject({
    hub: 'hub',
    application: 'karpenter-stg',
    nodeClasses: ['default'],
  });
  // once Argo CD has it, its own words tell
  argocd({ marks: [asked?.mark ?? ''], operation: { phase: 'Running', message: 'waiting' } });
  await fleet.settle(1);
  expect(seen()?.note).toBe('karpenter-stg: waiting');
});

test('what is not permitted is said in the words of the cluster, and tried again a minute later', async () => {
  argocd();
  fleet.forbidding.set('hub', 'applications is forbidden');
  await press();
  await lookOnce(fleet.world, fleet.id);
  expect(seen()?.note).toBe(
    'karpenter-stg: the EC2NodeClass may not be synced: applications is forbidden',
  );
  fleet.forbidding.delete('hub');
  await lookOnce(fleet.world, fleet.id);
  expect(fleet.askedSyncs).toEqual([]);
  fleet.clock.advance(minute);
  await lookOnce(fleet.world, fleet.id);
  expect(fleet.askedSyncs).toHaveLength(1);
});

test.each<[string, (git: typeof fleet.git) => void, string]>([
  ['another pin', edited(newRelease, 'al2023@v20261103'), 'names al2023@v20261103 now'],
  ['a line of the class', edited('role: ', 'role: admin-'), 'was changed around the pin'],
  ['no class', (git) => git.by.remove('main', path), 'is gone'],
])('a press brings nothing that nobody approved: %s', async (_, change, why) => {
  change(fleet.git);
  fleet.clock.advance(10 * minute);
  argocd({ revision: fleet.git.by.headOf('main') });
  await press();
  await lookOnce(fleet.world, fleet.id);
  expect(fleet.askedSyncs).toEqual([]);
  expect(seen()?.note).toContain('may not be synced: since the merge, ');
  expect(seen()?.note).toContain(why);
});

test('what came after the merge elsewhere is no hindrance', async () => {
  fleet.git.by.push('main', 'README.md', 'hello');
  fleet.clock.advance(10 * minute);
  const head = fleet.git.by.headOf('main');
  argocd({ revision: head });
  await press();
  await lookOnce(fleet.world, fleet.id);
  expect(fleet.askedSyncs).toMatchObject([{ compared: [{ commit: head }] }]);
});

test('a press that could not be carried out for long is forgotten', async () => {
  argocd();
  fleet.forbidding.set('hub', 'no');
  await press();
  await lookOnce(fleet.world, fleet.id);
  fleet.clock.advance(16 * minute);
  fleet.forbidding.delete('hub');
  await fleet.settle(2);
  expect(fleet.askedSyncs).toEqual([]);
});

test('a sync that failed may be asked for again', async () => {
  argocd();
  await press();
  await lookOnce(fleet.world, fleet.id);
  const marks = [fleet.askedSyncs[0]?.mark ?? ''];
  argocd({ marks, operation: { phase: 'Failed', message: 'no such CRD', revision } });
  expect(await shown()).toContain('rollout:sync');
  expect(fleet.askedSyncs).toHaveLength(1);
  fleet.clock.advance(2 * minute);
  await press();
  await lookOnce(fleet.world, fleet.id);
  expect(fleet.askedSyncs).toHaveLength(2);
});
