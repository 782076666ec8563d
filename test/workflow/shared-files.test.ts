import { expect, test } from 'vitest';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { bindFile, filePattern } from '../../src/config/file-patterns.ts';
import { demoManifest } from '../../src/sandbox/demo-world.ts';
import { detect } from '../../src/workflow/detect.ts';
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
