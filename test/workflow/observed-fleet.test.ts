import { afterEach, expect, test } from 'vitest';
import { second } from '../../src/shared/time.ts';
import { newRelease } from '../fakes/memory-world.ts';
import { standing } from './drive.ts';
import { type ObservedFleet, observedFleet } from './observed-fleet.ts';

// From the merge in Git through Argo CD and Karpenter of the stand-in, over HTTP, to the words in the thread.

// minutes of clusters take seconds; beside others they take more
const timeout = 60_000;

let fleet: ObservedFleet | undefined;
afterEach(async () => {
  await fleet?.close();
  fleet = undefined;
});

const of = (gpu: boolean, count = 4) => ({
  nodePool: 'general',
  count,
  arch: 'x86_64' as const,
  gpu,
});

async function started(...[spec]: Parameters<typeof observedFleet>): Promise<ObservedFleet> {
  fleet = await observedFleet(spec);
  await fleet.approved();
  return fleet;
}

const live = ({ said }: ObservedFleet) =>
  said().find((text) => /^staging: \d+ of \d+ nodes on the/.test(text)) ?? '';

test(
  'the card tells in which zones pods with volumes can come up, or that it was not checked',
  async () => {
    const pods = [
      { namespace: 'shop', app: 'db', nodePool: 'general', replicas: 2, volumeIn: 'eu-west-1b' },
    ];
    const cardWith = async (denied: readonly string[]) => {
      fleet = await observedFleet({ nodes: [of(false, 2)], pods, denied });
      await fleet.pass(1);
      const [card = ''] = fleet.said();
      await fleet.close();
      return card;
    };
    const told = await cardWith([]);
    expect(told).toContain('2 pods with volumes that are bound to one zone (2 in eu-west-1b)');
    expect(told).toContain('vCPU quota');
    expect(told).not.toContain('zones of volumes');
    const partly = await cardWith(['list persistentvolumes']);
    expect(partly).toContain('2 pods with volumes, which may be bound to a zone');
    expect(partly).toMatch(/not checked: [^.]*zones of volumes/);
    fleet = undefined;
  },
  timeout,
);

test(
  'new nodes without the GPU that pods asked for halt the rollout, and operators are told once',
  async () => {
    const it = await started({ nodes: [of(true)] });
    it.standIn.act(it.cluster, { do: 'launch-failures', how: 'no-driver' });
    const rollout = await it.pass(25);
    expect(rollout.paused?.reason).toContain('a check of health in staging is breached');
    expect(rollout.environments[0]?.waves[0]?.haltedBy).toContain('resources');
    const halts = it.said().filter((text) => /is halted/.test(text));
    expect(halts).toHaveLength(1);
    expect(halts[0]).toMatch(
      /do not offer a resource that pods asked for \(NodeClaims\):.? Resource "nvidia\.com\/gpu" was requested but not registered\. Nothing more is merged until somebody resumes the rollout or rolls it back/,
    );
    // the brake that comes with a halt holds what still runs the old image
    const held = it.standIn
      .objects(it.cluster, 'nodes')
      .filter(({ metadata }) => metadata.annotations?.['amiable.dev/brake'] !== undefined);
    expect(held.length).toBeGreaterThan(0);
    expect(live(it)).toMatch(
      /New nodes are not well by NodeClaims \([^)]*requested extended resources\)/,
    );
  },
  timeout,
);

test(
  'with the driver the same nodes are replaced, and nothing is halted',
  async () => {
    const it = await started({ nodes: [of(true)] });
    const rollout = await it.pass(25);
    expect(standing(rollout)[0]).toBe('staging rolling [soaking]');
    expect(it.said().join()).not.toContain('is halted');
  },
  timeout,
);

test(
  'launches for which AWS has no capacity say nothing against the image, and halt nothing',
  async () => {
    const it = await started({ nodes: [of(false)] });
    it.standIn.act(it.cluster, { do: 'launch-failures', how: 'no-capacity' });
    const rollout = await it.pass(25, 15 * second);
    expect(it.said().join()).toContain('AWS has no capacity for NodePool general');
    expect(standing(rollout)[0]).toBe('staging rolling [replacing]');
    expect(rollout.paused).toBeUndefined();
  },
  timeout,
);

test(
  'an alias that resolves to nothing is named within a minute of its arrival, and no node is lost',
  async () => {
    const it = await started({ nodes: [of(false)], unresolved: newRelease });
    const alias = () =>
      it.standIn.objects(it.cluster, 'ec2nodeclasses')[0]?.spec.amiSelectorTerms[0]?.alias;
    for (let minutes = 0; alias() !== newRelease && minutes < 15; minutes += 1) await it.pass(1);
    expect(alias()).toBe(newRelease);
    const rollout = await it.pass(1);
    expect(standing(rollout)[0]).toBe('staging rolling [syncing]');
    const named = 'stg: the EC2NodeClass resolves to no image, so no new node can launch';
    expect(it.troubles()).toContain(named);
    expect(it.said().join()).toContain('resolves to no image, so no new node can launch');
    expect(it.world.sightings(it.id).clusters.get(it.cluster)?.noLaunch).toBeDefined();
    const { nodes = [] } = it.standIn.state()[it.cluster] ?? {};
    expect(nodes.filter(({ state }) => state === 'ready')).toHaveLength(4);
  },
  timeout,
);

test(
  'an upgrade of the control plane amid a rollout is told once, however many nodes turn again',
  async () => {
    const it = await started({ nodes: [of(false, 6)] });
    await it.pass(8);
    it.upgraded.set(it.cluster, '1.36');
    it.standIn.act(it.cluster, { do: 'upgrade-control-plane', to: '1.36' });
    await it.pass(1);
    const told = live(it).match(/Kubernetes 1\.35 → 1\.36 causes a second replacement of nodes/g);
    // in the text of the one message
    expect(told).toHaveLength(1);
    expect(it.said().filter((text) => /second replacement/.test(text))).toHaveLength(1);
    expect(standing(await it.pass(25))[0]).toBe('staging rolling [soaking]');
  },
  timeout,
);

test(
  'what leaves for other reasons than the rollout is told apart',
  async () => {
    const it = await started({ nodes: [of(false, 6)] });
    await it.pass(6);
    const causes = new Set<string>();
    for (const deed of ['interrupt-node', 'consolidate-node'] as const) {
      it.standIn.act(it.cluster, { do: deed });
      for (let looks = 0; looks < 12; looks += 1) {
        await it.pass(1 / 6, 10 * second);
        const { churn = '' } = it.world.sightings(it.id).clusters.get(it.cluster) ?? {};
        // Karpenter's events are read once a minute; before, nothing tells
        for (const [cause] of churn.matchAll(/interruption|consolidation|drift|upgrade|repair/g))
          causes.add(cause);
      }
    }
    expect([...causes].sort()).toEqual(['consolidation', 'interruption']);
    expect(standing(await it.pass(25))[0]).toBe('staging rolling [soaking]');
  },
  timeout,
);

test(
  'a Karpenter that is not known is named, and nothing is guessed',
  async () => {
    const it = await started({ nodes: [of(false)] });
    it.standIn.act(it.cluster, {
      do: 'serve-versions',
      group: 'karpenter.sh',
      versions: ['v1beta1'],
    });
    const rollout = await it.pass(25);
    expect(standing(rollout)[0]).toBe('staging rolling [syncing]');
    expect(it.said().join()).toContain(
      'stg serves karpenter.sh/v1beta1, karpenter.k8s.aws/v1, and Amiable reads v1, that is Karpenter 1.0 and later',
    );
  },
  timeout,
);
