import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { Act } from '../../../src/sandbox/kubernetes/act.ts';
import { minute, second } from '../../../src/shared/time.ts';
import { blockersOf } from '../../../src/tracking/blockers-of.ts';
import { progressOf } from '../../../src/tracking/progress.ts';
import {
  cluster,
  imageOf,
  manifests,
  newAlias,
  noon,
  oldAlias,
} from '../../sandbox/kubernetes/start-for-test.ts';
import { type ObservedWorld, observedWorld } from './observed-world.ts';
import { simulationTruth } from './simulation-truth.ts';

let world: ObservedWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

type Options = NonNullable<Parameters<typeof observedWorld>[0]>;
type Manifests = NonNullable<Parameters<typeof manifests>[0]>;
type Scenario = {
  readonly name: string;
  readonly options?: Options;
  /** What stands in Git beside the alias, before and after. */
  readonly manifests?: Manifests;
  /** The alias that is pushed; by default the new release. */
  readonly alias?: string;
  /** What happens after so many minutes. */
  readonly acts?: Readonly<Record<number, readonly (Act | { readonly push: string })[]>>;
  readonly minutes: number;
  /** Causes that have to be met on the way, so that the scenario is known to be one. */
  readonly meets: readonly string[];
  readonly ends: 'replaced' | 'replacing' | 'no-nodes';
};

const pdb = { namespace: 'default', name: 'web', app: 'web-general', minAvailable: '100%' };
const four = [{ nodePool: 'general', count: 4, arch: 'x86_64' as const }];
const job = (doNotDisrupt: boolean) => [
  { namespace: 'batch', app: 'job', nodePool: 'general', replicas: 4, doNotDisrupt },
];

const scenarios: readonly Scenario[] = [
  { name: 'a plain rollout', minutes: 14, meets: [], ends: 'replaced' },
  {
    name: 'a budget that opens by schedule',
    manifests: {
      budgets: [
        { nodes: '2' },
        { nodes: '0', reasons: ['Drifted'], schedule: '0 12 * * *', duration: '6m' },
      ],
    },
    minutes: 20,
    meets: ['budget'],
    ends: 'replaced',
  },
  {
    name: 'a budget for another reason',
    manifests: { budgets: [{ nodes: '2' }, { nodes: '0', reasons: ['Underutilized'] }] },
    minutes: 14,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'a budget of none',
    manifests: { budgets: [{ nodes: '0' }] },
    minutes: 6,
    meets: ['budget'],
    ends: 'replacing',
  },
  {
    name: 'a PodDisruptionBudget that is opened on the way',
    options: { spec: { pdbs: [pdb] } },
    acts: { 0: [{ do: 'block-pdb' }], 6: [{ do: 'unblock-pdb' }] },
    minutes: 8,
    meets: ['pdb'],
    ends: 'replacing',
  },
  {
    name: 'pods that must not be disrupted',
    options: { spec: { pods: job(true) } },
    minutes: 6,
    meets: ['do-not-disrupt-pod'],
    ends: 'replacing',
  },
  {
    name: 'a 12-hour job with a grace period',
    options: { spec: { pods: job(true) } },
    manifests: { pool: '      terminationGracePeriod: 12h\n' },
    minutes: 8,
    meets: ['do-not-disrupt-pod', 'grace-period'],
    ends: 'replacing',
  },
  {
    name: 'instances that never join',
    acts: { 0: [{ do: 'launch-failures', how: 'never-registers' }] },
    minutes: 20,
    meets: ['not-registering'],
    ends: 'replacing',
  },
  {
    name: 'nodes that never become Ready',
    acts: { 0: [{ do: 'launch-failures', how: 'never-ready' }] },
    minutes: 14,
    meets: ['not-ready'],
    ends: 'replacing',
  },
  {
    name: 'no capacity, until there is',
    acts: {
      0: [{ do: 'launch-failures', how: 'no-capacity' }],
      6: [{ do: 'launch-failures', how: 'none' }],
    },
    minutes: 24,
    meets: ['capacity'],
    ends: 'replaced',
  },
  {
    name: 'an alias that resolves to nothing',
    alias: 'al2023@v19990101',
    minutes: 5,
    meets: ['no-image'],
    ends: 'replacing',
  },
  {
    name: 'a control plane that is upgraded on the way',
    acts: { 3: [{ do: 'upgrade-control-plane', to: '1.36' }] },
    minutes: 28,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'spot interruptions and a node that breaks',
    acts: {
      1: [{ do: 'interrupt-node' }],
      3: [{ do: 'kill-node' }],
      5: [{ do: 'degrade' }],
      9: [{ do: 'recover' }],
    },
    minutes: 20,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'consolidation and spot noise on the way',
    options: { nodes: [{ nodePool: 'general', count: 6, arch: 'x86_64' }] },
    acts: {
      1: [{ do: 'consolidate-node' }],
      2: [{ do: 'interrupt-node' }],
      4: [{ do: 'consolidate-node' }, { do: 'add-node', nodePool: 'general' }],
      7: [{ do: 'interrupt-node' }],
    },
    minutes: 26,
    meets: [],
    ends: 'replaced',
  },
  {
    name: 'two architectures under one class',
    options: {
      nodes: [
        { nodePool: 'general', count: 2, arch: 'x86_64' },
        { nodePool: 'general', count: 2, arch: 'arm64' },
      ],
    },
    minutes: 16,
    meets: [],
    ends: 'replaced',
  },
  { name: 'no nodes at all', options: { nodes: [] }, minutes: 3, meets: [], ends: 'no-nodes' },
  {
    name: 'a pin moved by hand on the way',
    acts: { 4: [{ push: 'al2023@v20260728' }] },
    minutes: 10,
    meets: [],
    ends: 'replacing',
  },
];

test.each(scenarios)(
  '$name: counts and blockers are the simulation’s own, at every step',
  async ({
    options = {},
    manifests: more = {},
    alias = newAlias,
    acts = {},
    minutes,
    meets,
    ends,
  }) => {
    const it = await observedWorld({ nodes: four, ...options, content: manifests(more) });
    world = it;
    await it.observe();
    it.git.push(manifests({ ...more, alias }));
    it.standIn.notifyPush('acme/gitops');
    const met = new Set<string>();
    let kind = '';
    for (let step = 0; step < 2 * minutes; step += 1) {
      for (const act of (step % 2 === 0 ? acts[step / 2] : undefined) ?? []) {
        if ('push' in act) {
          it.git.push(manifests({ ...more, alias: act.push }));
          it.standIn.notifyPush('acme/gitops');
        } else it.standIn.act(cluster, act);
      }
      await it.pass(30 * second);
      const wanted = wantedNow(it, newAlias);
      const at = `${(it.clock.now() - noon) / minute} min`;
      const truth = simulationTruth(it.standIn, cluster, { wanted, now: it.clock.now() });
      const seen = await seenCauses(it, wanted, truth);
      expect([at, seen.causes]).toEqual([at, truth.causes]);
      kind = seen.kind;
      for (const cause of seen.causes) met.add(cause);
      // never complete while anything runs another image
      if (truth.counts.total > truth.counts.replaced) expect(kind).not.toBe('replaced');
    }
    expect([...met]).toEqual(expect.arrayContaining([...meets]));
    expect(kind).toBe(ends);
  },
);

test('one of two repositories waits for review: half is done, and nothing is complete until it came too', async () => {
  const both = (alias: string, second: string) =>
    `${manifests({ alias })}---\n${manifests({ alias: second })
      .replace('name: default\nspec', 'name: second\nspec')
      .replace('name: general', 'name: second')
      .replace('kind: EC2NodeClass, name: default', 'kind: EC2NodeClass, name: second')}`;
  const of = (nodePool: string) => ({ nodePool, count: 3, arch: 'x86_64' as const });
  const it = await observedWorld({
    nodes: [of('general'), of('second')],
    content: both(oldAlias, oldAlias),
  });
  world = it;
  const wanted = wantedNow(it, newAlias);
  const pass = async (minutes: number) => {
    const kinds: string[] = [];
    for (let step = 0; step < 2 * minutes; step += 1) {
      await it.pass(30 * second);
      const { counts } = simulationTruth(it.standIn, cluster, { wanted, now: it.clock.now() });
      const view = await it.seen(({ nodeClaims }) =>
        isDeepStrictEqual(progressOf(nodeClaims, wanted).counts, counts),
      );
      const progress = progressOf(view.nodeClaims, wanted);
      kinds.push(progress.kind);
      if (counts.replaced < counts.total) expect(progress.kind).toBe('replacing');
    }
    return kinds.at(-1);
  };
  await it.observe();
  it.git.push(both(newAlias, oldAlias));
  it.standIn.notifyPush('acme/gitops');
  expect(await pass(16)).toBe('replacing');
  const { nodeClaims } = await it.observe();
  const standing = (nodePool: string) =>
    progressOf(
      nodeClaims.filter((claim) => claim.nodePool === nodePool),
      wanted,
    ).kind;
  expect([standing('general'), standing('second')]).toEqual(['replaced', 'replacing']);
  // nobody reviewed the other one: its nodes do not even drift
  expect(nodeClaims.filter(({ drifted }) => drifted)).toEqual([]);
  it.git.push(both(newAlias, newAlias));
  it.standIn.notifyPush('acme/gitops');
  expect(await pass(16)).toBe('replaced');
});

/** The approved release's ids for the control plane as it is now. */
function wantedNow({ standIn }: ObservedWorld, alias: string): ReadonlySet<string> {
  const kubernetes = standIn.state()[cluster]?.kubernetes ?? '';
  const [, version = ''] = alias.split('@');
  return new Set([imageOf(version, 'amd64', kubernetes), imageOf(version, 'arm64', kubernetes)]);
}

/** What the adapter and the pure core make of it, once what is under way over the loopback interface has arrived. */
async function seenCauses(
  it: ObservedWorld,
  wanted: ReadonlySet<string>,
  truth: ReturnType<typeof simulationTruth>,
) {
  let causes: readonly string[] = [];
  let kind = '';
  for (let turn = 0; turn < 10; turn += 1) {
    const view = await it.seen(({ nodeClaims }) =>
      isDeepStrictEqual(progressOf(nodeClaims, wanted).counts, truth.counts),
    );
    kind = progressOf(view.nodeClaims, wanted).kind;
    const names = view.nodeClaims.flatMap(({ nodeName }) => nodeName ?? []);
    const { surroundings, notChecked } = await it.clusters.surroundings(cluster, names);
    expect(notChecked).toEqual([]);
    const blockers = blockersOf(view, {
      wanted: new Map([['default', wanted]]),
      surroundings,
      now: it.clock.now(),
    });
    causes = [...new Set(blockers.map(({ cause }) => cause))].sort();
    if (isDeepStrictEqual(causes, truth.causes)) break;
  }
  return { causes, kind };
}
