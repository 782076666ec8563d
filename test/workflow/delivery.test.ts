import { beforeEach, expect, test } from 'vitest';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

/** Helm values, which do not say which EC2NodeClass they end up in. */
const values = 'nodeClass:\n  amiSelectorTerms:\n    - alias: al2023@v20261021\n';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
beforeEach(async () => {
  const before = memoryWorld();
  before.git.by.push('main', demoPath('staging', 'stg'), values);
  fleet = await fleetStory(before);
  await fleet.approved();
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [syncing]');
});

test('a pin in Helm values is followed into the node classes that say what it says', async () => {
  const [wave] = (await fleet.settle()).environments[0]?.waves ?? [];
  expect(wave?.before).toMatchObject([{ cluster: 'stg', proven: true }]);
  fleet.sync('stg');
  expect(standing(await fleet.settle())[0]).toBe('staging rolling [replacing]');
  fleet.replace('stg');
  expect(standing(await fleet.settle(80))[0]).toBe('staging complete [complete]');
});

test('what does not arrive in the cluster is said once patience ends', async () => {
  await fleet.settle(20);
  expect(fleet.troubles()).toEqual([]);
  await fleet.settle(10);
  expect(fleet.troubles()).toEqual([
    'stg: the merged change has not arrived in the cluster yet: the cluster still has another selector',
  ]);
  fleet.live.set('stg', 'al2023@v20260901');
  await fleet.settle(2);
  expect(fleet.troubles()).toEqual([
    'stg: the merged change has not arrived in the cluster yet: no EC2NodeClass there says what the pins said',
  ]);
});
