import { describe, expect, test } from 'vitest';
import { demoManifest, demoPath } from '../../src/sandbox/demo-world.ts';
import { hour, minute } from '../../src/shared/time.ts';
import type { Clusters } from '../../src/workflow/ports/clusters.ts';
import { idOf, memoryWorld, newRelease, oldRelease } from '../fakes/memory-world.ts';
import { ann, bo, policy } from '../rollout/story.ts';
import { standing } from './drive.ts';
import { fleetStory } from './fleet-story.ts';

const path = demoPath('staging', 'stg');
const region = 'eu-west-1';
const nodeClass = (name: string) =>
  `apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: ${name}
spec:
  amiSelectorTerms:
    - alias: ${oldRelease}
`;

/** A cluster with the node classes `default` and `canary` in one file, of which the canary goes first. */
function twoClasses(waves = [{ nodeClasses: ['canary'] }, 'rest' as const]) {
  const fleet = memoryWorld({
    files: { [path]: `${demoManifest('stg', { alias: oldRelease })}---\n${nodeClass('canary')}` },
    fleet: {
      policies: [
        policy('staging', { approval: { users: [ann, bo], groups: [], count: 2 }, waves }),
        policy('production', { after: ['staging'] }),
      ],
    },
  });
  /** What each live EC2NodeClass says, and what its node runs. */
  const live = new Map<string, string>();
  const runs = new Map<string, string>();
  for (const name of ['default', 'canary']) {
    live.set(name, oldRelease);
    runs.set(name, idOf(oldRelease, region));
  }
  const { clusters } = fleet.world;
  const observe: Clusters['observe'] = async (name) => {
    const view = await clusters.observe(name);
    const [plain] = view.nodeClasses;
    const [node] = view.nodeClaims;
    if (name !== 'stg' || plain === undefined || node === undefined) return view;
    return {
      ...view,
      nodeClasses: [...live].map(([of, alias]) => ({
        ...plain,
        name: of,
        terms: [{ alias, other: false }],
        amis: [idOf(alias, region), idOf(alias, region, 'arm64')],
      })),
      nodeClaims: [...runs].map(([of, imageId]) => ({
        ...node,
        name: `node-${of}`,
        uid: of,
        nodeClass: of,
        imageId,
      })),
    };
  };
  return {
    ...fleet,
    world: { ...fleet.world, clusters: { ...clusters, observe, glance: observe } },
    /** Argo CD and Karpenter: what Git says of one class is live, and its node runs it. */
    roll(name: string) {
      const said = new RegExp(`name: ${name}\\n[^]*?alias: (\\S+)`).exec(
        fleet.git.text('main', path),
      );
      live.set(name, said?.[1] ?? '');
      runs.set(name, idOf(said?.[1] ?? '', region));
    },
  };
}

const aliases = (text: string) => [...text.matchAll(/alias: (\S+)/g)].map(([, alias]) => alias);

describe('waves of node classes', () => {
  test('move one EC2NodeClass of a cluster after the other, each by its own pull request', async () => {
    const fleet = twoClasses();
    const story = await fleetStory(fleet);
    await story.approved();
    expect(standing(await story.settle())[0]).toBe('staging rolling [syncing waiting]');
    // The default class stands first in the file.
    expect(aliases(fleet.git.text('main', path))).toEqual([oldRelease, newRelease]);
    fleet.roll('canary');
    // The other class still runs the old image, and is none of this wave's business.
    expect(standing(await story.settle(10))[0]).toBe('staging rolling [soaking waiting]');
    fleet.clock.advance(hour);
    expect(standing(await story.settle(70))[0]).toBe('staging rolling [complete syncing]');
    expect(aliases(fleet.git.text('main', path))).toEqual([newRelease, newRelease]);
    fleet.roll('default');
    fleet.clock.advance(minute);
    expect(standing(await story.settle(80))[0]).toBe('staging complete [complete complete]');
    expect(fleet.git.pulls.map(({ merged }) => merged)).toEqual([true, true]);
  });

  test('take back what moved, and leave alone what did not', async () => {
    const fleet = twoClasses();
    const story = await fleetStory(fleet);
    await story.approved();
    await story.settle();
    fleet.roll('canary');
    await story.settle(3);
    await story.ask({ kind: 'roll-back', by: ann, reason: 'the canary does not sing' });
    const rollout = await story.settle();
    expect(standing(rollout)[0]).toMatch(/back (merged|syncing|replacing)$/);
    expect(aliases(fleet.git.text('main', path))).toEqual([oldRelease, oldRelease]);
    expect(fleet.git.pulls).toHaveLength(2);
  });

  test('are not proposed where no pin is in a class they name', async () => {
    const story = await fleetStory(twoClasses([{ nodeClasses: ['gpu'] }, 'rest']));
    expect(story.troubles().join(' ')).toContain(
      'staging cannot be proposed: its waves name the EC2NodeClass gpu, and no watched file has a pin in it',
    );
    expect((await story.settle()).environments[0]?.phase.name).toBe('waiting');
  });
});
