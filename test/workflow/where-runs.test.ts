import { beforeEach, expect, test } from 'vitest';
import { approvalText, whereRunsMessage } from '../../blocks/where-runs.ts';
import { askedImage } from '../../src/images/asked-image.ts';
import { minute } from '../../src/shared/time.ts';
import { whereRuns } from '../../src/workflow/where-runs.ts';
import { expectFitForSlack } from '../blocks/slack-check.ts';
import { idOf } from '../fakes/memory-world.ts';
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
  const found = await whereRuns(fleet.world, asked(release.slice(-8)));
  expect(found).toMatchObject({
    runs: [{ cluster: 'stg', environment: 'staging', release, nodes: 2 }],
    notSeen: [],
    unknownNodes: 0,
    approvals: [{ rollout: fleet.id, environment: 'staging', by: [ann, bo] }],
    waysBack: [{ rollout: fleet.id, clusters: [{ cluster: 'stg', to: 'al2023@v20261021' }] }],
    leftOut: [],
  });
  const told = JSON.stringify(whereRunsMessage(found, new Map([[ann, 'Ann Lee']]), 'a key'));
  expect(told).toContain('2 nodes in 1 cluster run');
  expect(told).toContain('approved by Ann Lee');
  expect(told).toContain('recovery:open');
});

test('names nobody for what was only asked about', async () => {
  fleet.replace('stg');
  for (let i = 0; i < 100; i += 1) {
    fleet.clock.advance(minute);
    await fleet.settle(1);
  }
  expect((await fleet.approve(ann, 'production')).stored).toBe(true);
  const { approvals } = await whereRuns(fleet.world, asked('al2023@'));
  expect(approvals.map(({ environment }) => environment)).toEqual(['staging']);
});

test.each([
  [{ by: [], automatic: true }, 'staging: approved by its policy'],
  [{ by: [], mergedBy: ['octocat'] }, 'staging: merged on GitHub by octocat'],
  [{ by: [ann], unapproved: 'mallory' }, 'merged by mallory without the approvals asked for'],
  [{ by: [] }, 'staging: no approval is on record'],
] as const)('says on whose word it came there: %j', (word, text) => {
  const one = { rollout: fleet.id, environment: 'staging', ...word };
  expect(approvalText(one, new Map())).toContain(text);
});

test('a cluster that does not answer is not known, and an image of nobody is counted', async () => {
  fleet.unreachable.add('stg');
  const [other] = fleet.world.fleet.clusters.filter(({ name }) => name !== 'stg');
  const nodes = fleet.running.get(other?.name ?? '') ?? [];
  fleet.running.set(
    other?.name ?? '',
    nodes.map((node) => ({ ...node, imageId: 'ami-0123456789' })),
  );
  const found = await whereRuns(fleet.world, asked(release));
  expect(found).toMatchObject({ runs: [], notSeen: ['stg'], unknownNodes: nodes.length });
  const told = JSON.stringify(whereRunsMessage(found, new Map(), undefined));
  expect(told).toContain('No node that was seen runs');
  expect(told).toContain('Not known of stg');
  expect(told).not.toContain('recovery:open');
});

test('nodes that are not handled do not pass for nodes that do not run it', async () => {
  const { world } = fleet;
  world.clusters.notHandled = async (cluster) => {
    if (cluster === 'prod-b') throw new Error('forbidden');
    return { managedNodeGroup: cluster === 'stg' ? 18 : 0, autoMode: 0, fargate: 0, other: 0 };
  };
  const found = await whereRuns(world, asked('kernel 5.10'));
  const { text, blocks } = whereRunsMessage(found, new Map());
  expect(text).toContain('No node that was seen runs');
  expect(JSON.stringify(blocks)).toContain(
    'Not looked at: 18 managed-node-group nodes, which are not handled.\\nNodes that are not handled were not counted in prod-b.',
  );
});

test('hostile names and a large fleet fit for Slack', () => {
  const venom = '<!channel> *_`& '.repeat(20);
  const runs = Array.from({ length: 200 }, (_, i) => ({
    cluster: `${i}${venom}`,
    environment: venom,
    release: venom,
    kernel: venom,
    driver: venom,
    nodes: 7,
  }));
  const names = runs.map(({ cluster }) => cluster);
  expectFitForSlack(
    whereRunsMessage(
      {
        asked: { by: 'any', text: venom },
        runs,
        notSeen: names,
        unknownNodes: 9,
        notHandled: { managedNodeGroup: 18, autoMode: 6, fargate: 0, other: 1 },
        notCounted: names,
        approvals: Array.from({ length: 30 }, () => ({
          rollout: fleet.id,
          environment: venom,
          by: [ann, bo, venom],
        })),
        waysBack: Array.from({ length: 30 }, () => ({
          rollout: fleet.id,
          clusters: names.map((cluster) => ({ cluster, to: venom })),
        })),
        leftOut: names.map((cluster) => ({ cluster, why: venom })),
      },
      new Map(),
      'a key',
    ),
  );
});

test('finds nodes by the kernel that they booted, and a series is not another one that begins alike', async () => {
  const region = 'eu-west-1';
  fleet.kernels.set(idOf(release, region), '6.12.118-147.190.amzn2023.x86_64');
  fleet.kernels.set(idOf('al2023@v20261021', region), '6.1.140-154.222.amzn2023.x86_64');
  const newer = await whereRuns(fleet.world, asked('kernel 6.12.118'));
  expect(newer.runs).toMatchObject([{ cluster: 'stg', release, nodes: 2 }]);
  expect(newer.waysBack).toMatchObject([{ rollout: fleet.id }]);
  const older = await whereRuns(fleet.world, asked('kernel 6.1'));
  expect(older.runs.map(({ cluster, nodes }) => `${cluster} ${nodes}`)).toEqual([
    'stg 1',
    'prod-a 3',
  ]);
  expect(older.leftOut).toEqual([
    { cluster: 'stg', why: 'there is no recorded way back from it' },
    { cluster: 'prod-a', why: 'there is no recorded way back from it' },
  ]);
});

test('finds nodes by what the notes say of their driver, and counts those of which nothing is said', async () => {
  const contents = {
    of: async (kinds: readonly { readonly release: string }[]) =>
      kinds.map((kind) => (kind.release === release ? { driver: '580.95.05-1.amzn2023' } : {})),
  };
  const found = await whereRuns({ ...fleet.world, contents }, asked('driver 580'));
  expect(found).toMatchObject({ runs: [{ cluster: 'stg', nodes: 2 }], unknownNodes: 7 });
  expect(JSON.stringify(whereRunsMessage(found, new Map()))).toContain(
    'The NVIDIA driver of 7 nodes is not known.',
  );
});

function asked(text: string) {
  const found = askedImage(text);
  if (found === undefined) throw new Error(`${text} says too little`);
  return found;
}
