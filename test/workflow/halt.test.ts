import { beforeEach, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { minute, second } from '../../src/shared/time.ts';
import type { NodeClaimView } from '../../src/tracking/types.ts';
import { clusterHealth } from '../../src/workflow/cluster-health.ts';
import { detect } from '../../src/workflow/detect.ts';
import type { World } from '../../src/workflow/world.ts';
import { idOf, memoryWorld, newRelease } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { claim, unlaunched, wanted } from '../tracking/node-claims.ts';
import { lookOnce, standing } from './drive.ts';

let fleet: ReturnType<typeof memoryWorld>;
let world: World;
let id: RolloutId;
let coming: NodeClaimView | undefined;

beforeEach(async () => {
  fleet = memoryWorld();
  coming = undefined;
  const observe: World['clusters']['observe'] = async (name) => {
    const view = await fleet.world.clusters.observe(name);
    const launching = coming === undefined ? [] : [coming];
    return { ...view, nodeClaims: [...view.nodeClaims, ...launching] };
  };
  world = { ...fleet.world, clusters: { ...fleet.world.clusters, observe } };
  const found = await detect(world);
  if (found.rollout === undefined) throw new Error('nothing was opened');
  id = found.rollout;
  await lookOnce(world, id);
  for (const by of [ann, bo])
    await carryOut(
      world,
      { rollout: id, kind: 'approve', environment: 'staging', ask: 1, by } as PersonRequest,
      `click-${by}`,
    );
  for (let i = 0; i < 5; i += 1) await look();
  fleet.sync('stg');
  for (let i = 0; i < 2; i += 1) await look();
});

async function look() {
  fleet.clock.advance(minute);
  return lookOnce(world, id);
}

const tried = (ms: number): Partial<NodeClaimView> => ({
  detail: { createdAt: fleet.clock.now() + minute - ms, conditions: [], doNotDisrupt: false },
});

test.each<[string, () => Partial<NodeClaimView>]>([
  ['that launched', () => ({ imageId: idOf(newRelease, 'eu-west-1'), launched: true })],
  ['that failed to launch for minutes', () => tried(minute)],
])('replacements %s and go away again and again halt the rollout, once', async (_, how) => {
  expect(standing(await look())[0]).toBe('staging rolling [replacing]');
  for (const name of ['a', 'b', 'c', 'd']) {
    coming = { ...unlaunched({ name }), ...how() };
    await look();
  }
  const rollout = await look();
  expect(rollout.paused?.reason).toContain('3 new nodes went away');
  const events = await world.journal.known(id);
  expect(events.rollout?.environments[0]?.waves[0]?.haltedBy).toEqual(['launches']);
});

test('replacements that were never launched and go away at once say nothing of the image', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    coming = { ...unlaunched({ name }), ...tried(10 * second) };
    await look();
  }
  expect((await look()).paused).toBeUndefined();
});

test('all pods are read at most every five minutes, and not before a new node is there', async () => {
  let asked = 0;
  const clusters = {
    ...world.clusters,
    async surroundings() {
      asked += 1;
      return { surroundings: { pods: [] }, notChecked: [] };
    },
  };
  const about = { environment: 'staging', cluster: 'stg', wanted, argocd: 'Healthy' };
  const check = (imageId: string) =>
    clusterHealth({ ...world, clusters }, id, { ...about, claims: [claim({ imageId })] });
  await check('ami-old');
  expect(asked).toBe(0);
  const { text } = await check('ami-new');
  await check('ami-new');
  expect(asked).toBe(1);
  expect(text).toBe(
    'Health of new nodes checked by NodeClaims (readiness, requested extended resources, launches), Argo CD. Not checked: DaemonSet pods, pods of the same ReplicaSet on old nodes, extended resources that a node loses later, metrics and alarms.',
  );
  fleet.clock.advance(5 * minute);
  await check('ami-new');
  expect(asked).toBe(2);
});
