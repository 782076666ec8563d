import { afterEach } from 'vitest';
import { type AwsStandIn, startAwsStandIn } from '../../../src/sandbox/aws/aws-stand-in.ts';
import { Faults } from '../../../src/sandbox/faults.ts';
import type { Clock, Instant } from '../../../src/shared/time.ts';

export const noon = Date.parse('2026-07-15T12:00:00Z');

/** A clock that stands still; sleeping moves it, and takes no time. */
export function handClock(start: Instant = noon): Clock & { advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    advance(ms) {
      now += ms;
    },
  };
}

const running: AwsStandIn[] = [];

/** A stand-in that is closed after the test. */
export async function startForTest(
  options: Partial<Parameters<typeof startAwsStandIn>[0]> = {},
): Promise<{
  aws: AwsStandIn;
  clock: ReturnType<typeof handClock>;
  faults: Faults;
  /** What every client is made with; no retries, so that each answer is seen. */
  client: (region?: string) => {
    endpoint: string;
    region: string;
    credentials: AwsStandIn['credentials'];
    maxAttempts: number;
  };
}> {
  const clock = handClock();
  const faults = new Faults('aws');
  const aws = await startAwsStandIn({ clock, faults, ...options });
  running.push(aws);
  const { endpoint, credentials } = aws;
  const client = (region = 'eu-west-1') => ({ endpoint, region, credentials, maxAttempts: 1 });
  return { aws, clock, faults, client };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((aws) => aws.close()));
});

/** A plain AL2023 release on 1.35, for the tests that need any. */
export const july = {
  family: 'al2023',
  release: 'v20260714',
  minors: ['1.35'],
  architectures: ['x86_64', 'arm64'],
  variants: ['standard', 'nvidia', 'neuron'],
  regions: ['eu-west-1'],
} as const;

export const folder = '/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/standard';
