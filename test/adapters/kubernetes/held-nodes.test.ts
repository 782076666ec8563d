import { expect, onTestFinished, test } from 'vitest';
import { cluster } from '../../sandbox/kubernetes/start-for-test.ts';
import { observedWorld } from './observed-world.ts';

test.each([4, 21])(
  'of %i nodes that wait, those that are held are told, and by whom',
  async (count) => {
    const it = await observedWorld({
      nodes: [{ nodePool: 'general', count, arch: 'x86_64' }],
      // infra/kubernetes/brake.yaml is applied
      spec: { denied: [] },
    });
    onTestFinished(() => it.close());
    const names = it.nodes().map(({ nodeName = '' }) => nodeName);
    const [first = '', second = ''] = names;
    await it.clusters.holdNodes(cluster, [second], 'ro_1');
    const { surroundings, notChecked } = await it.clusters.surroundings(cluster, names);
    expect(notChecked).toEqual([]);
    expect(surroundings.heldNodes).toEqual(new Map([[second, 'ro_1']]));
    expect(surroundings.heldNodes?.has(first)).toBe(false);
  },
);

test('a list of nodes that is not permitted is named as not checked', async () => {
  const it = await observedWorld({
    nodes: [{ nodePool: 'general', count: 21, arch: 'x86_64' }],
    spec: { denied: ['list nodes'] },
  });
  onTestFinished(() => it.close());
  const names = it.nodes().map(({ nodeName = '' }) => nodeName);
  const { surroundings, notChecked } = await it.clusters.surroundings(cluster, names);
  expect(surroundings).not.toHaveProperty('heldNodes');
  expect(notChecked).toEqual([expect.stringMatching(/^nodes: /)]);
});
