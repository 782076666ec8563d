import { expect, test } from 'vitest';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { bindFile, filePattern } from '../../src/config/file-patterns.ts';
import { demoManifest } from '../../src/sandbox/demo-world.ts';
import { detect } from '../../src/workflow/detect.ts';
import { withoutHeld } from '../../src/workflow/held-pins.ts';
import { planChange } from '../../src/workflow/plan-change.ts';
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

test('a file that Argo CD says production reads too does not move with staging alone, and the card says why', async () => {
  const setting = memoryWorld();
  const { world, readers } = setting;
  const [nodeClass] = (await world.pins.read()).pins.flatMap(({ path, pin }) =>
    path === staging && pin.nodeClass !== undefined ? [pin.nodeClass] : [],
  );
  readers.push({
    cluster: 'prod-a',
    application: application('clusters/staging', [nodeClass ?? '']),
  });
  const found = await detect(world);
  const why = `line 7 is left alone: Argo CD's karpenter reads it for prod-a (production) too, and it is bound to staging: write {pattern: …, environments: [staging, production]}`;
  expect(found.problems.map(({ reason }) => reason.replace(/^line [0-9]+/, 'line 7'))).toEqual([
    why,
  ]);
  const { rollout } = await world.journal.refresh(found.rollout ?? ('' as never));
  expect(rollout?.environments.map(({ policy }) => policy.name)).toEqual(['production']);
  expect(rollout?.view?.leftAlone).toMatchObject([{ path: staging }]);
  const plan = await planChange(world, {
    watched: await world.pins.read(),
    environment: 'staging',
    release: newRelease,
    leaveOut: (placed) => withoutHeld(world, placed, newRelease),
  });
  expect(plan).toMatchObject({
    kind: 'impossible',
    reason: expect.stringContaining('reads it for prod-a (production) too'),
  });
  // An open ask is looked at every few seconds: Argo CD is asked once an hour.
  expect(setting.argoCd.readersAsked).toBe(1);
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

test('an Argo CD that does not answer leaves the file patterns as they stand', async () => {
  const { world, argoDown } = memoryWorld();
  argoDown.add('stg');
  expect(await detect(world)).toMatchObject({ opened: true, behind: 3, problems: [] });
});
