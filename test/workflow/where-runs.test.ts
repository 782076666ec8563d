import { beforeEach, expect, test } from 'vitest';
import { whereRunsMessage } from '../../blocks/where-runs.ts';
import { whereRuns } from '../../src/workflow/where-runs.ts';
import { expectFitForSlack } from '../blocks/slack-check.ts';
import { ann, bo } from '../rollout/story.ts';
import { fleetStory } from './fleet-story.ts';

let fleet: Awaited<ReturnType<typeof fleetStory>>;
let release: string;
beforeEach(async () => {
  fleet = await fleetStory();
  ({ release } = await fleet.settle(1));
  await fleet.approved();
  await fleet.settle();
  fleet.sync('stg');
  fleet.replace('stg', 2);
  await fleet.settle(2);
});

test('tells by what nodes run, not by what Git says, and who approved it', async () => {
  const found = await whereRuns(fleet.world, release.slice(-6));
  expect(found).toMatchObject({
    runs: [{ cluster: 'stg', environment: 'staging', release, nodes: 2 }],
    notSeen: [],
    unknownNodes: 0,
    approvals: [{ rollout: fleet.id, environment: 'staging', by: [ann, bo] }],
    waysBack: [{ rollout: fleet.id, clusters: ['stg'] }],
  });
  const told = JSON.stringify(whereRunsMessage(found, new Map([[ann, 'Ann Lee']])));
  expect(told).toContain('2 nodes in 1 cluster run');
  expect(told).toContain('approved by Ann Lee');
  expect(told).toContain('rollout:rollback');
});

test('a cluster that does not answer is not known, and an image of nobody is counted', async () => {
  fleet.unreachable.add('stg');
  const [other] = fleet.world.fleet.clusters.filter(({ name }) => name !== 'stg');
  const nodes = fleet.running.get(other?.name ?? '') ?? [];
  fleet.running.set(
    other?.name ?? '',
    nodes.map((node) => ({ ...node, imageId: 'ami-0123456789' })),
  );
  const found = await whereRuns(fleet.world, release);
  expect(found).toMatchObject({ runs: [], notSeen: ['stg'], unknownNodes: nodes.length });
  const told = JSON.stringify(whereRunsMessage(found, new Map()));
  expect(told).toContain('No node that was seen runs');
  expect(told).toContain('Not known of stg');
  expect(told).not.toContain('rollout:rollback');
});

test('hostile names and a large fleet fit for Slack', () => {
  const venom = '<!channel> *_`& '.repeat(20);
  const runs = Array.from({ length: 200 }, (_, i) => ({
    cluster: `${i}${venom}`,
    environment: venom,
    release: venom,
    nodes: 7,
  }));
  const names = runs.map(({ cluster }) => cluster);
  expectFitForSlack(
    whereRunsMessage(
      {
        asked: venom,
        runs,
        notSeen: names,
        unknownNodes: 9,
        approvals: Array.from({ length: 30 }, () => ({
          rollout: fleet.id,
          environment: venom,
          by: [ann, bo, venom],
        })),
        waysBack: Array.from({ length: 30 }, () => ({ rollout: fleet.id, clusters: names })),
      },
      new Map(),
    ),
  );
});
