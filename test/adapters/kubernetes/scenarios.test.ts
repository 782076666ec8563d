import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { minute, second } from '../../../src/shared/time.ts';
import { blockersOf } from '../../../src/tracking/blockers-of.ts';
import { progressOf } from '../../../src/tracking/progress.ts';
import { isStale } from '../../../src/workflow/wave-progress.ts';
import {
  cluster,
  imageOf,
  manifests,
  newAlias,
  noon,
  oldAlias,
} from '../../sandbox/kubernetes/start-for-test.ts';
import { type ObservedWorld, observedWorld } from './observed-world.ts';
import { scenarios } from './scenario-table.ts';
import { blockerKey, simulationTruth, type Truth } from './simulation-truth.ts';

// minutes of clusters take seconds; beside others they take more
const timeout = 60_000;

let world: ObservedWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

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
    const it = await observedWorld({
      nodes: [{ nodePool: 'general', count: 4, arch: 'x86_64' }],
      ...options,
      content: manifests(more),
    });
    world = it;
    await it.observe();
    it.git.push(manifests({ ...more, alias }));
    it.standIn.notifyPush('acme/gitops');
    const met = new Set<string>();
    let kind = '';
    /** Since when the cluster cannot be reached, and what was true then. */
    let away: { readonly since: number; readonly counts: Truth['counts'] } | undefined;
    for (let step = 0; step < 2 * minutes; step += 1) {
      const now = () => it.clock.now();
      const truthNow = () =>
        simulationTruth(it.standIn, cluster, { wanted: wantedNow(it, newAlias), now: now() });
      for (const act of (step % 2 === 0 ? acts[step / 2] : undefined) ?? []) {
        if ('push' in act) {
          it.git.push(manifests({ ...more, alias: act.push }));
          it.standIn.notifyPush('acme/gitops');
        } else if ('run' in act) await act.run(it);
        else if ('line' in act) {
          it.line?.[act.line]();
          away = act.line === 'cut' ? { since: now(), counts: truthNow().counts } : undefined;
          // it comes back at its own pace
          if (away === undefined) await it.eventually(({ observedAt }) => observedAt === now());
        } else it.standIn.act(cluster, act);
      }
      await it.pass(30 * second);
      const wanted = wantedNow(it, newAlias);
      const at = `${(now() - noon) / minute} min`;
      const truth = truthNow();
      if (away !== undefined) {
        // what was seen last is shown as of then, and is stale as soon as it could be another
        const view = await it.observe();
        expect(view.observedAt).toBeLessThanOrEqual(away.since);
        expect(progressOf(view.nodeClaims, wanted).counts).toEqual(away.counts);
        if (now() - away.since > 3 * minute) expect(isStale(view.observedAt, now())).toBe(true);
        continue;
      }
      const seen = await seenBlockers(it, wanted, truth);
      expect([at, seen.counts]).toEqual([at, truth.counts]);
      expect([at, seen.blockers]).toEqual([at, truth.blockers]);
      kind = seen.kind;
      for (const blocker of seen.blockers) met.add(blocker.replace(/ .*/s, ''));
      // never complete while anything runs another image
      if (truth.counts.total > truth.counts.replaced) expect(kind).not.toBe('replaced');
    }
    expect([...met]).toEqual(expect.arrayContaining([...meets]));
    expect(kind).toBe(ends);
  },
  timeout,
);

test(
  'one of two repositories waits for review: half is done, and nothing is complete until it came too',
  async () => {
    const platform = (alias: string) =>
      manifests({ alias })
        .replace('name: default\nspec', 'name: second\nspec')
        .replace('name: general', 'name: second')
        .replace('kind: EC2NodeClass, name: default', 'kind: EC2NodeClass, name: second');
    const of = (nodePool: string) => ({ nodePool, count: 3, arch: 'x86_64' as const });
    const it = await observedWorld({
      nodes: [of('general'), of('second')],
      content: manifests({ alias: oldAlias }),
      beside: platform(oldAlias),
    });
    world = it;
    const wanted = wantedNow(it, newAlias);
    const pass = async (minutes: number) => {
      const kinds: string[] = [];
      for (let step = 0; step < 2 * minutes; step += 1) {
        await it.pass(30 * second);
        const truth = simulationTruth(it.standIn, cluster, { wanted, now: it.clock.now() });
        const seen = await seenBlockers(it, wanted, truth);
        expect(seen.counts).toEqual(truth.counts);
        expect(seen.blockers).toEqual(truth.blockers);
        kinds.push(seen.kind);
        if (truth.counts.replaced < truth.counts.total) expect(seen.kind).toBe('replacing');
      }
      return kinds.at(-1);
    };
    await it.observe();
    it.git.push(manifests({ alias: newAlias }));
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
    it.pushBeside(platform(newAlias));
    expect(await pass(16)).toBe('replaced');
  },
  timeout,
);

/** The approved release's ids for the control plane as it is now. */
function wantedNow({ standIn }: ObservedWorld, alias: string): ReadonlySet<string> {
  const kubernetes = standIn.state()[cluster]?.kubernetes ?? '';
  const [, version = ''] = alias.split('@');
  return new Set([imageOf(version, 'amd64', kubernetes), imageOf(version, 'arm64', kubernetes)]);
}

/** What the adapter and the pure core make of it, once what is under way over the loopback interface has arrived. */
async function seenBlockers(it: ObservedWorld, wanted: ReadonlySet<string>, truth: Truth) {
  for (let turn = 1; ; turn += 1) {
    const view = await it.seen(({ nodeClaims }) =>
      isDeepStrictEqual(progressOf(nodeClaims, wanted).counts, truth.counts),
    );
    const { kind, counts } = progressOf(view.nodeClaims, wanted);
    const names = view.nodeClaims.flatMap(({ nodeName }) => nodeName ?? []);
    const { surroundings, notChecked } = await it.clusters.surroundings(cluster, names);
    expect(notChecked).toEqual([]);
    const found = blockersOf(view, {
      wanted: new Map(view.nodeClasses.map(({ name }) => [name, wanted])),
      surroundings,
      now: it.clock.now(),
    });
    const blockers = [...new Set(found.map(blockerKey))].sort();
    if (turn === 10 || isDeepStrictEqual(blockers, truth.blockers))
      return { counts, kind, blockers };
  }
}
