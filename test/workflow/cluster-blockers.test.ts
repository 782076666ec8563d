import { expect, test } from 'vitest';
import type { RolloutId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { clusterBlockers } from '../../src/workflow/cluster-blockers.ts';
import type { Clusters } from '../../src/workflow/ports/clusters.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { claim, wanted } from '../tracking/node-claims.ts';

const old = claim({ imageId: 'ami-old', nodeName: 'ip-1', drifted: true });
const view = { nodeClasses: [], nodePools: [], nodeClaims: [old, claim()], observedAt: 0 };
const about = { cluster: 'stg', view, nodeClasses: new Set(['default']), wanted };

function worldWith(surroundings: Clusters['surroundings']) {
  const { world, clock } = memoryWorld();
  const clusters = { ...world.clusters, surroundings };
  return { clock, ask: () => clusterBlockers({ ...world, clusters }, 'ro_1' as RolloutId, about) };
}

test('reads around the nodes that wait, and not again within a minute', async () => {
  const asked: (readonly string[] | 'all')[] = [];
  const { ask, clock } = worldWith(async (_, nodes) => {
    asked.push(nodes);
    return { surroundings: { heldNodes: new Map([['ip-1', '']]) }, notChecked: [] };
  });
  expect(await ask()).toMatchObject({
    blockers: [{ cause: 'do-not-disrupt-node', node: 'ip-1' }],
    sentences: ['ip-1 has karpenter.sh/do-not-disrupt.'],
    endless: true,
  });
  await ask();
  expect(asked).toEqual([['ip-1']]);
  clock.advance(minute);
  await ask();
  expect(asked).toHaveLength(2);
});

test('says what was not checked, and never fails a look', async () => {
  const partly = worldWith(async () => ({ surroundings: {}, notChecked: ['pods: forbidden'] }));
  expect(await partly.ask()).toMatchObject({ sentences: ['Not checked: pods.'], endless: false });
  const wholly = worldWith(async () => {
    throw new Error('no answer');
  });
  expect((await wholly.ask()).sentences).toEqual(['Not checked: pods, budgets and events.']);
});

test('no new node can launch once a class is not Ready for five minutes', async () => {
  const { world, clock } = memoryWorld();
  const since = clock.now();
  const nodeClass = {
    name: 'default',
    generation: 1,
    terms: [],
    amis: ['ami-new'],
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'UnhealthyDependents',
        message: 'SubnetsReady=False',
        observedGeneration: 1,
        since,
      },
    ],
  } as const;
  const ask = () =>
    clusterBlockers(world, 'ro_1' as RolloutId, {
      ...about,
      view: { ...view, nodeClasses: [nodeClass] },
    });
  clock.advance(5 * minute - 1);
  expect((await ask()).noLaunch).toBeUndefined();
  clock.advance(1);
  expect((await ask()).noLaunch).toContain('cannot launch nodes');
});
