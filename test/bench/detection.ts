import { minute } from '../../src/shared/time.ts';
import type { BenchCluster } from './bench-fleet.ts';
import { startBenchService } from './bench-service.ts';
import { atMost, type Benchmark } from './benchmark.ts';

const regions = ['eu-west-1', 'us-east-1'];
const minors = ['1.31', '1.32', '1.33', '1.34', '1.35'];
/** Images an alias may stand for in one cluster. */
const slotsOfCluster = 5;

/** Requests of one detection over 1,000 watched files when nothing changed since the one before. */
export async function benchDetection(): Promise<readonly Benchmark[]> {
  const clusters = regions.flatMap((region) =>
    minors.map(
      (kubernetes): BenchCluster => ({
        name: `${region}-${kubernetes.replace('.', '-')}`,
        environment: kubernetes === '1.31' ? 'staging' : 'production',
        region,
        kubernetes,
        nodes: 1,
        files: 100,
      }),
    ),
  );
  const service = await startBenchService(clusters);
  try {
    const { standIns, time, latest } = service;
    const first = await service.detect();
    if (first.pins !== 1_000) throw new Error(`${first.pins} pins were found instead of 1000`);
    void time.clock.sleep(15 * minute);
    const before = time.clock.now();
    await time.pass(() => time.clock.now() > before, latest);
    standIns.aws.resetRequestCount();
    const asked = standIns.github.requests().length;
    await service.detect();
    const bound = Math.ceil((minors.length * slotsOfCluster) / 10);
    const requests = standIns.github.requests().slice(asked);
    const conditional = requests.every(({ status }) => status === 304);
    return [
      ...regions.map((region) =>
        atMost(
          `SSM requests, nothing changed, ${region}`,
          standIns.aws.requestCount('SSM ', region),
          bound,
        ),
      ),
      {
        ...atMost('GitHub requests, nothing changed', requests.length, 1),
        ok: requests.length <= 1 && conditional,
      },
    ];
  } finally {
    await service.close();
  }
}
