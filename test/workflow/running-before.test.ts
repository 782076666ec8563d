import { beforeEach, expect, test } from 'vitest';
import type { PinEdit } from '../../src/rollout/change.ts';
import { changeOf } from '../../src/rollout/change.ts';
import { minute } from '../../src/shared/time.ts';
import { runningBefore } from '../../src/workflow/running-before.ts';
import { idOf, memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';
import { release, repository } from '../rollout/story.ts';

let fleet: ReturnType<typeof memoryWorld>;
beforeEach(() => {
  fleet = memoryWorld();
});

const pin = (nodeClass: string, from: string, kind: PinEdit['kind'] = 'alias'): PinEdit => ({
  repository,
  branch: 'main',
  path: `${nodeClass}.yaml`,
  object: `EC2NodeClass/${nodeClass}#spec.amiSelectorTerms[0].${kind}`,
  rest: 'a',
  kind,
  from,
  to: release,
  clusters: ['stg'],
});

const before = (...pins: readonly PinEdit[]) =>
  runningBefore(
    fleet.world,
    changeOf({ environment: 'staging', release, images: [], policy: 'p', pins: [...pins] }),
    'stg',
  );

test('Ready nodes on the image of the pin prove it', async () => {
  expect(await before(pin('default', oldRelease))).toMatchObject({
    release: oldRelease,
    proven: true,
  });
});

test('a release that no node runs is not proven by the nodes of another', async () => {
  // The class for GPUs is scaled to nothing and names a release of its own.
  expect(await before(pin('default', oldRelease), pin('gpu', newRelease))).toMatchObject({
    proven: false,
  });
  expect(await before(pin('default', oldRelease), pin('gpu', oldRelease))).toMatchObject({
    proven: true,
  });
});

test('nor one whose image is gone', async () => {
  const old = idOf(oldRelease, 'eu-west-1');
  expect(await before(pin('default', old, 'id'))).toMatchObject({ proven: true });
  const gone = pin('gpu', 'ami-0123456789abcdef0', 'id');
  expect(await before(pin('default', old, 'id'), gone)).toMatchObject({ proven: false });
});

test('nor what was seen too long ago', async () => {
  const { observe } = fleet.world.clusters;
  const seen = await observe('stg');
  fleet.clock.advance(10 * minute);
  Object.assign(fleet.world.clusters, { observe: async () => seen });
  expect(await before(pin('default', oldRelease))).toMatchObject({ proven: false });
});
