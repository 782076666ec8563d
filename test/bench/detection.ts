import { bottlerocketParameter } from '../../src/images/parameters.ts';
import { minute } from '../../src/shared/time.ts';
import type { BenchCluster } from './bench-fleet.ts';
import { oldBottlerocket, oldRelease } from './bench-fleet.ts';
import { startBenchService } from './bench-service.ts';
import { atMost, type Benchmark } from './benchmark.ts';

const regions = ['eu-west-1', 'us-east-1'];
const minors = ['1.31', '1.32', '1.33', '1.34', '1.35'];
/** Images an alias may stand for in one cluster. */
const slotsOfCluster = 5;

const twelveRegions = [
  'eu-west-1',
  'eu-west-2',
  'eu-central-1',
  'eu-north-1',
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ca-central-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
];

/** Images that the pins of `termsOf` stand for in one region, of all minors. */
const wideSlots = {
  al2023: minors.length * slotsOfCluster,
  // four behind the alias and FIPS for both architectures; with nvidia from 1.35 on
  bottlerocket: minors.length * (4 + 2) + 2,
};

/** Five pins: aliases of two families, by parameter an nvidia image of AL2023 and FIPS of Bottlerocket, an exact name. */
function termsOf(kubernetes: string, architecture: 'x86_64' | 'arm64'): readonly string[] {
  const nvidia = `amazon-eks-node-al2023-${architecture}-nvidia-${kubernetes}-${oldRelease}`;
  const fips = (variant: 'fips' | 'nvidia-fips') =>
    `ssmParameter: ${bottlerocketParameter({ kubernetes, variant, architecture }, oldBottlerocket, 'image_id')}`;
  return [
    `alias: al2023@${oldRelease}`,
    `alias: bottlerocket@v${oldBottlerocket}`,
    `ssmParameter: /aws/service/eks/optimized-ami/${kubernetes}/amazon-linux-2023/${architecture}/nvidia/${nvidia}/image_id`,
    fips('fips'),
    kubernetes === '1.35'
      ? fips('nvidia-fips')
      : `name: amazon-eks-node-al2023-${architecture}-standard-${kubernetes}-${oldRelease}`,
  ];
}

/** Requests of the very first detection over 1,000 clusters with five pins each. */
async function benchWideDetection(): Promise<readonly Benchmark[]> {
  const clusters = Array.from({ length: 1_000 }, (_, i): BenchCluster => {
    const region = twelveRegions[i % twelveRegions.length] ?? 'eu-west-1';
    const kubernetes = minors[i % minors.length] ?? '1.35';
    const terms = termsOf(kubernetes, Math.floor(i / 60) % 2 === 0 ? 'x86_64' : 'arm64');
    return {
      name: `c-${i}`,
      environment: i < 100 ? 'staging' : 'production',
      region,
      kubernetes,
      nodes: 0,
      files: terms.length,
      term: (file) => terms[file] ?? '',
    };
  });
  const service = await startBenchService(clusters);
  try {
    const { standIns } = service;
    standIns.aws.resetRequestCount();
    const found = await service.detect();
    if (found.pins !== 5_000) throw new Error(`${found.pins} pins were found instead of 5000`);
    const most = Math.max(
      ...twelveRegions.map((region) => standIns.aws.requestCount('SSM ', region)),
    );
    // What is recommended, and what the pinned release has: for every image one parameter of AL2023, two of Bottlerocket.
    const distinct = 2 * (wideSlots.al2023 + 2 * wideSlots.bottlerocket);
    return [
      atMost(
        'SSM requests, first look, 1,000 clusters, any of 12 regions',
        most,
        Math.ceil(distinct / 10),
      ),
    ];
  } finally {
    await service.close();
  }
}

/** Requests of detections: over 1,000 clusters that were never seen, and over 1,000 files that did not change. */
export async function benchDetection(): Promise<readonly Benchmark[]> {
  return [...(await benchWideDetection()), ...(await benchQuietDetection())];
}

/** Requests of one detection over 1,000 watched files when nothing changed since the one before. */
async function benchQuietDetection(): Promise<readonly Benchmark[]> {
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
