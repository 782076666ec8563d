import { expect, test } from 'vitest';
import { imageSections } from '../../blocks/image-sections.ts';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { bindFile, filePattern } from '../../src/config/file-patterns.ts';
import { jointPolicies } from '../../src/rollout/joint-policies.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { demoManifest } from '../../src/sandbox/demo-world.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { planChange } from '../../src/workflow/plan-change.ts';
import { closedBy, fleetReached, reached } from '../../src/workflow/reached-fleet.ts';
import { askStep, recheckAskStep } from '../../src/workflow/steps/ask.ts';
import { pinNow } from '../../src/workflow/unapproved/pin-now.ts';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';

const base = 'base/nodeclass.yaml';

function setUp() {
  const plain = memoryWorld();
  const [repository] = plain.world.fleet.repositories;
  if (repository === undefined) throw new Error('the fleet has no repository');
  return memoryWorld({
    files: { [base]: demoManifest('shared', { alias: oldRelease }) },
    fleet: {
      repositories: [
        {
          ...repository,
          bind: (path) =>
            bindFile(
              {
                files: [
                  filePattern('clusters/{environment}/{cluster}/**/*.yaml'),
                  filePattern(base, { environments: ['production', 'staging'] }),
                ],
              },
              path,
            ),
        },
      ],
    },
  });
}

test('a file that several environments read moves with the last of them', async () => {
  const { world } = setUp();
  const watched = await world.pins.read();
  expect(watched.pins.find(({ path }) => path === base)).toMatchObject({
    environment: 'production',
    clusters: ['stg', 'prod-a', 'prod-b'],
    shared: ['staging', 'production'],
  });
  const paths = async (environment: string) => {
    const plan = await planChange(world, { watched, environment, release: newRelease });
    if (plan.kind !== 'change') throw new Error(JSON.stringify(plan));
    return {
      paths: plan.change.pins.map(({ path }) => path),
      waves: plan.waves.map(({ clusters }) => clusters),
    };
  };
  expect((await paths('staging')).paths).not.toContain(base);
  const production = await paths('production');
  expect(production.paths).toContain(base);
  // One file cannot be merged for some of its readers: they are one wave, and followed there.
  expect(production.waves).toEqual([['stg', 'prod-a', 'prod-b']]);
});

test('where fewer clusters may roll than read one file, nothing is split: it is refused, and says why', async () => {
  const { world } = setUp();
  const watched = await world.pins.read();
  const planWith = (most: number) => {
    const policies = world.fleet.policies.map((policy) =>
      policy.name === 'production' ? { ...policy, maxClustersRolling: most } : policy,
    );
    const asked = { watched, environment: 'production', release: newRelease };
    return planChange({ ...world, fleet: { ...world.fleet, policies } }, asked);
  };
  expect(await planWith(2)).toEqual({
    kind: 'impossible',
    reason:
      'stg, prod-a, prod-b read the same files and cannot move one after another, and maxClustersRolling allows 2',
  });
  expect(await planWith(3)).toMatchObject({ kind: 'change' });
});

test('the card says which environments share a file', async () => {
  const { world } = setUp();
  const { rollout: id } = await detect(world);
  if (id === undefined) throw new Error('nothing was offered');
  const { rollout } = await world.journal.refresh(id);
  if (rollout === undefined) throw new Error('there is no rollout');
  expect(rollout.view?.shared).toEqual([{ path: base, environments: ['staging', 'production'] }]);
  const card = JSON.stringify(
    rolloutCard({ rollout, names: new Map(), troubles: [], waits: [] } as never),
  );
  expect(card).toContain('1 file shared by staging, production');
});

/** What Argo CD says of one cluster's Application. */
function application(path: string, nodeClasses: readonly string[], revision = 'main') {
  return {
    name: 'karpenter',
    namespace: 'argocd',
    sync: 'Synced',
    health: 'Healthy',
    autoSync: true,
    conditions: [],
    nodeClasses,
    sources: [
      { repository: 'https://github.com/acme/gitops.git', folder: path, revision, valueFiles: [] },
    ],
  } as const;
}
const staging = 'clusters/staging/stg/karpenter/nodeclass.yaml';

async function nodeClassOf(world: World): Promise<string> {
  const { pins } = await world.pins.read();
  return pins.find(({ path }) => path === staging)?.pin.nodeClass ?? '';
}

test('a file that Argo CD says production reads too moves with production, under both policies, and the card says why', async () => {
  const setting = memoryWorld();
  const { world, readers } = setting;
  const nodeClass = await nodeClassOf(world);
  readers.push({ cluster: 'prod-a', application: application('clusters/staging', [nodeClass]) });
  const found = await detect(world);
  expect(found).toMatchObject({ opened: true, problems: [] });
  const { rollout } = await world.journal.refresh(found.rollout ?? ('' as never));
  expect(rollout?.environments.map(({ policy }) => policy.name)).toEqual(['production']);
  const declared = jointPolicies(world.fleet.policies, [['staging', 'production']]);
  expect(rollout?.environments[0]?.policy).toEqual(declared.at(-1));
  const because = "Argo CD's karpenter reads it for prod-a";
  expect(rollout?.view?.shared).toEqual([
    { path: staging, environments: ['staging', 'production'], because },
  ]);
  const card = JSON.stringify(
    rolloutCard({ rollout, names: new Map(), troubles: [], waits: [] } as never),
  );
  expect(card).toContain('1 file shared by staging, production (as Argo CD says)');
  expect(JSON.stringify(imageSections(rollout as never))).toContain(because);
  // Found and declared go the same way: as in the first test, its readers are one wave.
  const { world: joint, watched } = await reached(world, await world.pins.read());
  const plan = await planChange(joint, { watched, environment: 'production', release: newRelease });
  if (plan.kind !== 'change') throw new Error(JSON.stringify(plan));
  expect(plan.change.pins.find(({ path }) => path === staging)?.clusters).toEqual([
    'prod-a',
    'prod-b',
    'stg',
  ]);
  // An open ask is looked at every few seconds: Argo CD is asked once an hour.
  expect(setting.argoCd.readersAsked).toBe(1);
});

test('a Kustomize base that only production takes in beside staging moves with production', async () => {
  const kustomization = (resource: string) => `resources: [${resource}]\n`;
  const files = {
    'clusters/staging/stg/kustomization.yaml': kustomization('karpenter/nodeclass.yaml'),
    'overlays/production/kustomization.yaml': kustomization('../../clusters/staging/stg'),
  };
  const { world, readers, git } = memoryWorld({ files });
  const nodeClass = await nodeClassOf(world);
  const sharedNow = async () => {
    const { watched } = await reached(world, await world.pins.read());
    return watched.pins.find(({ path }) => path === staging)?.shared;
  };
  readers.push({
    cluster: 'prod-a',
    application: application('overlays/production/', [nodeClass]),
  });
  expect(await sharedNow()).toEqual(['staging', 'production']);
  git.by.push('main', 'overlays/production/kustomization.yaml', kustomization('elsewhere'));
  expect(await sharedNow()).toBeUndefined();
});

test('an Application of a cluster that nobody configured holds the file back', async () => {
  const { world, readers } = memoryWorld();
  const reader = application('clusters/staging', [await nodeClassOf(world)]);
  readers.push({ cluster: 'elsewhere', application: reader });
  const { problems, rollout: id } = await detect(world);
  expect(problems.map(({ path, reason }) => [path, reason.replace(/^line [0-9]+ /, '')])).toEqual([
    [
      staging,
      "is left alone: Argo CD's karpenter reads it for elsewhere, which belongs to no known environment",
    ],
  ]);
  const { rollout } = await world.journal.refresh(id ?? ('' as never));
  expect(rollout?.environments.map(({ policy }) => policy.name)).toEqual(['production']);
});

/** The rollout as it is once an environment was asked about. */
async function withAsk(world: World, rollout: Rollout, environment: string): Promise<Rollout> {
  const { commands = [] } = await askStep(world, rollout, environment);
  const [ask] = commands;
  if (ask?.type !== 'Ask') throw new Error(JSON.stringify(commands));
  return {
    ...rollout,
    environments: rollout.environments.map((one) =>
      one.policy.name === environment ? { ...one, ask: { digest: ask.digest } } : one,
    ),
  } as unknown as Rollout;
}

test('what Argo CD says only after the ask takes the approvals back, in both environments', async () => {
  const { world, readers, clock } = memoryWorld();
  const { rollout: id = '' as never } = await detect(world);
  const { rollout } = await world.journal.refresh(id);
  if (rollout === undefined) throw new Error('there is no rollout');
  const digests = new Map<string, string>();
  for (const name of ['staging', 'production']) {
    const { commands = [] } = await askStep(world, rollout, name);
    for (const one of commands) if (one.type === 'Ask') digests.set(name, one.digest);
  }
  const before = {
    ...rollout,
    environments: rollout.environments.map((one) => ({
      ...one,
      ask: { digest: digests.get(one.policy.name) },
    })),
  } as unknown as Rollout;
  expect(await recheckAskStep(world, before, 'staging')).toEqual({});
  expect(await recheckAskStep(world, before, 'production')).toEqual({});
  readers.push({
    cluster: 'prod-a',
    application: application('clusters/staging', [await nodeClassOf(world)]),
  });
  clock.set(clock.now() + hour);
  expect(await recheckAskStep(world, before, 'staging')).toMatchObject({
    commands: [{ type: 'VoidApprovals', environment: 'staging', because: 'change-moved' }],
  });
  // Its digest names the policy that was production's alone.
  expect(await recheckAskStep(world, before, 'production')).toMatchObject({
    commands: [{ type: 'VoidApprovals', environment: 'production', because: 'policy-changed' }],
  });
  expect(world.sightings(id).sound.size).toBe(0);
  // The look before the merge holds it to the same policies, and asks nobody for them.
  const [, production] = (await fleetReached(world, rollout)).fleet.policies;
  expect(production?.approval.sets?.map(({ name }) => name)).toEqual(['staging', 'production']);
  expect(await askStep(world, rollout, 'staging')).toMatchObject({
    commands: [{ type: 'NothingToMove', environment: 'staging' }],
  });
});

test.each([
  { what: 'manages another EC2NodeClass', as: application('clusters/staging', ['another']) },
  { what: 'reads another folder', as: application('clusters/production', []) },
  { what: 'follows another branch', as: application('clusters/staging', [], 'release') },
])('an Application that $what holds nothing back', async ({ as }) => {
  const { world, readers } = memoryWorld();
  readers.push({ cluster: 'prod-a', application: as });
  expect(await detect(world)).toMatchObject({ opened: true, behind: 3, problems: [] });
});

test('an Argo CD that nobody named and that does not answer leaves the file patterns as they stand, and the card says so', async () => {
  const { world, argoDown } = memoryWorld();
  argoDown.add('stg');
  const found = await detect(world);
  expect(found).toMatchObject({ opened: true, behind: 3, problems: [] });
  const { rollout } = await world.journal.refresh(found.rollout ?? ('' as never));
  if (rollout === undefined) throw new Error('there is no rollout');
  const asked = await withAsk(world, rollout, 'staging');
  expect(await recheckAskStep(world, asked, 'staging')).toEqual({
    trouble:
      'Argo CD in stg has not answered since Amiable started: only the file patterns say which environments read a file',
  });
  expect(world.sightings(rollout.id).sound.has('staging')).toBe(true);
});

test('where a hub of Argo CD never answered, nothing is opened, asked, pinned or merged', async () => {
  const { world, argoDown, argoCd, clock } = memoryWorld();
  const { rollout: id = '' as never } = await detect(world);
  const { rollout } = await world.journal.refresh(id);
  if (rollout === undefined) throw new Error('there is no rollout');
  const asked = await withAsk(world, rollout, 'staging');
  // As after a restart: this process has heard nobody yet.
  const restarted = { ...world, clusters: { ...world.clusters } };
  Object.assign(argoCd, { heard: false, named: true });
  argoDown.add('stg');
  const words = 'Argo CD in stg has not answered since Amiable started, so nobody knows';
  expect(await detect(restarted)).toMatchObject({
    opened: false,
    waits: expect.stringContaining(words) as string,
  });
  expect(await askStep(restarted, rollout, 'staging')).toEqual({
    trouble: expect.stringContaining(words) as string,
  });
  expect(await recheckAskStep(restarted, asked, 'staging')).toEqual({
    trouble: expect.stringContaining(words) as string,
  });
  expect(world.sightings(id).sound.has('staging')).toBe(false);
  expect(closedBy((await fleetReached(restarted, rollout)).silence)).toContain(words);
  expect(await pinNow(restarted, 'stg', newRelease, 'U0ANN' as never)).toMatchObject({
    kind: 'refused',
    why: expect.stringContaining(words) as string,
  });
  argoDown.clear();
  clock.advance(6 * minute);
  expect(await recheckAskStep(restarted, asked, 'staging')).toEqual({});
});

test('after a restart the look before a merge asks Argo CD again, and while it is silent believes the record', async () => {
  const { world, readers, argoDown, argoCd } = memoryWorld();
  const nodeClass = await nodeClassOf(world);
  readers.push({ cluster: 'prod-a', application: application('clusters/staging', [nodeClass]) });
  const { rollout: id = '' as never } = await detect(world);
  const { rollout } = await world.journal.refresh(id);
  if (rollout === undefined) throw new Error('there is no rollout');
  const asked = await withAsk(world, rollout, 'production');
  const sets = async (restarted: World) =>
    (await fleetReached(restarted, rollout)).fleet.policies[1]?.approval.sets?.map(
      ({ name }) => name,
    );
  expect(await sets({ ...world, clusters: { ...world.clusters } })).toEqual([
    'staging',
    'production',
  ]);
  argoDown.add('stg');
  argoCd.heard = false;
  const deaf = { ...world, clusters: { ...world.clusters } };
  expect(await sets(deaf)).toEqual(['staging', 'production']);
  // Nobody's approval falls because Argo CD is away.
  expect((await recheckAskStep(deaf, asked, 'production')).commands).toBeUndefined();
});

test('an Application at a destination that nobody configured is told with the files it reads', async () => {
  const { world, elsewhere } = memoryWorld();
  const away = {
    ...application('clusters/staging', [await nodeClassOf(world)]),
    destination: { server: 'https://elsewhere.example.com' },
  };
  elsewhere.push({ hub: 'tools', application: away });
  const { problems, opened } = await detect(world);
  expect(opened).toBe(true);
  expect(problems).toEqual([
    expect.objectContaining({
      path: staging,
      reason: expect.stringContaining(
        "Argo CD's karpenter in tools reads it for https://elsewhere.example.com, which is none of the clusters",
      ) as string,
    }),
  ]);
});

test('an Argo CD that was silent at first is asked again in minutes, not after an hour', async () => {
  const { world, argoDown, readers, clock } = memoryWorld();
  readers.push({
    cluster: 'prod-a',
    application: application('clusters/staging', [await nodeClassOf(world)]),
  });
  argoDown.add('stg');
  const sets = async () => {
    const { world: joint } = await reached(world, await world.pins.read());
    return joint.fleet.policies[1]?.approval.sets?.map(({ name }) => name);
  };
  expect(await sets()).toBeUndefined();
  argoDown.clear();
  clock.advance(6 * minute);
  expect(await sets()).toEqual(['staging', 'production']);
});
