import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createClusters } from '../../../src/adapters/kubernetes/create-clusters.ts';
import { minute, second } from '../../../src/shared/time.ts';
import { progressOf } from '../../../src/tracking/progress.ts';
import type { ClusterView } from '../../../src/tracking/types.ts';
import {
  cluster,
  manifests,
  newAlias,
  newImages,
  settled,
  startForTest,
} from '../../sandbox/kubernetes/start-for-test.ts';

type World = Awaited<ReturnType<typeof startForTest>>;

/** @param skewMs by how much our clock is ahead of the cluster's. */
function observer({ standIn, clock }: World, skewMs = 0) {
  const set = { token: standIn.token(cluster) };
  const clusters = createClusters({
    clusters: [
      {
        name: cluster,
        connection: {
          kind: 'server',
          server: standIn.serverUrl(cluster),
          token: async () => set.token,
        },
      },
    ],
    clock: { ...clock, now: () => clock.now() + skewMs },
    random: () => 0.5,
  });
  onTestFinished(() => clusters.close());
  return { clusters, set, look: () => clusters.observe(cluster).catch(() => undefined) };
}

function rows(view: ClusterView | undefined): readonly string[] {
  return (view?.nodeClaims ?? []).map(({ name, imageId = '-' }) => `${name} ${imageId}`).sort();
}

function truth({ nodes }: World): readonly string[] {
  return nodes()
    .map(({ name, imageId = '-' }) => `${name} ${imageId}`)
    .sort();
}

/** Lets time pass until what is seen is what is; the age of what is seen is never hidden on the way. */
async function converged(
  world: World,
  look: () => Promise<ClusterView | undefined>,
): Promise<ClusterView> {
  for (let turn = 0; turn < 200; turn += 1) {
    const view = await look();
    if (view !== undefined && isDeepStrictEqual(rows(view), truth(world))) return view;
    await world.pass(second, second);
  }
  throw new Error('what is seen never came to what is');
}

function moves({ git, standIn }: World): void {
  git.push(manifests({ alias: newAlias }));
  standIn.notifyPush('acme/gitops');
}

/** What is shown says how old it is: whatever differs from the truth was true at `observedAt`. */
function expectAged(world: World, view: ClusterView | undefined, sinceMs: number): void {
  if (view === undefined) return;
  expect(view.observedAt).toBeLessThanOrEqual(sinceMs);
  expect(world.clock.now() - view.observedAt).toBeGreaterThan(3 * minute);
}

test('a token that expires shows as age, and a new one brings the numbers back', async () => {
  const world = await startForTest();
  onTestFinished(() => world.standIn.close());
  const { look, set } = observer(world);
  await converged(world, look);
  const since = world.clock.now();
  const good = set.token;
  set.token = 'expired';
  world.faults.order({ service: 'kubernetes', kind: 'cut-watch', match: 'WATCH', times: 4 });
  moves(world);
  for (let turn = 0; turn < 8; turn += 1) {
    await world.pass(30 * second);
    await look();
  }
  expectAged(world, await look(), since + 5 * second);
  set.token = good;
  await world.pass(10 * minute);
  const view = await converged(world, look);
  expect(world.clock.now() - view.observedAt).toBeLessThan(minute);
  expect(progressOf(view.nodeClaims, newImages).counts.replaced).toBeGreaterThan(0);
});

test('an API server that is away for ten minutes and restarts: old numbers keep their age, then all is true', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'api-server-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const before = await startForTest({ dataDir });
  const { look } = observer(before);
  await converged(before, look);
  const since = before.clock.now();
  const port = Number(new URL(before.standIn.url).port);
  await before.standIn.close();
  for (let turn = 0; turn < 20; turn += 1) {
    before.clock.advance(30 * second);
    await settled();
    const view = await look();
    // nobody answers: what was seen is shown as of then, and nothing newer is claimed
    expect(view?.observedAt ?? since).toBeLessThanOrEqual(since);
  }
  const world = await startForTest({ dataDir, port, clock: before.clock });
  onTestFinished(() => world.standIn.close());
  const after = { ...world, clock: before.clock };
  world.git.push(manifests({ alias: newAlias }));
  world.standIn.act(cluster, { do: 'add-node', nodePool: 'general' });
  const pass = async (ms: number, stepMs = 5 * second) => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      before.clock.advance(Math.min(stepMs, ms - passed));
      world.standIn.tick();
    }
    await settled();
  };
  const view = await converged({ ...after, pass }, look);
  expect(view.nodeClaims).toHaveLength(5);
  expect(before.clock.now() - view.observedAt).toBeLessThan(minute);
});

test.each([
  { whose: 'ours is five minutes ahead', skewMs: 5 * minute },
  { whose: 'ours is five minutes behind', skewMs: -5 * minute },
])('clocks that differ ($whose) change no number and no age', async ({ skewMs }) => {
  const world = await startForTest();
  onTestFinished(() => world.standIn.close());
  const { look } = observer(world, skewMs);
  moves(world);
  for (let turn = 0; turn < 30; turn += 1) {
    await world.pass(30 * second);
    const view = await converged(world, look);
    // by our own clock, whatever the cluster's says
    expect(world.clock.now() + skewMs - view.observedAt).toBeLessThanOrEqual(2 * minute);
    expect(world.clock.now() + skewMs - view.observedAt).toBeGreaterThanOrEqual(0);
  }
  expect(progressOf((await converged(world, look)).nodeClaims, newImages).kind).toBe('replaced');
});
