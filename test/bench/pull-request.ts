import { composeWorld } from '../../src/compose/world.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { silentLog } from '../../src/workflow/log.ts';
import { look } from '../../src/workflow/look.ts';
import type { World } from '../../src/workflow/world.ts';
import type { BenchCluster } from './bench-fleet.ts';
import { approval, type BenchService, startBenchService } from './bench-service.ts';
import { atMost, type Benchmark } from './benchmark.ts';

/** One cluster whose node classes all move in one pull request: 1,000 files with the other cluster's. */
const cluster: BenchCluster = {
  name: 'staging-eu-1',
  environment: 'staging',
  region: 'eu-west-1',
  kubernetes: '1.35',
  nodes: 1,
  files: 999,
};
const other: BenchCluster = { ...cluster, name: 'prod-eu-1', environment: 'production', files: 1 };

/** GitHub calls from the last approval to the pull request with its status, over 1,000 files. */
export async function benchPullRequest(): Promise<readonly Benchmark[]> {
  const known = await callsToPullRequest((service) => service.world);
  const fresh = await callsToPullRequest(newcomer);
  return [
    atMost('GitHub calls, approval to pull request, contents known', known, 7),
    atMost('GitHub calls, first sight of the repository', fresh, 12),
  ];
}

async function callsToPullRequest(by: (service: BenchService) => World): Promise<number> {
  const service = await startBenchService([cluster, other]);
  try {
    const { standIns, time, latest } = service;
    const { rollout: id } = await service.detect();
    if (id === undefined) throw new Error('no rollout was opened');
    await lookAt(service.world, id);
    await service.press(approval(service, id, 'staging', 'U0BO'));
    void time.clock.sleep(minute);
    const before = time.clock.now();
    await time.pass(() => time.clock.now() > before, latest);
    const asked = standIns.github.requests().length;
    await lookAt(by(service), id);
    const calls = standIns.github.requests().slice(asked);
    const status = calls.findIndex(({ path }) => path.includes('/statuses/'));
    if (status === -1) throw new Error(`no status was set: ${JSON.stringify(calls)}`);
    return status + 1;
  } finally {
    await service.close();
  }
}

/** Another replica that has never seen the repository. */
function newcomer({ standIns, world }: BenchService): World {
  const { github, pins } = composeWorld(standIns.config, {
    clock: world.clock,
    log: silentLog,
    store: { ...world.store, rollouts: neverUsed(), inbox: neverUsed() },
    slack: neverUsed(),
    people: world.people,
    clusters: world.clusters,
    nodes: neverUsed(),
  });
  return { ...world, github, pins };
}

function neverUsed<Port extends object>(): Port {
  return new Proxy({} as Port, {
    get() {
      throw new Error('not used here');
    },
  });
}

async function lookAt(world: World, id: RolloutId): Promise<void> {
  await world.journal.refresh(id);
  await look(world, id, { analyse() {}, changed() {} });
}
