import { expect, test } from 'vitest';
import { AwsError } from '../../../src/adapters/aws/aws-error.ts';
import { createCapacity } from '../../../src/adapters/aws/capacity.ts';
import { startForTest } from '../../sandbox/aws/start-for-test.ts';

const region = 'eu-west-1';

async function start() {
  const { aws, clock, faults, client } = await startForTest();
  const { endpoint, credentials } = client();
  return { aws, clock, faults, capacity: createCapacity({ endpoint, credentials, clock }) };
}

test('tells how many addresses subnets have left; one that is not there is absent', async () => {
  const { aws, capacity } = await start();
  aws.putSubnet(region, 'subnet-0aa', { zone: 'eu-west-1a', free: 12 });
  expect(await capacity.subnets(region, ['subnet-0aa', 'subnet-0ff'])).toEqual([
    { id: 'subnet-0aa', zone: 'eu-west-1a', free: 12 },
  ]);
  expect(await capacity.subnets('us-east-1', ['subnet-0aa'])).toEqual([]);
});

test('asks for no more subnets than EC2 takes in one call', async () => {
  const { aws, capacity } = await start();
  aws.putSubnet(region, 'subnet-0', { zone: 'eu-west-1a', free: 12 });
  const ids = Array.from({ length: 250 }, (_, i) => `subnet-${i.toString(16)}`);
  expect(await capacity.subnets(region, ids)).toHaveLength(1);
});

test('tells what reservations have left, and fails as EC2 does for one that is not there', async () => {
  const { aws, capacity } = await start();
  const left = { instanceType: 'p5.48xlarge', zone: 'eu-west-1a', free: 1, total: 4 };
  aws.putReservation(region, 'cr-0aa', left);
  expect(await capacity.reservations(region, ['cr-0aa'])).toEqual([{ id: 'cr-0aa', ...left }]);
  await expect(capacity.reservations(region, ['cr-0aa', 'cr-0ff'])).rejects.toBeInstanceOf(
    AwsError,
  );
});

const onDemand = 'Standard/OnDemand';
const spot = 'Standard/Spot';

test('tells how many vCPU run now and how many may, of each kind in a region', async () => {
  const { aws, capacity } = await start();
  aws.putVcpu(region, onDemand, { running: [8, 480, 96], quota: 640 });
  aws.putVcpu(region, spot, { running: [32], quota: 64 });
  expect(await capacity.vcpu(region, [spot, onDemand])).toEqual([
    { kind: spot, region, running: 32, quota: 64 },
    { kind: onDemand, region, running: 96, quota: 640 },
  ]);
  expect(await capacity.vcpu('us-east-1', [onDemand])).toEqual([]);
});

test('a kind that nothing is published of, or whose quota is not shown to us, is absent', async () => {
  const { aws, capacity } = await start();
  aws.putVcpu(region, onDemand, { running: [96], quota: 640 });
  aws.putVcpu(region, spot, { running: [32], quota: 'Forbidden' });
  expect(await capacity.vcpu(region, [spot, onDemand, 'P/OnDemand'])).toEqual([
    { kind: onDemand, region, running: 96, quota: 640 },
  ]);
});

test('a kind that CloudWatch refuses keeps no other from being told; alone, it fails', async () => {
  const { aws, capacity } = await start();
  aws.putVcpu(region, onDemand, { running: [96], quota: 640 });
  aws.putVcpu(region, spot, { running: [32] });
  expect(await capacity.vcpu(region, [spot, onDemand])).toEqual([
    { kind: onDemand, region, running: 96, quota: 640 },
  ]);
  await expect(capacity.vcpu(region, [spot])).rejects.toBeInstanceOf(AwsError);
});

test('a throttled question about quotas is asked again', async () => {
  const { aws, faults, capacity } = await start();
  aws.putVcpu(region, onDemand, { running: [96], quota: 640 });
  faults.order({ service: 'aws', kind: 'rate-limited', match: 'GetMetricData', times: 2 });
  expect(await capacity.vcpu(region, [onDemand])).toHaveLength(1);
});

test('nobody is asked about no kind', async () => {
  const { aws, capacity } = await start();
  expect(await capacity.vcpu(region, [])).toEqual([]);
  expect(aws.requestCount('CloudWatch')).toBe(0);
});
